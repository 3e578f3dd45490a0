/** Figures for people and probes: no patient data, so no audit entry. */

import { readAuditHead } from '../audit-head.ts'
import type { Counts, DeliveryState, MessageState } from '../contract.ts'
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
  const { entries } = await readAuditHead(context)
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
    auditEntries: entries,
    oldestReceivedAtMs: oldest?.received_at_ms,
  }
}
