import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { DeliveryState, OutboxEntry, Settlement, Store } from '../contract.ts'
import {
  accept,
  bytesOf,
  commitOf,
  NURSE,
  newDelivery,
  textOf,
  unique,
} from '../testing/samples.ts'
import { onEveryStore, START_MS } from '../testing/stores.ts'

type Claim = { readonly seq: number; readonly atMs: number }

/** A new message with one delivery that waits. */
async function newWaiting(store: Store) {
  const destination = unique('destination-')
  const message = await accept(store)
  const deliveries = [newDelivery({ destination })]
  await store.write('commitMessage', commitOf(message, { deliveries }))
  const [entry] = await store.nextDeliveries(destination, 0, 1)
  return entry!
}

const claimOf = ({ seq }: OutboxEntry): Claim => ({ seq, atMs: START_MS + 1 })

const settlementOf = (entry: OutboxEntry, given: Partial<Settlement> = {}): Settlement => ({
  seq: entry.seq,
  id: entry.id,
  messageId: entry.messageId,
  destination: entry.destination,
  recipient: 'RYY',
  agreement: entry.agreement,
  purpose: entry.purpose,
  atMs: START_MS + 2,
  attempt: 1,
  state: 'delivered',
  code: undefined,
  dueAtMs: START_MS + 2,
  maybeSent: false,
  reply: undefined,
  ...given,
})

const turn = (store: Store, settle: Settlement | undefined, claim: Claim | undefined) =>
  store.write('turnDelivery', { settle, claim })

const rowOf = async (store: Store, entry: OutboxEntry) => {
  const detail = await store.view(NURSE, 'operations').message(entry.messageId)
  return detail!.row.deliveries.find((one) => one.id === entry.id)!
}

async function changed(store: Store, act: () => Promise<unknown>) {
  const before = (await store.counts()).deliveries
  await act()
  const after = (await store.counts()).deliveries
  const states = Object.keys(before) as DeliveryState[]
  return Object.fromEntries(
    states.flatMap((state) =>
      after[state] === before[state] ? [] : [[state, after[state] - before[state]]],
    ),
  )
}

async function deliveryIn(store: Store, state: DeliveryState): Promise<OutboxEntry> {
  const entry = await newWaiting(store)
  if (state === 'waiting') return entry
  await turn(store, undefined, claimOf(entry))
  if (state !== 'sending') await turn(store, settlementOf(entry, { state }), undefined)
  return entry
}

