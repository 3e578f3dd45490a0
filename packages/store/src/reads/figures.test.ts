import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Counts, NewMessage, Store } from '../contract.ts'
import {
  accept,
  bytesOf,
  commitOf,
  mergeDrafts,
  NURSE,
  newDelivery,
  newMessage,
  patientDraft,
  set,
  unique,
} from '../testing/samples.ts'
import { type OpenedStore, onEveryStore, START_MS } from '../testing/stores.ts'

/** What a run has made so far, for later steps to pick from. */
type Made = {
  readonly messages: { readonly message: NewMessage; readonly seq: number }[]
  readonly deliveries: { readonly seq: number; readonly id: string }[]
}

/** One step: a name, and numbers from which it takes its choices. */
const step = fc.record({
  what: fc.constantFrom(
    'accept',
    'repeat',
    'commit',
    'merge',
    'fail',
    'release',
    'claim',
    'settle',
    'let go',
    'undo',
    'note',
  ),
  pick: fc.nat(),
  choice: fc.nat(),
})
type Step = Parameters<Parameters<typeof step.map>[0]>[0]

const pickOf = <T>(items: readonly T[], at: number): T | undefined => items[at % items.length]

async function take(store: Store, made: Made, { what, pick, choice }: Step): Promise<unknown> {
  const one = pickOf(made.messages, pick)
  const delivery = pickOf(made.deliveries, pick)
  const person = { by: NURSE, why: 'a reason', atMs: START_MS }
  const decision = choice % 2 === 0 ? ('retry' as const) : ('dismiss' as const)
  if (what === 'accept' || one === undefined) {
    const refusal = choice % 5 === 0 ? { code: 'HL7_NO_MSH', where: undefined } : undefined
    const message = newMessage({ refusal })
    const { seq } = await accept(store, message)
    return made.messages.push({ message, seq })
  }
  const { message, seq } = one
  const { id } = message
  switch (what) {
    case 'repeat': {
      const body = choice % 2 === 0 ? message.body : bytesOf(unique('other'))
      return await store.write('acceptMessage', { ...message, id: unique('message-'), body })
    }
    case 'commit': {
      const slots = [set('gender', choice % 2 === 0 ? 'male' : 'female')]
      const drafts = [patientDraft({ mrn: `M${choice % 5}`, slots })]
      const deliveries = Array.from({ length: choice % 3 }, () => newDelivery())
      await store.write('commitMessage', commitOf({ seq, id }, { drafts, deliveries }))
      const waiting = await store.nextDeliveries('lab', made.deliveries.at(-1)?.seq ?? 0, 10)
      return made.deliveries.push(...waiting)
    }
    case 'merge': {
      const drafts = mergeDrafts(`M${choice % 5}`, `M${pick % 5}`)
      return await store.write('commitMessage', commitOf({ seq, id }, { drafts }))
    }
    case 'fail':
      return await store.write('failMessage', {
        seq,
        id,
        route: 'pas-adt',
        atMs: START_MS,
        state: pickOf(['received', 'held', 'dead'] as const, choice)!,
        patientKeys: ['key'],
        code: 'MAP_NEEDS_PERSON',
        where: undefined,
        detail: undefined,
      })
    case 'release':
      return await store.write('releaseMessage', { id, decision, ...person })
    case 'undo':
      return await store.write('undoMerge', { patientId: `r${choice}`, ...person })
    case 'note':
      return await store.view(NURSE, 'operations').messages({}, { countMax: 2 })
  }
  if (delivery === undefined) return
  if (what === 'let go') {
    return await store.write('releaseDelivery', { id: delivery.id, decision, ...person })
  }
  if (what === 'claim') {
    const claim = { seq: delivery.seq, atMs: START_MS }
    return await store.write('turnDelivery', { settle: undefined, claim })
  }
  const settle = {
    ...delivery,
    messageId: id,
    destination: 'lab',
    recipient: 'RYY',
    agreement: 'DSA-1',
    purpose: 'direct-care',
    atMs: START_MS,
    attempt: 1 + (choice % 2),
    state: pickOf(['delivered', 'waiting', 'held', 'dead'] as const, choice)!,
    code: undefined,
    dueAtMs: START_MS,
    maybeSent: choice % 2 === 0,
    reply: undefined,
  }
  const claim = pickOf(made.deliveries, choice)!
  return await store.write('turnDelivery', { settle, claim: { seq: claim.seq, atMs: START_MS } })
}

