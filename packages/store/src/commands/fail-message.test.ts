import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { MessageFailure, MessageState, Release, Store } from '../contract.ts'
import { type Accepted, accept, commitOf, NURSE, unique } from '../testing/samples.ts'
import { onEveryStore, START_MS } from '../testing/stores.ts'

const failureOf = (message: Accepted, given: Partial<MessageFailure> = {}): MessageFailure => ({
  ...message,
  route: 'pas-adt',
  atMs: START_MS + 7,
  state: 'held',
  patientKeys: [],
  code: 'MAP_NEEDS_PERSON',
  where: 'PV1-18',
  detail: 'two targets for Smith',
  ...given,
})

const releaseOf = (id: string, given: Partial<Release> = {}): Release => ({
  id,
  decision: 'retry',
  by: NURSE,
  why: 'mapping corrected',
  atMs: START_MS + 8,
  ...given,
})

const rowOf = async (store: Store, id: string) => {
  const detail = await store.view(NURSE, 'operations').message(id)
  const { state, code, where, attempts, finishedAtMs } = detail!.row
  return { state, code, where, attempts, finishedAtMs, failure: detail!.failure }
}

const lastAudit = async (store: Store, id: string) => {
  const { audit } = (await store.view(NURSE, 'operations').message(id))!
  const { action, outcome, note, actor } = audit.findLast((one) => one.action !== 'message.read')!
  return { action, outcome, note, actor }
}

/** How many messages more there are in each state. */
async function changed(store: Store, act: () => Promise<unknown>) {
  const before = (await store.counts()).messages
  await act()
  const after = (await store.counts()).messages
  const states = Object.keys(before) as MessageState[]
  return Object.fromEntries(
    states.flatMap((state) =>
      after[state] === before[state] ? [] : [[state, after[state] - before[state]]],
    ),
  )
}

/** A message that ended in a state. */
async function messageIn(store: Store, state: MessageState): Promise<Accepted> {
  const message = await accept(store)
  if (state === 'done') await store.write('commitMessage', commitOf(message))
  else if (state !== 'received') await store.write('failMessage', failureOf(message, { state }))
  return message
}

onEveryStore('failMessage', ({ open, shared }) => {
  for (const state of ['held', 'dead'] as const) {
    test(`makes a message ${state}, with the reason`, async () => {
      const { store } = await shared()
      const message = await accept(store)
      const difference = await changed(store, () =>
        store.write('failMessage', failureOf(message, { state })),
      )
      assert.deepEqual(difference, { received: -1, [state]: 1 })
      assert.deepEqual(await rowOf(store, message.id), {
        state,
        code: 'MAP_NEEDS_PERSON',
        where: 'PV1-18',
        attempts: 1,
        finishedAtMs: START_MS + 7,
        failure: 'two targets for Smith',
      })
      assert.deepEqual(await lastAudit(store, message.id), {
        action: 'message.fail',
        outcome: 'failed',
        note: `MAP_NEEDS_PERSON → ${state}`,
        actor: { kind: 'system', id: 'pas-adt', name: 'route pas-adt' },
      })
    })
  }

  test('keeps a message received that is to be tried again, and counts the attempts', async () => {
    const { store } = await shared()
    const message = await accept(store)
    const later = failureOf(message, { state: 'received', where: undefined, detail: undefined })
    const difference = await changed(store, async () => {
      await store.write('failMessage', later)
      await store.write('failMessage', later)
    })
    assert.deepEqual(difference, {})
    assert.deepEqual(await rowOf(store, message.id), {
      state: 'received',
      code: 'MAP_NEEDS_PERSON',
      where: undefined,
      attempts: 2,
      finishedAtMs: undefined,
      failure: undefined,
    })
    const [entry] = await store.nextMessages('received', message.seq - 1, 1)
    assert.deepEqual([entry?.id, entry?.attempts], [message.id, 2])
  })

  test('forgets the failures of a message that is done in the end', async () => {
    const { store } = await shared()
    const message = await accept(store)
    await store.write('failMessage', failureOf(message, { state: 'received' }))
    await store.write('commitMessage', commitOf(message))
    const row = await rowOf(store, message.id)
    assert.deepEqual(
      [row.state, row.code, row.where, row.failure, row.attempts],
      ['done', undefined, undefined, undefined, 2],
    )
  })

  test('shows held messages to the engine, oldest first', async () => {
    const { store } = await open()
    const messages = [await messageIn(store, 'held'), await messageIn(store, 'held')]
    await messageIn(store, 'dead')
    await messageIn(store, 'received')
    const held = await store.nextMessages('held', 0, 10)
    assert.deepEqual(
      held.map((entry) => entry.id),
      messages.map((message) => message.id),
    )
  })

  test('finds a failed message by its patient', async () => {
    const { store } = await shared()
    const mrn = unique('M')
    const message = await accept(store)
    const patientKeys = [store.patientKey(mrn), store.patientKey(mrn)]
    await store.write('failMessage', failureOf(message, { patientKeys }))
    const rows = await store.view(NURSE, 'operations').messages({ patient: mrn }, { countMax: 5 })
    assert.deepEqual(
      rows.map((row) => row.id),
      [message.id],
    )
  })

  for (const state of ['done', 'held', 'dead'] as const) {
    test(`changes nothing of a message that is ${state}`, async () => {
      const { store } = await shared()
      const message = await messageIn(store, state)
      const before = [await rowOf(store, message.id), (await store.counts()).messages]
      await store.write('failMessage', failureOf(message, { code: 'ENGINE_STEP_CRASHED' }))
      assert.deepEqual([await rowOf(store, message.id), (await store.counts()).messages], before)
    })
  }
})

