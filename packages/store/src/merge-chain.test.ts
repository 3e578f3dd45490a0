import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Store } from './contract.ts'
import {
  accept,
  commit,
  commitOf,
  draftOf,
  MRN,
  mergeDrafts,
  patientDraft,
  patientsBy,
  readPatient,
  set,
  unique,
} from './testing/samples.ts'
import { onEveryStore } from './testing/stores.ts'

/** New patients, one for each number that comes back. */
async function newPatients(store: Store, count: number) {
  const made = []
  for (let at = 0; at < count; at += 1) {
    const mrn = unique('M')
    const { resources } = await commit(store, patientDraft({ mrn }))
    made.push({ mrn, id: resources[0]!.id })
  }
  return made
}

/** Id of the patient to whom a message under this number goes. */
const meantBy = async (store: Store, mrn: string): Promise<string | undefined> =>
  (await commit(store, patientDraft({ mrn }))).resources[0]?.id

onEveryStore('a merge of patients', ({ shared }) => {
  test('makes one inactive and links the two', async () => {
    const { store } = await shared()
    const [stays, goes] = await newPatients(store, 2)
    await commit(store, ...mergeDrafts(stays!.mrn, goes!.mrn))
    const [survivor, prior] = [
      await readPatient(store, stays!.id),
      await readPatient(store, goes!.id),
    ]
    assert.deepEqual([survivor.active, prior.active], [undefined, false])
    assert.deepEqual(survivor.link, [
      { other: { reference: `Patient/${goes!.id}` }, type: 'replaces' },
    ])
    assert.deepEqual(prior.link, [
      { other: { reference: `Patient/${stays!.id}` }, type: 'replaced-by' },
    ])
  })

  test('sends later messages under the old number to the patient that stayed', async () => {
    const { store } = await shared()
    const [stays, goes] = await newPatients(store, 2)
    await commit(store, ...mergeDrafts(stays!.mrn, goes!.mrn))
    const draft = patientDraft({ mrn: goes!.mrn, slots: [set('gender', 'male')] })
    const { resources } = await commit(store, draft)
    assert.equal(resources[0]?.id, stays!.id)
    assert.equal((await readPatient(store, stays!.id)).gender, 'male')
    assert.equal((await readPatient(store, goes!.id)).gender, undefined)
  })

  test('keeps an old number that nobody has used before, and sends it on too', async () => {
    const { store } = await shared()
    const [stays] = await newPatients(store, 1)
    const goes = unique('M')
    const { resources } = await commit(store, ...mergeDrafts(stays!.mrn, goes))
    assert.deepEqual(
      resources.map((one) => one.change),
      ['updated', 'created'],
    )
    assert.equal(await meantBy(store, goes), stays!.id)
  })

  test('makes the patient that stays when nobody has seen it before', async () => {
    const { store } = await shared()
    const [goes] = await newPatients(store, 1)
    const stays = unique('M')
    const { resources } = await commit(store, ...mergeDrafts(stays, goes!.mrn))
    assert.equal(await meantBy(store, goes!.mrn), resources[0]?.id)
  })

  test('changes nothing when it comes again', async () => {
    const { store } = await shared()
    const [stays, goes] = await newPatients(store, 2)
    await commit(store, ...mergeDrafts(stays!.mrn, goes!.mrn))
    // Since then the survivor carries the old number too.
    await meantBy(store, goes!.mrn)
    const { resources } = await commit(store, ...mergeDrafts(stays!.mrn, goes!.mrn))
    assert.deepEqual(
      resources.map((one) => [one.id, one.change]),
      [
        [stays!.id, 'unchanged'],
        [goes!.id, 'unchanged'],
      ],
    )
  })

  // In whichever order the drafts stand, and whoever is meant by which number.
  for (const [how, drafts] of [
    ['of a number into itself', (one: string) => mergeDrafts(one, one)],
    ['with the old number first', (one: string) => mergeDrafts(one, one).toReversed()],
    ['the other way round', (one: string, other: string) => mergeDrafts(other, one)],
  ] as const) {
    test(`changes nothing when a patient is merged into itself: ${how}`, async () => {
      const { store } = await shared()
      const [stays, goes] = await newPatients(store, 2)
      await commit(store, ...mergeDrafts(stays!.mrn, goes!.mrn))
      await meantBy(store, goes!.mrn)
      const before = await readPatient(store, stays!.id)
      const { resources } = await commit(store, ...drafts(stays!.mrn, goes!.mrn))
      assert.deepEqual(
        resources.map((one) => one.change),
        ['unchanged'],
      )
      assert.deepEqual(await readPatient(store, stays!.id), before)
    })
  }

  test('follows a chain of merges to its end', async () => {
    const { store } = await shared()
    const [a, b, c] = await newPatients(store, 3)
    await commit(store, ...mergeDrafts(b!.mrn, a!.mrn))
    await commit(store, ...mergeDrafts(c!.mrn, b!.mrn))
    assert.deepEqual(
      [await meantBy(store, a!.mrn), await meantBy(store, b!.mrn), await meantBy(store, c!.mrn)],
      [c!.id, c!.id, c!.id],
    )
  })

  test('finds the first of a chain as the one that a merge names, though others carry its number', async () => {
    const { store } = await shared()
    const [a, b, c] = await newPatients(store, 3)
    await commit(store, ...mergeDrafts(b!.mrn, a!.mrn))
    await meantBy(store, a!.mrn)
    await commit(store, ...mergeDrafts(c!.mrn, b!.mrn))
    await meantBy(store, a!.mrn)
    assert.equal((await patientsBy(store, a!.mrn)).length, 3)
    const { resources } = await commit(store, ...mergeDrafts(c!.mrn, a!.mrn))
    assert.deepEqual(
      resources.map((one) => one.id),
      [c!.id, a!.id],
    )
  })

  test('stops at a patient that was merged into someone else', async () => {
    const { store } = await shared()
    const [first, second, goes] = await newPatients(store, 3)
    await commit(store, ...mergeDrafts(first!.mrn, goes!.mrn))
    const message = await accept(store)
    const before = await store.counts()
    await assert.rejects(
      store.write(
        'commitMessage',
        commitOf(message, { drafts: mergeDrafts(second!.mrn, goes!.mrn) }),
      ),
      { code: 'STORE_IDENTITY_CONFLICT', message: /merged into another patient before/ },
    )
    assert.deepEqual(await store.counts(), before)
    // Once the two survivors are one, it is no contradiction any more.
    await commit(store, ...mergeDrafts(second!.mrn, first!.mrn))
    await commit(store, ...mergeDrafts(second!.mrn, goes!.mrn))
    assert.equal(await meantBy(store, goes!.mrn), second!.id)
  })

  test('stops when the old number is of two patients who were never merged', async () => {
    const { store } = await shared()
    const [stays, one, other] = await newPatients(store, 3)
    const alias = unique('M')
    for (const { mrn } of [one!, other!]) {
      const value = [{ system: MRN, value: alias }]
      await commit(
        store,
        patientDraft({ mrn, slots: [{ path: 'identifier', mode: 'union', value }] }),
      )
    }
    const message = await accept(store)
    await assert.rejects(
      store.write('commitMessage', commitOf(message, { drafts: mergeDrafts(stays!.mrn, alias) })),
      { code: 'STORE_IDENTITY_AMBIGUOUS' },
    )
  })

  test('stops at a chain without end', async () => {
    const { store } = await shared()
    const patients = await newPatients(store, 18)
    // Written one by one as no merge would: each is found itself, as in a merge.
    for (const [at, { mrn }] of patients.entries()) {
      const next = patients[(at + 1) % patients.length]!
      const link = [{ other: { reference: `Patient/${next.id}` }, type: 'replaced-by' }]
      await commit(store, patientDraft({ mrn, follow: 'exact', slots: [set('link', link)] }))
    }
    const message = await accept(store)
    await assert.rejects(
      store.write(
        'commitMessage',
        commitOf(message, { drafts: [patientDraft({ mrn: patients[0]!.mrn })] }),
      ),
      { code: 'STORE_IDENTITY_AMBIGUOUS', message: /chain of merges/ },
    )
  })

  test('goes as far as a chain leads when its next patient is not here', async () => {
    const { store } = await shared()
    const [patient] = await newPatients(store, 1)
    const link = [{ other: { reference: 'Patient/elsewhere' }, type: 'replaced-by' }]
    await commit(store, patientDraft({ mrn: patient!.mrn, slots: [set('link', link)] }))
    assert.equal(await meantBy(store, patient!.mrn), patient!.id)
  })

  test('keeps links to others than patients', async () => {
    const { store } = await shared()
    const link = [{ other: { reference: 'RelatedPerson/r1' }, type: 'seealso' }]
    const mrn = unique('M')
    const { resources } = await commit(store, patientDraft({ mrn, slots: [set('link', link)] }))
    await commit(store, draftOf('Patient', { own: [[MRN, mrn]], slots: [set('gender', 'male')] }))
    assert.deepEqual((await readPatient(store, resources[0]!.id)).link, link)
  })
})