/** The same figures, counted from the rows themselves. */
function recount({ sql }: OpenedStore): Counts {
  const perValue = (text: string): Readonly<Record<string, number>> =>
    Object.fromEntries(sql(text).map((row) => [String(row['name']), Number(row['n'])]))
  const sum = (text: string): number => Number(sql(text)[0]?.['n'] ?? 0)
  const ledger = (name: string): number => sum(`select sum(ledger_${name}) as n from journal`)
  const none = { received: 0, done: 0, held: 0, dead: 0 }
  const nothing = { waiting: 0, sending: 0, delivered: 0, held: 0, dead: 0 }
  const oldest = sql(
    "select received_at_ms as n from journal where state = 'received' order by seq",
  )
  return {
    messages: {
      ...none,
      ...perValue('select state as name, count(*) as n from journal group by state'),
    },
    deliveries: {
      ...nothing,
      ...perValue('select state as name, count(*) as n from outbox group by state'),
    },
    resources: perValue('select type as name, count(*) as n from resource group by type'),
    repeats: sum("select count(*) as n from audit where action = 'message.repeat'"),
    ledger: { mapped: ledger('mapped'), ignored: ledger('ignored'), unmapped: ledger('unmapped') },
    auditEntries: sum('select count(*) as n from audit'),
    oldestReceivedAtMs: oldest.length === 0 ? undefined : Number(oldest[0]?.['n']),
  }
}

onEveryStore('counts', ({ open, shared }) => {
  test('are all nought at first', async () => {
    const { store } = await open()
    assert.deepEqual(await store.counts(), {
      messages: { received: 0, done: 0, held: 0, dead: 0 },
      deliveries: { waiting: 0, sending: 0, delivered: 0, held: 0, dead: 0 },
      resources: {},
      repeats: 0,
      ledger: { mapped: 0, ignored: 0, unmapped: 0 },
      auditEntries: 0,
      oldestReceivedAtMs: undefined,
    })
  })

  test('tell how long the oldest message has waited', async () => {
    const { store } = await open()
    const first = await accept(store, { receivedAtMs: START_MS + 1 })
    await accept(store, { receivedAtMs: START_MS + 2 })
    assert.equal((await store.counts()).oldestReceivedAtMs, START_MS + 1)
    await store.write('commitMessage', commitOf(first))
    assert.equal((await store.counts()).oldestReceivedAtMs, START_MS + 2)
  })

  test('always equal a recount of the tables, whatever happens at once', async () => {
    const opened = await shared()
    const made: Made = { messages: [], deliveries: [] }
    const refused = new Set<string>()
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(step, { maxLength: 8 }), { maxLength: 8 }),
        async (groups) => {
          for (const group of groups) {
            const taken = group.map((one) => take(opened.store, made, one))
            for (const result of await Promise.allSettled(taken)) {
              if (result.status === 'rejected') refused.add(result.reason.code)
            }
          }
          assert.deepEqual(await opened.store.counts(), recount(opened))
          assert.equal((await opened.store.verifyAudit()).broken, undefined)
        },
      ),
      { numRuns: 25 },
    )
    // What may be refused here; anything else would be a bug.
    const expected = new Set([
      'STORE_ALREADY_FINISHED',
      'STORE_IDENTITY_CONFLICT',
      'STORE_IDENTITY_AMBIGUOUS',
      'STORE_NOT_A_MERGE',
    ])
    assert.deepEqual([...refused.difference(expected)], [])
    assert.equal(opened.fatal.length, 0)
  })
})
