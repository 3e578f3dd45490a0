import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { ResourceQuery, Store } from '../contract.ts'
import {
  accept,
  commit,
  commitOf,
  draftOf,
  MRN,
  NHS_NUMBER,
  NURSE,
  patientDraft,
  set,
  unique,
  VISIT,
  visitDraft,
} from '../testing/samples.ts'
import { onEveryStore, START_MS } from '../testing/stores.ts'

const viewOf = (store: Store) => store.view(NURSE, 'direct-care')

const search = async (store: Store, query: Omit<ResourceQuery, 'countMax'>, countMax = 50) =>
  (await viewOf(store).search({ ...query, countMax })).map((one) => one.id)

/** Ann has two identifiers, Bob one that has no system and Ann's value under another. */
async function filled(store: Store) {
  const write = async (drafts: Parameters<typeof commit>[1][], newIds: readonly string[]) =>
    await store.write('commitMessage', commitOf(await accept(store), { drafts, newIds }))
  const bobs = [{ system: NHS_NUMBER, value: '7' }, { value: 'badge-9' }]
  await write(
    [patientDraft({ mrn: '7', nhsNumber: '9000000009' }), visitDraft('v1'), visitDraft2('v2')],
    ['ann', 'visit-1', 'visit-2'],
  )
  await write(
    [
      patientDraft({ mrn: '8', slots: [{ path: 'identifier', mode: 'union', value: bobs }] }),
      visitDraft('v3'),
      draftOf('AllergyIntolerance', {
        ifUnidentified: 'create',
        slots: [set('patient', { reference: 'urn:draft:patient' })],
      }),
      draftOf('Bundle', {
        ifUnidentified: 'create',
        slots: [set('identifier', { system: MRN, value: '7' })],
      }),
    ],
    ['bob', 'visit-3', 'allergy', 'bundle'],
  )
}

const visitDraft2 = (number: string) => ({ ...visitDraft(number), name: 'second' })

onEveryStore('a search for resources', ({ shared }) => {
  let made: Promise<void> | undefined
  const prepared = async (): Promise<Store> => {
    const { store } = await shared()
    made ??= filled(store)
    await made
    return store
  }

  const ann = { system: MRN, value: '7' }
  const bob = { system: MRN, value: '8' }
  const rows: readonly (readonly [
    what: string,
    query: Omit<ResourceQuery, 'countMax'>,
    found: readonly string[],
  ])[] = [
    ['all of a type', { type: 'Patient' }, ['ann', 'bob']],
    ['nothing of a type that nobody sent', { type: 'Medication' }, []],
    ['an identifier under its system', { type: 'Patient', identifier: [[ann]] }, ['ann']],
    [
      'a value under any system',
      { type: 'Patient', identifier: [[{ value: '7' }]] },
      ['ann', 'bob'],
    ],
    [
      'a value without system',
      { type: 'Patient', identifier: [[{ system: '', value: 'badge-9' }]] },
      ['bob'],
    ],
    [
      'no value that has a system, when none is asked for',
      { type: 'Patient', identifier: [[{ system: '', value: '7' }]] },
      [],
    ],
    [
      'nothing under another system',
      { type: 'Patient', identifier: [[{ system: VISIT, value: '7' }]] },
      [],
    ],
    ['any identifier of a row', { type: 'Patient', identifier: [[ann, bob]] }, ['ann', 'bob']],
    [
      'what fits every row',
      { type: 'Patient', identifier: [[ann, bob], [{ value: '9000000009' }]] },
      ['ann'],
    ],
    ['nothing when one row fits nothing', { type: 'Patient', identifier: [[ann], [bob]] }, []],
    ['everything when there is no row', { type: 'Patient', identifier: [] }, ['ann', 'bob']],
    ['nothing for a row without identifiers', { type: 'Patient', identifier: [[ann], []] }, []],
    [
      'a single identifier where the type has no list',
      { type: 'Bundle', identifier: [[ann]] },
      ['bundle'],
    ],
    ['ids', { type: 'Patient', id: ['bob', 'nobody', 'ann'] }, ['ann', 'bob']],
    ['nothing for no ids', { type: 'Patient', id: [] }, []],
    ['ids of that type only', { type: 'Patient', id: ['visit-1'] }, []],
    ['what is about a patient', { type: 'Encounter', patient: ['ann'] }, ['visit-1', 'visit-2']],
    [
      'what is about any of the patients',
      { type: 'Encounter', patient: ['ann', 'bob'] },
      ['visit-1', 'visit-2', 'visit-3'],
    ],
    [
      'what is about a patient by another member',
      { type: 'AllergyIntolerance', patient: ['bob'] },
      ['allergy'],
    ],
    ['nothing for no patients', { type: 'Encounter', patient: [] }, []],
    [
      'what fits all together',
      {
        type: 'Encounter',
        patient: ['ann'],
        identifier: [[{ system: VISIT, value: 'v2' }]],
        id: ['visit-2', 'visit-3'],
      },
      ['visit-2'],
    ],
    ['what comes after an id', { type: 'Encounter', afterId: 'visit-1' }, ['visit-2', 'visit-3']],
  ]
  describe('finds', () => {
    for (const [what, query, found] of rows) {
      test(what, async () => {
        assert.deepEqual(await search(await prepared(), query), found)
      })
    }
  })

  test('gives page after page without a gap or a repeat', async () => {
    const store = await prepared()
    const found: string[] = []
    for (;;) {
      const page = await search(store, { type: 'Encounter', afterId: found.at(-1) }, 2)
      found.push(...page)
      if (page.length < 2) break
    }
    assert.deepEqual(found, ['visit-1', 'visit-2', 'visit-3'])
  })

  test('follows an identifier or patient that a resource gains or loses', async () => {
    const { store } = await shared()
    const [mrn, visit] = [unique('M'), unique('V')]
    const { resources } = await commit(store, patientDraft({ mrn }), visitDraft(visit))
    const [patient, encounter] = resources
    const identifiers = (value: readonly object[]) =>
      patientDraft({ mrn, slots: [set('identifier', value)] })
    const [own, extra] = [
      { system: MRN, value: mrn },
      { system: VISIT, value: unique('X') },
    ]
    await commit(store, identifiers([own, extra]))
    assert.deepEqual(await search(store, { type: 'Patient', identifier: [[extra]] }), [patient!.id])
    await commit(store, identifiers([own]))
    assert.deepEqual(await search(store, { type: 'Patient', identifier: [[extra]] }), [])
    assert.deepEqual(await search(store, { type: 'Patient', identifier: [[own]] }), [patient!.id])
    assert.deepEqual(await search(store, { type: 'Encounter', patient: [patient!.id] }), [
      encounter!.id,
    ])
  })
})

