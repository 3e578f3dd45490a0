import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { MessageFilter, MessageState, Store } from '../contract.ts'
import { accept, commitOf, NURSE, newDelivery, unique } from '../testing/samples.ts'
import { onEveryStore, START_MS } from '../testing/stores.ts'

const viewOf = (store: Store) => store.view(NURSE, 'operations')

const idsOf = async (store: Store, filter: MessageFilter, countMax = 100) =>
  (await viewOf(store).messages(filter, { countMax })).map((row) => row.id)

const fail = (store: Store, message: { seq: number; id: string }, state: 'held' | 'dead') =>
  store.write('failMessage', {
    ...message,
    route: 'pas-adt',
    atMs: START_MS,
    state,
    patientKeys: [],
    code: 'MAP_NEEDS_PERSON',
    where: 'PID-3',
    detail: undefined,
  })

/** One message per state, source and type, with deliveries in two states. */
async function filled(store: Store) {
  const received = await accept(store, { source: 'lab', messageType: 'ORU^R01' })
  const held = await accept(store, { source: 'lab', messageType: 'ADT^A08' })
  await fail(store, held, 'held')
  const dead = await accept(store, { messageType: 'ADT^A08', controlId: 'shared-id' })
  await fail(store, dead, 'dead')
  const done = await accept(store, {
    messageType: 'ADT^A40',
    controlId: 'shared-id',
    sender: 'OTHER|RXX',
  })
  const deliveries = [newDelivery({ destination: 'spine' }), newDelivery()]
  const patientKeys = [store.patientKey('9434765919'), store.patientKey('MRN-7')]
  await store.write('commitMessage', commitOf(done, { deliveries, patientKeys }))
  const [waiting] = await store.nextDeliveries('spine', 0, 1)
  const claim = { seq: waiting!.seq, atMs: START_MS }
  await store.write('turnDelivery', { settle: undefined, claim })
  return { received: received.id, held: held.id, dead: dead.id, done: done.id }
}

onEveryStore('the list of messages', ({ open, shared }) => {
  let made: ReturnType<typeof filled> | undefined
  const prepared = async () => {
    const { store } = await shared()
    made ??= filled(store)
    return { store, made: await made }
  }

  describe('shows those that fit every part of a filter, newest first', () => {
    for (const [filter, expected] of [
      [{}, ['done', 'dead', 'held', 'received']],
      [{ state: 'received' }, ['received']],
      [{ state: 'held' }, ['held']],
      [{ state: 'dead' }, ['dead']],
      [{ state: 'done' }, ['done']],
      [{ source: 'lab' }, ['held', 'received']],
      [{ source: 'nobody' }, []],
      [{ messageType: 'ADT^A08' }, ['dead', 'held']],
      [{ messageType: 'ADT^A08', source: 'lab' }, ['held']],
      [{ controlId: 'shared-id' }, ['done', 'dead']],
      [{ controlId: 'shared-id', state: 'dead' }, ['dead']],
      [{ controlId: 'unknown-id' }, []],
      [{ patient: '9434765919' }, ['done']],
      [{ patient: '943 476 5919' }, ['done']],
      [{ patient: 'mrn-7', state: 'done' }, ['done']],
      [{ patient: 'mrn-7', state: 'held' }, []],
      [{ patient: 'MRN-8' }, []],
      [{ delivery: 'sending' }, ['done']],
      [{ delivery: 'waiting' }, ['done']],
      [{ delivery: 'delivered' }, []],
    ] as const satisfies readonly (readonly [MessageFilter, readonly MessageState[]])[]) {
      test(JSON.stringify(filter), async () => {
        const { store, made: ids } = await prepared()
        assert.deepEqual(
          await idsOf(store, filter),
          expected.map((name: MessageState) => ids[name]),
        )
      })
    }
  })

  test('gives page after page without a gap or a repeat, while more arrive', async () => {
    const { store } = await open()
    const ids: string[] = []
    for (let at = 0; at < 7; at += 1) ids.unshift((await accept(store)).id)
    const found: string[] = []
    let beforeSeq: number | undefined
    for (;;) {
      const rows = await viewOf(store).messages({}, { beforeSeq, countMax: 3 })
      if (rows.length === 0) break
      found.push(...rows.map((row) => row.id))
      beforeSeq = rows.at(-1)?.seq
      await accept(store)
    }
    assert.deepEqual(found, ids)
  })

  test('shows what became of each message, and nothing that identifies a patient', async () => {
    const { store, made: ids } = await prepared()
    const rows = await viewOf(store).messages({}, { countMax: 10 })
    const done = rows.find((row) => row.id === ids.done)!
    const { seq, deliveries, sizeBytes, ...row } = done
    assert.ok(seq > 0 && sizeBytes > 0)
    assert.deepEqual(row, {
      id: ids.done,
      source: 'pas',
      route: 'pas-adt',
      state: 'done',
      messageType: 'ADT^A40',
      version: '2.4',
      sender: 'OTHER|RXX',
      receivedAtMs: START_MS,
      finishedAtMs: START_MS,
      attempts: 1,
      code: undefined,
      where: undefined,
      flags: [],
      ledger: { mapped: 3, ignored: 2, unmapped: 1, unmappedPaths: ['PV1-18'] },
    })
    assert.deepEqual(
      deliveries.map((one) => [one.destination, one.state, one.attempts, one.agreement]),
      [
        ['spine', 'sending', 1, 'DSA-1'],
        ['lab', 'waiting', 0, 'DSA-1'],
      ],
    )
    const held = rows.find((one) => one.id === ids.held)!
    assert.deepEqual(
      [held.code, held.where, held.ledger, held.deliveries],
      ['MAP_NEEDS_PERSON', 'PID-3', undefined, []],
    )
  })
})

onEveryStore('one message', ({ shared }) => {
  test('is shown whole, with its trail', async () => {
    const { store } = await shared()
    const message = await accept(store, {
      charset: 'windows-1252',
      peer: 'CN=pas.rxx.nhs.uk',
      controlId: 'Ü-1',
    })
    await fail(store, message, 'held')
    await store.write('releaseMessage', {
      id: message.id,
      decision: 'retry',
      by: NURSE,
      why: 'corrected',
      atMs: START_MS,
    })
    await store.write('commitMessage', commitOf(message))
    const detail = await viewOf(store).message(message.id)
    assert.deepEqual(
      [detail?.controlId, detail?.charset, detail?.peer, detail?.routeVersion, detail?.resources],
      ['Ü-1', 'windows-1252', 'CN=pas.rxx.nhs.uk', 'v1', []],
    )
    assert.deepEqual(detail?.replies, new Map())
    assert.deepEqual(
      detail?.audit.map((entry) => entry.action),
      ['message.accept', 'message.fail', 'message.release', 'message.process'],
    )
  })

  test('shows the newest part of a very long trail, oldest first', async () => {
    const { store } = await shared()
    const { id } = await accept(store)
    const entry = {
      atMs: START_MS,
      actor: NURSE,
      action: 'message.read',
      outcome: 'success',
      purpose: 'operations',
      subjects: [id],
    } as const
    const many = Array.from({ length: 250 }, (_, at) => ({ ...entry, note: `${at}` }))
    await store.write('appendAudit', many)
    const { audit } = (await viewOf(store).message(id))!
    assert.deepEqual([audit.length, audit[0]?.note, audit.at(-1)?.note], [200, '50', '249'])
  })

  test('is not there under another id', async () => {
    const { store } = await shared()
    assert.equal(await viewOf(store).message(unique('nobody-')), undefined)
  })
})
