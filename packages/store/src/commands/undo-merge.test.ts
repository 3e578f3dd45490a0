import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Store } from '../contract.ts'
import {
  commit,
  mergeDrafts,
  NURSE,
  patientDraft,
  patientsBy,
  readPatient,
  set,
  unique,
  visitDraft,
} from '../testing/samples.ts'
import { onEveryStore, START_MS } from '../testing/stores.ts'

const newPatient = async (store: Store, nhsNumber?: string) => {
  const mrn = unique('M')
  const shared = nhsNumber === undefined ? {} : { nhsNumber }
  const { resources } = await commit(store, patientDraft({ mrn, ...shared }))
  return { mrn, id: resources[0]!.id }
}

const undo = (store: Store, patientId: string) =>
  store.write('undoMerge', { patientId, by: NURSE, why: 'wrong person', atMs: START_MS + 9 })

const meantBy = async (store: Store, mrn: string): Promise<string | undefined> =>
  (await commit(store, patientDraft({ mrn }))).resources[0]?.id

onEveryStore('undoMerge', ({ shared }) => {
  test('lets both patients stand for themselves again', async () => {
    const { store } = await shared()
    const [stays, goes] = [await newPatient(store), await newPatient(store)]
    await commit(store, ...mergeDrafts(stays.mrn, goes.mrn))
    assert.deepEqual(await undo(store, goes.id), { restored: [goes.id, stays.id] })
    const [survivor, prior] = [
      await readPatient(store, stays.id),
      await readPatient(store, goes.id),
    ]
    assert.deepEqual([survivor.link, prior.link, prior.active], [undefined, undefined, true])
    assert.deepEqual(
      [await meantBy(store, stays.mrn), await meantBy(store, goes.mrn)],
      [stays.id, goes.id],
    )
  })

  test('takes back the numbers that came to the survivor meanwhile', async () => {
    const { store } = await shared()
    const [stays, goes] = [await newPatient(store), await newPatient(store)]
    await commit(store, ...mergeDrafts(stays.mrn, goes.mrn))
    await meantBy(store, goes.mrn)
    assert.equal((await patientsBy(store, goes.mrn)).length, 2)
    await undo(store, goes.id)
    assert.deepEqual(await patientsBy(store, goes.mrn), [goes.id])
    assert.deepEqual(await patientsBy(store, stays.mrn), [stays.id])
  })

  test('leaves the survivor an NHS number that both have', async () => {
    const { store } = await shared()
    const nhsNumber = unique('9').padStart(10, '0')
    const [stays, goes] = [await newPatient(store, nhsNumber), await newPatient(store, nhsNumber)]
    await commit(store, ...mergeDrafts(stays.mrn, goes.mrn))
    await undo(store, goes.id)
    assert.deepEqual(
      (await patientsBy(store, nhsNumber)).toSorted(),
      [stays.id, goes.id].toSorted(),
    )
  })

  test('takes the numbers back along a whole chain of merges', async () => {
    const { store } = await shared()
    const [a, b, c] = [await newPatient(store), await newPatient(store), await newPatient(store)]
    await commit(store, ...mergeDrafts(b.mrn, a.mrn))
    await meantBy(store, a.mrn)
    await commit(store, ...mergeDrafts(c.mrn, b.mrn))
    await meantBy(store, a.mrn)
    assert.equal((await patientsBy(store, a.mrn)).length, 3)
    assert.deepEqual(await undo(store, a.id), { restored: [a.id, b.id] })
    assert.deepEqual(await patientsBy(store, a.mrn), [a.id])
    // The other merge of the chain stands.
    assert.equal((await readPatient(store, b.id)).active, false)
    assert.equal(await meantBy(store, b.mrn), c.id)
  })

  test('takes back the numbers of those whom the patient had itself replaced', async () => {
    const { store } = await shared()
    const [a, b, c] = [await newPatient(store), await newPatient(store), await newPatient(store)]
    await commit(store, ...mergeDrafts(b.mrn, a.mrn))
    await commit(store, ...mergeDrafts(c.mrn, b.mrn))
    assert.equal(await meantBy(store, a.mrn), c.id)
    assert.equal((await patientsBy(store, a.mrn)).length, 2)
    await undo(store, b.id)
    assert.deepEqual(await patientsBy(store, a.mrn), [a.id])
    assert.equal(await meantBy(store, a.mrn), b.id)
  })

  test('keeps other links, other members and every earlier version', async () => {
    const { store } = await shared()
    const [stays, goes] = [await newPatient(store), await newPatient(store)]
    const kin = { other: { reference: 'RelatedPerson/r1' }, type: 'seealso' }
    const known = { path: 'link', mode: 'union' as const, value: [kin] }
    for (const { mrn } of [stays, goes]) {
      await commit(store, patientDraft({ mrn, slots: [known, set('gender', 'female')] }))
    }
    await commit(store, ...mergeDrafts(stays.mrn, goes.mrn))
    await undo(store, goes.id)
    for (const { id } of [stays, goes]) {
      const patient = await readPatient(store, id)
      assert.deepEqual([patient.link, patient.gender], [[kin], 'female'])
      const merged = await store.view(NURSE, 'direct-care').resourceVersion('Patient', id, 3)
      assert.equal(merged?.resource.resourceType === 'Patient' && merged.resource.link?.length, 2)
    }
  })

  test('stops what would move a visit back unseen', async () => {
    const { store } = await shared()
    const [stays, goes] = [await newPatient(store), await newPatient(store)]
    const visit = unique('V')
    await commit(store, ...mergeDrafts(stays.mrn, goes.mrn))
    await commit(store, patientDraft({ mrn: goes.mrn }), visitDraft(visit))
    await undo(store, goes.id)
    await assert.rejects(commit(store, patientDraft({ mrn: goes.mrn }), visitDraft(visit)), {
      code: 'STORE_IDENTITY_CONFLICT',
    })
  })

  test('tells in the audit who did it, to whom and why', async () => {
    const { store, sql } = await shared()
    const [stays, goes] = [await newPatient(store), await newPatient(store)]
    await commit(store, ...mergeDrafts(stays.mrn, goes.mrn))
    await undo(store, goes.id)
    const [row] = sql(
      "select body from audit where action = 'merge.undo' order by seq desc limit 1",
    )
    const { actor, subjects, note, atMs } = JSON.parse(String(row?.['body']))
    assert.deepEqual(
      [actor, note, atMs, subjects],
      [
        NURSE,
        'wrong person',
        START_MS + 9,
        [`Patient/${goes.id}/_history/3`, `Patient/${stays.id}/_history/3`],
      ],
    )
  })

  for (const [why, patientId] of [
    ['nobody knows', () => 'nobody'],
    ['was never merged', (one: string) => one],
    ['stayed, not the one that went', (_one: string, stays: string) => stays],
  ] as const) {
    test(`refuses for a patient that ${why}`, async () => {
      const { store } = await shared()
      const [one, stays, goes] = [
        await newPatient(store),
        await newPatient(store),
        await newPatient(store),
      ]
      await commit(store, ...mergeDrafts(stays.mrn, goes.mrn))
      const before = await store.counts()
      await assert.rejects(undo(store, patientId(one.id, stays.id)), { code: 'STORE_NOT_A_MERGE' })
      assert.deepEqual(await store.counts(), before)
    })
  }

  test('refuses a second time', async () => {
    const { store } = await shared()
    const [stays, goes] = [await newPatient(store), await newPatient(store)]
    await commit(store, ...mergeDrafts(stays.mrn, goes.mrn))
    await undo(store, goes.id)
    await assert.rejects(undo(store, goes.id), { code: 'STORE_NOT_A_MERGE' })
  })
})