onEveryStore('turnDelivery', ({ open, shared }) => {
  test('claims what waits, once for each attempt', async () => {
    const { store } = await shared()
    const entry = await newWaiting(store)
    const difference = await changed(store, async () => {
      const result = await turn(store, undefined, claimOf(entry))
      assert.deepEqual(result, { settled: false, claimed: { attempt: 1, maybeRepeat: false } })
    })
    assert.deepEqual(difference, { waiting: -1, sending: 1 })
    const row = await rowOf(store, entry)
    assert.deepEqual([row.state, row.attempts, row.maybeRepeat], ['sending', 1, false])
  })

  // Where it goes from `sending`, and what is known of it then.
  for (const [state, maybeSent, maybeRepeat, settledAtMs] of [
    ['delivered', false, false, START_MS + 2],
    ['waiting', false, false, undefined],
    ['waiting', true, true, undefined],
    ['held', true, true, START_MS + 2],
    ['dead', false, false, START_MS + 2],
  ] as const) {
    test(`settles to ${state} ${maybeSent ? 'when bytes may have left' : ''}`, async () => {
      const { store } = await shared()
      const entry = await deliveryIn(store, 'sending')
      const code = state === 'delivered' ? undefined : 'MLLP_NO_ACK'
      const settlement = settlementOf(entry, { state, code, maybeSent, dueAtMs: START_MS + 60_000 })
      const difference = await changed(store, async () => {
        assert.deepEqual(await turn(store, settlement, undefined), {
          settled: true,
          claimed: undefined,
        })
      })
      assert.deepEqual(difference, { sending: -1, [state]: 1 })
      const row = await rowOf(store, entry)
      assert.deepEqual(
        [row.state, row.code, row.dueAtMs, row.settledAtMs, row.maybeRepeat, row.attempts],
        [state, code, START_MS + 60_000, settledAtMs, maybeRepeat, 1],
      )
    })
  }

  test('settles one and claims the next in one commit', async () => {
    const { store } = await shared()
    const [one, next] = [await deliveryIn(store, 'sending'), await newWaiting(store)]
    const difference = await changed(store, async () => {
      const result = await turn(store, settlementOf(one), claimOf(next))
      assert.deepEqual(result, { settled: true, claimed: { attempt: 1, maybeRepeat: false } })
    })
    assert.deepEqual(difference, { waiting: -1, delivered: 1 })
  })

  test('claims what it has just settled for another attempt', async () => {
    const { store } = await shared()
    const entry = await deliveryIn(store, 'sending')
    const settlement = settlementOf(entry, { state: 'waiting', code: 'AE', maybeSent: true })
    const result = await turn(store, settlement, claimOf(entry))
    assert.deepEqual(result, { settled: true, claimed: { attempt: 2, maybeRepeat: true } })
  })

  test('keeps what may have arrived flagged to the end', async () => {
    const { store } = await shared()
    const entry = await deliveryIn(store, 'sending')
    await turn(
      store,
      settlementOf(entry, { state: 'waiting', maybeSent: true, code: 'MLLP_NO_ACK' }),
      claimOf(entry),
    )
    await turn(store, settlementOf(entry, { attempt: 2 }), undefined)
    const row = await rowOf(store, entry)
    assert.deepEqual([row.state, row.maybeRepeat, row.code], ['delivered', true, undefined])
  })

  test('claims again what a crash left under way, and flags it', async () => {
    const opened = await open()
    const entry = await deliveryIn(opened.store, 'sending')
    await opened.reopen()
    const { store } = opened
    const [found] = await store.nextDeliveries(entry.destination, 0, 1)
    assert.deepEqual([found?.state, found?.attempts, found?.maybeRepeat], ['sending', 1, true])
    const difference = await changed(store, async () => {
      const result = await turn(store, undefined, claimOf(entry))
      assert.deepEqual(result.claimed, { attempt: 2, maybeRepeat: true })
    })
    assert.deepEqual(difference, {})
    assert.equal((await rowOf(store, entry)).maybeRepeat, true)
  })

  test('does not settle with what came of an earlier claim', async () => {
    const { store } = await shared()
    const entry = await deliveryIn(store, 'sending')
    await turn(store, undefined, claimOf(entry))
    const late = await turn(store, settlementOf(entry, { attempt: 1 }), undefined)
    assert.equal(late.settled, false)
    assert.equal((await rowOf(store, entry)).state, 'sending')
    const right = await turn(store, settlementOf(entry, { attempt: 2 }), undefined)
    assert.equal(right.settled, true)
  })

  for (const state of ['waiting', 'delivered', 'held', 'dead'] as const) {
    test(`does not settle what is ${state}`, async () => {
      const { store } = await shared()
      const entry = await deliveryIn(store, state)
      const before = await rowOf(store, entry)
      const audit = (await store.counts()).auditEntries
      const difference = await changed(store, async () => {
        const attempt = before.attempts
        const settlement = settlementOf(entry, { attempt, state: 'delivered', code: 'LATE' })
        assert.equal((await turn(store, settlement, undefined)).settled, false)
      })
      assert.deepEqual(difference, {})
      assert.equal((await store.counts()).auditEntries, audit)
      assert.deepEqual(await rowOf(store, entry), before)
    })
  }

  for (const state of ['delivered', 'held', 'dead'] as const) {
    test(`does not claim what is ${state}`, async () => {
      const { store } = await shared()
      const entry = await deliveryIn(store, state)
      const before = await rowOf(store, entry)
      assert.equal((await turn(store, undefined, claimOf(entry))).claimed, undefined)
      assert.deepEqual(await rowOf(store, entry), before)
    })
  }

  test('does nothing with nothing', async () => {
    const { store } = await shared()
    const before = await store.counts()
    assert.deepEqual(await turn(store, undefined, undefined), {
      settled: false,
      claimed: undefined,
    })
    assert.deepEqual(await turn(store, undefined, { seq: 1e9, atMs: START_MS }), {
      settled: false,
      claimed: undefined,
    })
    assert.deepEqual(await store.counts(), before)
  })

  test('keeps the answer of the receiver and tells the audit where it went', async () => {
    const { store } = await shared()
    const entry = await deliveryIn(store, 'sending')
    const reply = bytesOf('MSA|AA|1')
    await turn(store, settlementOf(entry, { reply }), undefined)
    const detail = await store.view(NURSE, 'operations').message(entry.messageId)
    assert.equal(textOf(detail!.replies.get(entry.id)!), 'MSA|AA|1')
    const trail = detail!.audit.map(({ action, outcome, subjects, note, purpose }) => ({
      action,
      outcome,
      subjects,
      note,
      purpose,
    }))
    assert.deepEqual(trail.slice(-2), [
      {
        action: 'delivery.send',
        outcome: 'success',
        subjects: [entry.messageId, entry.id],
        note: 'attempt 1, agreement DSA-1',
        purpose: 'transport',
      },
      {
        action: 'delivery.settle',
        outcome: 'success',
        subjects: [entry.messageId, entry.id],
        note: 'accepted → delivered; recipient RYY, agreement DSA-1, attempt 1',
        purpose: 'direct-care',
      },
    ])
  })

  test('shows what is not finished to its destination, in order', async () => {
    const { store } = await shared()
    const destination = unique('destination-')
    const entries: OutboxEntry[] = []
    for (const state of ['delivered', 'held', 'sending', 'dead', 'waiting'] as const) {
      const deliveries = [newDelivery({ destination }), newDelivery()]
      await store.write('commitMessage', commitOf(await accept(store), { deliveries }))
      const entry = (await store.nextDeliveries(destination, entries.at(-1)?.seq ?? 0, 1))[0]!
      entries.push(entry)
      if (state === 'waiting') continue
      await turn(store, undefined, claimOf(entry))
      if (state !== 'sending') await turn(store, settlementOf(entry, { state }), undefined)
    }
    const found = await store.nextDeliveries(destination, 0, 10)
    assert.deepEqual(
      found.map((one) => one.state),
      ['held', 'sending', 'waiting'],
    )
    const [, held] = entries
    assert.deepEqual(
      (await store.nextDeliveries(destination, held!.seq, 1)).map((one) => one.state),
      ['sending'],
    )
  })
})

