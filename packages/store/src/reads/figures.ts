/** Counts and the audit chain's verdict: no patient data, so no audit entry. */

import { CHAIN_START, chainHash } from '../audit-chain.ts'
import type { AuditVerdict, Counts, DeliveryState, MessageState } from '../contract.ts'
import { statement } from '../statement.ts'
import type { ReadContext } from './journal.ts'

const allCounters = statement<{ tenant: number }, { name: string; value: number }>((db, arg) =>
  db.selectFrom('counter').select(['name', 'value']).where('tenant', '=', arg('tenant')),
)

const oldestReceived = statement<{ tenant: number }, { received_at_ms: number }>((db, arg) =>
  db
    .selectFrom('journal')
    .select('received_at_ms')
    .where('tenant', '=', arg('tenant'))
    .where('state', '=', 'received')
    .where('state', '<>', 'done')
    .orderBy('seq')
    .limit(1),
)

const MESSAGE_STATES: readonly MessageState[] = ['received', 'done', 'held', 'dead']
const DELIVERY_STATES: readonly DeliveryState[] = [
  'waiting',
  'sending',
  'delivered',
  'held',
  'dead',
]

export async function readCounts(context: ReadContext): Promise<Counts> {
  const { session, tenant } = context
  const rows = await session.all(allCounters, { tenant })
  const counters = new Map(rows.map((row) => [row.name, row.value]))
  const of = (name: string): number => counters.get(name) ?? 0
  const oldest = await session.first(oldestReceived, { tenant })
  const resources = rows.filter((row) => row.name.startsWith('resource.'))
  const states = <State extends string>(prefix: string, names: readonly State[]) =>
    Object.fromEntries(names.map((name) => [name, of(`${prefix}.${name}`)])) as Record<
      State,
      number
    >
  return {
    messages: states('message', MESSAGE_STATES),
    deliveries: states('delivery', DELIVERY_STATES),
    resources: Object.fromEntries(
      resources.map((row) => [row.name.slice('resource.'.length), row.value]),
    ),
    repeats: of('repeats'),
    ledger: {
      mapped: of('ledger.mapped'),
      ignored: of('ledger.ignored'),
      unmapped: of('ledger.unmapped'),
    },
    auditEntries: of('audit'),
    oldestReceivedAtMs: oldest?.received_at_ms,
  }
}

const auditAfter = statement<
  { tenant: number; afterSeq: number; countMax: number },
  { seq: number; body: string; hash: Uint8Array }
>((db, arg) =>
  db
    .selectFrom('audit')
    .select(['seq', 'body', 'hash'])
    .where('tenant', '=', arg('tenant'))
    .where('seq', '>', arg('afterSeq'))
    .orderBy('seq')
    .limit(arg('countMax')),
)

const AUDIT_PAGE = 2_000

/** Walks the whole chain in pages. Time is O(entries); memory is one page. */
export async function verifyAudit(context: ReadContext): Promise<AuditVerdict> {
  const { session, tenant } = context
  let seq = 0
  let hash = CHAIN_START
  const verdict = (broken: AuditVerdict['broken']): AuditVerdict => ({
    entries: seq,
    head: Buffer.from(hash).toString('hex'),
    broken,
  })
  for (;;) {
    const rows = await session.all(auditAfter, { tenant, afterSeq: seq, countMax: AUDIT_PAGE })
    for (const row of rows) {
      if (row.seq !== seq + 1) {
        return verdict({ seq: seq + 1, why: `entry ${seq + 1} is missing` })
      }
      const expected = chainHash(hash, row.seq, row.body)
      if (Buffer.compare(expected, row.hash) !== 0) {
        return verdict({ seq: row.seq, why: 'its hash does not follow from the entry before' })
      }
      seq = row.seq
      hash = expected
    }
    if (rows.length < AUDIT_PAGE) break
    // Lets other work of this thread run between pages.
    await new Promise<void>((resolve) => setImmediate(resolve))
  }
  const { auditEntries } = await readCounts(context)
  const isCut = auditEntries > seq
  return verdict(
    isCut ? { seq: seq + 1, why: `${auditEntries - seq} entries are missing` } : undefined,
  )
}