onEveryStore('releaseMessage', ({ shared }) => {
  for (const state of ['held', 'dead'] as const) {
    test(`takes a message that is ${state} back to its old place`, async () => {
      const { store } = await shared()
      const message = await messageIn(store, state)
      const difference = await changed(store, async () => {
        const result = await store.write('releaseMessage', releaseOf(message.id))
        assert.deepEqual(result, { released: true })
      })
      assert.deepEqual(difference, { received: 1, [state]: -1 })
      assert.deepEqual(await rowOf(store, message.id), {
        state: 'received',
        code: undefined,
        where: undefined,
        attempts: 1,
        finishedAtMs: undefined,
        failure: undefined,
      })
      const [entry] = await store.nextMessages('received', message.seq - 1, 1)
      assert.deepEqual([entry?.seq, entry?.routeVersion], [message.seq, 'v1'])
      assert.deepEqual(await lastAudit(store, message.id), {
        action: 'message.release',
        outcome: 'success',
        note: 'retry: mapping corrected',
        actor: NURSE,
      })
    })
  }

  test('gives it another version of its route when a person says so', async () => {
    const { store } = await shared()
    const message = await messageIn(store, 'held')
    await store.write('releaseMessage', releaseOf(message.id, { routeVersion: 'v2' }))
    const [entry] = await store.nextMessages('received', message.seq - 1, 1)
    assert.equal(entry?.routeVersion, 'v2')
  })

  test('dismisses what is held, with its reason kept', async () => {
    const { store } = await shared()
    const message = await messageIn(store, 'held')
    const difference = await changed(store, async () => {
      const result = await store.write(
        'releaseMessage',
        releaseOf(message.id, { decision: 'dismiss' }),
      )
      assert.deepEqual(result, { released: true })
    })
    assert.deepEqual(difference, { held: -1, dead: 1 })
    assert.deepEqual(await rowOf(store, message.id), {
      state: 'dead',
      code: 'MAP_NEEDS_PERSON',
      where: 'PV1-18',
      attempts: 1,
      finishedAtMs: START_MS + 8,
      failure: 'two targets for Smith',
    })
  })

  describe('changes nothing and says so', () => {
    for (const [decision, state] of [
      ['retry', 'received'],
      ['retry', 'done'],
      ['dismiss', 'received'],
      ['dismiss', 'done'],
      ['dismiss', 'dead'],
    ] as const) {
      test(`for ${decision} of a message that is ${state}`, async () => {
        const { store } = await shared()
        const message = await messageIn(store, state)
        const before = await rowOf(store, message.id)
        const difference = await changed(store, async () => {
          const result = await store.write('releaseMessage', releaseOf(message.id, { decision }))
          assert.deepEqual(result, { released: false })
        })
        assert.deepEqual(difference, {})
        assert.deepEqual(await rowOf(store, message.id), before)
        assert.equal((await lastAudit(store, message.id)).outcome, 'refused')
      })
    }

    test('for a message that nobody knows, whose name it does not repeat', async () => {
      const { store, sql } = await shared()
      const result = await store.write('releaseMessage', releaseOf('943 476 5919'))
      assert.deepEqual(result, { released: false })
      const [row] = sql('select body from audit order by seq desc limit 1')
      const { action, outcome, subjects } = JSON.parse(String(row?.['body']))
      assert.deepEqual(
        [action, outcome, subjects],
        ['message.release', 'refused', [store.patientKey('9434765919')]],
      )
    })
  })
})