onEveryStore('a resource', ({ shared }) => {
  test('is given out with id, version and time of the store, whatever a draft says', async () => {
    const { store } = await shared()
    const mrn = unique('M')
    const meta = { profile: ['https://example.org/p'], versionId: '99', lastUpdated: '1999-01-01' }
    const draft = patientDraft({ mrn, slots: [set('id', 'forged'), set('meta', meta)] })
    const { resources } = await commit(store, draft)
    const { id } = resources[0]!
    const found = await viewOf(store).resource('Patient', id)
    assert.deepEqual(found, {
      type: 'Patient',
      id,
      version: 1,
      updatedAtMs: START_MS,
      resource: {
        resourceType: 'Patient',
        id,
        meta: {
          profile: ['https://example.org/p'],
          versionId: '1',
          lastUpdated: '2026-01-01T00:00:00.000Z',
        },
        identifier: [{ system: MRN, value: mrn }],
      },
    })
  })

  test('is read in each version, the current and the earlier', async () => {
    const { store } = await shared()
    const mrn = unique('M')
    const made = await commit(store, patientDraft({ mrn, slots: [set('gender', 'male')] }))
    const { id } = made.resources[0]!
    const message = await accept(store)
    const drafts = [patientDraft({ mrn, slots: [set('gender', 'female')] })]
    await store.write('commitMessage', commitOf(message, { drafts, atMs: START_MS + 1_000 }))
    const view = viewOf(store)
    const versions = [
      await view.resourceVersion('Patient', id, 1),
      await view.resourceVersion('Patient', id, 2),
    ]
    assert.deepEqual(
      versions.map((one) => [
        one?.version,
        one?.updatedAtMs,
        one?.resource.resourceType === 'Patient' && one.resource.gender,
      ]),
      [
        [1, START_MS, 'male'],
        [2, START_MS + 1_000, 'female'],
      ],
    )
    for (const version of [0, 3, -1]) {
      assert.equal(await view.resourceVersion('Patient', id, version), undefined)
    }
    assert.equal(await view.resourceVersion('Encounter', id, 1), undefined)
    assert.equal(await view.resource('Encounter', id), undefined)
    assert.equal(await view.resourceVersion('Patient', 'nobody', 1), undefined)
  })
})