onEveryStore('releaseDelivery', ({ shared }) => {
  const release = (store: Store, id: string, decision: 'retry' | 'dismiss') =>
    store.write('releaseDelivery', {
      id,
      decision,
      by: NURSE,
      why: 'receiver corrected',
      atMs: START_MS + 5,
    })

  for (const state of ['held', 'dead'] as const) {
    test(`lets what is ${state} wait again`, async () => {
      const { store } = await shared()
      const entry = await deliveryIn(store, state)
      const difference = await changed(store, async () => {
        assert.deepEqual(await release(store, entry.id, 'retry'), { released: true })
      })
      assert.deepEqual(difference, { [state]: -1, waiting: 1 })
      const row = await rowOf(store, entry)
      assert.deepEqual(
        [row.state, row.dueAtMs, row.settledAtMs, row.attempts],
        ['waiting', START_MS + 5, undefined, 1],
      )
      const result = await turn(store, undefined, claimOf(entry))
      assert.deepEqual(result.claimed, { attempt: 2, maybeRepeat: false })
    })
  }

  test('dismisses what is held', async () => {
    const { store } = await shared()
    const entry = await deliveryIn(store, 'held')
    const difference = await changed(store, async () => {
      assert.deepEqual(await release(store, entry.id, 'dismiss'), { released: true })
    })
    assert.deepEqual(difference, { held: -1, dead: 1 })
    assert.equal((await rowOf(store, entry)).settledAtMs, START_MS + 5)
    const detail = await store.view(NURSE, 'operations').message(entry.messageId)
    const { action, outcome, note, actor } = detail!.audit.findLast(
      (one) => one.action !== 'message.read',
    )!
    assert.deepEqual(
      [action, outcome, note, actor],
      ['delivery.release', 'success', 'dismiss: receiver corrected', NURSE],
    )
  })

  describe('changes nothing and says so', () => {
    for (const [decision, state] of [
      ['retry', 'waiting'],
      ['retry', 'sending'],
      ['retry', 'delivered'],
      ['dismiss', 'waiting'],
      ['dismiss', 'sending'],
      ['dismiss', 'delivered'],
      ['dismiss', 'dead'],
    ] as const) {
      test(`for ${decision} of a delivery that is ${state}`, async () => {
        const { store } = await shared()
        const entry = await deliveryIn(store, state)
        const before = await rowOf(store, entry)
        const difference = await changed(store, async () => {
          assert.deepEqual(await release(store, entry.id, decision), { released: false })
        })
        assert.deepEqual(difference, {})
        assert.deepEqual(await rowOf(store, entry), before)
      })
    }

    test('for a delivery that nobody knows, whose name it does not repeat', async () => {
      const { store, sql } = await shared()
      assert.deepEqual(await release(store, '943 476 5919', 'retry'), { released: false })
      const [row] = sql('select body from audit order by seq desc limit 1')
      const { action, outcome, subjects } = JSON.parse(String(row?.['body']))
      assert.deepEqual(
        [action, outcome, subjects],
        ['delivery.release', 'refused', [store.patientKey('9434765919')]],
      )
    })
  })
})
