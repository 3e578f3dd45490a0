import assert from 'node:assert/strict'
import { test } from 'node:test'
import { valueAt } from '@almoner/fhir'
import {
  accept,
  bytesOf,
  commit,
  commitOf,
  draftOf,
  MRN,
  NURSE,
  newDelivery,
  patientDraft,
  patientsBy,
  readPatient,
  set,
  textOf,
  unique,
  visitDraft,
} from '../testing/samples.ts'
import { onEveryStore, START_MS } from '../testing/stores.ts'

onEveryStore('commitMessage', ({ open, shared }) => {
  test('commits resources, ledger, deliveries, state and audit together', async () => {
    const { store } = await shared()
    const message = await accept(store)
    const mrn = unique('M')
    const delivery = newDelivery({ laneKeys: ['k1', 'k2'] })
    const result = await store.write(
      'commitMessage',
      commitOf(message, {
        drafts: [patientDraft({ mrn }), visitDraft(unique('V'), set('status', 'planned'))],
        newIds: ['p-1', 'e-1'],
        deliveries: [delivery],
        patientKeys: [store.patientKey(mrn)],
        atMs: START_MS + 5,
      }),
    )
    assert.deepEqual(result.resources, [
      { name: 'patient', type: 'Patient', id: 'p-1', version: 1, change: 'created' },
      { name: 'encounter', type: 'Encounter', id: 'e-1', version: 1, change: 'created' },
    ])
    const view = store.view(NURSE, 'direct-care')
    const visit = await view.resource('Encounter', 'e-1')
    assert.deepEqual(valueAt(visit?.resource, 'subject'), { reference: 'Patient/p-1' })
    const detail = await view.message(message.id)
    assert.deepEqual(detail?.resources, result.resources)
    assert.deepEqual(
      [detail?.row.state, detail?.row.finishedAtMs, detail?.row.attempts, detail?.row.ledger],
      ['done', START_MS + 5, 1, { mapped: 3, ignored: 2, unmapped: 1, unmappedPaths: ['PV1-18'] }],
    )
    assert.deepEqual(detail?.audit.at(-1)?.subjects, [
      message.id,
      'Patient/p-1/_history/1',
      'Encounter/e-1/_history/1',
    ])
    assert.deepEqual(detail?.audit.at(-1)?.purpose, 'direct-care')
    const [waiting] = await store.nextDeliveries('lab', 0, 1)
    assert.deepEqual(
      [waiting?.id, waiting?.messageId, waiting?.laneKeys, waiting?.purpose, waiting?.dueAtMs],
      [delivery.id, message.id, ['k1', 'k2'], 'direct-care', START_MS + 5],
    )
    assert.deepEqual(
      (await view.messages({ patient: mrn }, { countMax: 5 })).map((row) => row.id),
      [message.id],
    )
  })

  test('sends the message as it came, or the payload that was made of it', async () => {
    const { store } = await shared()
    const message = await accept(store, { body: bytesOf('the original') })
    const destination = unique('destination-')
    const deliveries = [
      newDelivery({ destination }),
      newDelivery({ destination, payload: bytesOf('made of it') }),
      newDelivery({ destination, payload: bytesOf('') }),
    ]
    await store.write('commitMessage', commitOf(message, { deliveries }))
    const waiting = await store.nextDeliveries(destination, 0, 10)
    assert.deepEqual(
      waiting.map((one) => textOf(one.payload)),
      ['the original', 'made of it', ''],
    )
  })

  test('makes a new version for a change and none for the same again', async () => {
    const { store } = await shared()
    const mrn = unique('M')
    const draft = (family: string) =>
      patientDraft({ mrn, slots: [set('name', [{ family }]), set('gender', 'female')] })
    const changes: string[] = []
    for (const family of ['Ash', 'Ash', 'Birch', 'Ash']) {
      const { resources } = await commit(store, draft(family))
      changes.push(`${resources[0]?.change} ${resources[0]?.version}`)
    }
    assert.deepEqual(changes, ['created 1', 'unchanged 1', 'updated 2', 'updated 3'])
    const view = store.view(NURSE, 'direct-care')
    const [found] = await view.search({
      type: 'Patient',
      identifier: [[{ system: MRN, value: mrn }]],
      countMax: 2,
    })
    const familyOf = async (version: number): Promise<unknown> => {
      const one = await view.resourceVersion('Patient', found!.id, version)
      assert.equal(one?.resource.meta?.versionId, String(version))
      return valueAt(one?.resource, 'name.0.family')
    }
    assert.deepEqual(
      [await familyOf(1), await familyOf(2), await familyOf(3)],
      ['Ash', 'Birch', 'Ash'],
    )
    assert.equal(await view.resourceVersion('Patient', found!.id, 4), undefined)
  })

  test('leaves what no slot names, and deletes what a slot empties', async () => {
    const { store } = await shared()
    const mrn = unique('M')
    const { resources } = await commit(
      store,
      patientDraft({ mrn, slots: [set('gender', 'female'), set('birthDate', '1970-01-01')] }),
    )
    await commit(store, patientDraft({ mrn, slots: [set('gender', '')] }))
    const patient = await readPatient(store, resources[0]!.id)
    assert.deepEqual([patient.gender, patient.birthDate], [undefined, '1970-01-01'])
  })

  test('replaces only the items that a slot claims and joins the identifiers', async () => {
    const { store } = await shared()
    const mrn = unique('M')
    const phone = (value: string, use: string) => ({ system: 'phone', value, use })
    const home = (value: string) => ({
      path: 'telecom',
      mode: 'replace' as const,
      claim: { use: 'home' },
      value: [phone(value, 'home')],
    })
    const { resources } = await commit(
      store,
      patientDraft({ mrn, slots: [set('telecom', [phone('1', 'home'), phone('2', 'work')])] }),
    )
    await commit(store, patientDraft({ mrn, nhsNumber: '9000000009', slots: [home('3')] }))
    const patient = await readPatient(store, resources[0]!.id)
    assert.deepEqual(patient.telecom, [phone('3', 'home'), phone('2', 'work')])
    assert.deepEqual(
      patient.identifier?.map((one) => one.value),
      [mrn, '9000000009'],
    )
  })

  test('does nothing twice when a message is committed again', async () => {
    const { store } = await shared()
    const message = await accept(store)
    const destination = unique('destination-')
    const mrn = unique('M')
    const once = () =>
      commitOf(message, {
        drafts: [patientDraft({ mrn, slots: [set('gender', unique('g'))] })],
        deliveries: [newDelivery({ destination })],
      })
    await store.write('commitMessage', once())
    const before = await store.counts()
    await assert.rejects(store.write('commitMessage', once()), { code: 'STORE_ALREADY_FINISHED' })
    assert.deepEqual(await store.counts(), before)
    assert.equal((await store.nextDeliveries(destination, 0, 10)).length, 1)
    const [id] = await patientsBy(store, mrn)
    assert.equal((await readPatient(store, id!)).meta?.versionId, '1')
  })

  // What is finished is finished, whatever its message would mean today.
  for (const [how, finish] of [
    ['held', 'held'],
    ['dead', 'dead'],
  ] as const) {
    test(`refuses to commit a message that is ${how}, before it asks what it means`, async () => {
      const { store } = await shared()
      const message = await accept(store)
      await store.write('failMessage', {
        ...message,
        route: 'pas-adt',
        atMs: START_MS,
        state: finish,
        patientKeys: [],
        code: 'MAP_NEEDS_PERSON',
        where: undefined,
        detail: undefined,
      })
      const drafts = [draftOf('Patient', { ifUnidentified: 'hold' })]
      await assert.rejects(store.write('commitMessage', commitOf(message, { drafts })), {
        code: 'STORE_ALREADY_FINISHED',
      })
    })
  }

  test('refuses a commit whose number and id are of two messages', async () => {
    const { store } = await shared()
    const [one, other] = [await accept(store), await accept(store)]
    await assert.rejects(store.write('commitMessage', commitOf({ seq: one.seq, id: other.id })), {
      code: 'STORE_ALREADY_FINISHED',
    })
  })

  test('writes nothing of a commit when any part of it fails', async () => {
    const { store } = await open()
    const known = newDelivery()
    await store.write('commitMessage', commitOf(await accept(store), { deliveries: [known] }))
    const message = await accept(store)
    const before = await store.counts()
    const drafts = [patientDraft({ mrn: 'M1' })]
    // The id of a delivery is unique: the insert of this one fails after all else was written.
    await assert.rejects(
      store.write('commitMessage', commitOf(message, { drafts, deliveries: [known] })),
      /unique/i,
    )
    assert.deepEqual(await store.counts(), before)
    assert.deepEqual(await patientsBy(store, 'M1'), [])
    await store.write('commitMessage', commitOf(message, { drafts }))
    assert.deepEqual((await store.counts()).resources, { Patient: 1 })
  })

  test('stays after a restart', async () => {
    const opened = await open()
    const { resources } = await commit(
      opened.store,
      patientDraft({ mrn: 'M1' }),
      visitDraft('V1', set('status', 'planned')),
    )
    await commit(opened.store, patientDraft({ mrn: 'M1', slots: [set('gender', 'male')] }))
    const counts = await opened.store.counts()
    await opened.reopen()
    assert.deepEqual(await opened.store.counts(), counts)
    const patient = await readPatient(opened.store, resources[0]!.id)
    assert.deepEqual([patient.meta?.versionId, patient.gender], ['2', 'male'])
    const again = await commit(
      opened.store,
      patientDraft({ mrn: 'M1', slots: [set('gender', 'male')] }),
    )
    assert.deepEqual(again.resources[0]?.change, 'unchanged')
  })
})
