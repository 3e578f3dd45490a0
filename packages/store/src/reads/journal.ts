/** Reads of the journal and outbox that the engine and dispatcher live on. Never shown to anyone. */
import type { Vault } from '@almoner/vault'
import { sql } from 'kysely'
import type { JournalEntry, OutboxEntry } from '../contract.ts'
import { openEnvelope } from '../envelope.ts'
import type { Session } from '../session.ts'
import { statement } from '../statement.ts'

export type ReadContext = {
  readonly session: Session
  readonly vault: Vault
  readonly tenant: number
}

const messagesAfter = statement<
  { tenant: number; state: string; afterSeq: number; countMax: number },
  {
    seq: number
    id: string
    source: string
    route: string
    route_version: string
    received_at_ms: number
    attempts: number
    charset: string
    envelope: Uint8Array
  }
>((db, arg) =>
  db
    .selectFrom('journal')
    .innerJoin('journal_envelope', 'journal_envelope.seq', 'journal.seq')
    .select([
      'journal.seq',
      'journal.id',
      'journal.source',
      'journal.route',
      'journal.route_version',
      'journal.received_at_ms',
      'journal.attempts',
      'journal.charset',
      'journal_envelope.envelope',
    ])
    .where('journal.tenant', '=', arg('tenant'))
    .where('journal.state', '=', arg('state'))
    // Says again what the partial index covers, so that the planner sees it may be used.
    .where('journal.state', '<>', 'done')
    .where('journal.seq', '>', arg('afterSeq'))
    .orderBy('journal.seq')
    .limit(arg('countMax')),
)

export async function nextMessages(
  context: ReadContext,
  state: 'received' | 'held',
  afterSeq: number,
  countMax: number,
): Promise<readonly JournalEntry[]> {
  const { session, vault, tenant } = context
  const rows = await session.all(messagesAfter, { tenant, state, afterSeq, countMax })
  return rows.map((row) => ({
    seq: row.seq,
    id: row.id,
    source: row.source,
    route: row.route,
    routeVersion: row.route_version,
    receivedAtMs: row.received_at_ms,
    attempts: row.attempts,
    charset: row.charset,
    body: openEnvelope(vault, row.id, row.envelope).body,
  }))
}

/** As the partial index says it, word for word: only then may the planner use that index. */
export const isUnfinished = sql<boolean>`outbox.state in ('waiting', 'sending', 'held')`

const deliveriesAfter = statement<
  { tenant: number; destination: string; afterSeq: number; countMax: number },
  {
    seq: number
    id: string
    message_id: string
    destination: string
    state: 'waiting' | 'sending' | 'held'
    lane_keys: string
    attempts: number
    maybe_repeat: number
    due_at_ms: number
    agreement: string
    purpose: string | null
    message_type: string
    payload: Uint8Array | null
    envelope: Uint8Array | null
  }
>((db, arg) =>
  db
    .selectFrom('outbox')
    .innerJoin('journal', 'journal.seq', 'outbox.message_seq')
    .leftJoin('outbox_payload', 'outbox_payload.seq', 'outbox.seq')
    .leftJoin('journal_envelope', (join) =>
      join
        .onRef('journal_envelope.seq', '=', 'outbox.message_seq')
        .on('outbox_payload.seq', 'is', null),
    )
    .select([
      'outbox.seq',
      'outbox.id',
      'outbox.message_id',
      'outbox.destination',
      'outbox.state',
      'outbox.lane_keys',
      'outbox.attempts',
      'outbox.maybe_repeat',
      'outbox.due_at_ms',
      'outbox.agreement',
      'journal.purpose',
      'journal.message_type',
      'outbox_payload.payload',
      'journal_envelope.envelope',
    ])
    .where('outbox.tenant', '=', arg('tenant'))
    .where('outbox.destination', '=', arg('destination'))
    .where(isUnfinished)
    .where('outbox.seq', '>', arg('afterSeq'))
    .orderBy('outbox.seq')
    .limit(arg('countMax')),
)

export async function nextDeliveries(
  context: ReadContext,
  destination: string,
  afterSeq: number,
  countMax: number,
): Promise<readonly OutboxEntry[]> {
  const { session, vault, tenant } = context
  const rows = await session.all(deliveriesAfter, { tenant, destination, afterSeq, countMax })
  return rows.map((row) => ({
    seq: row.seq,
    id: row.id,
    messageId: row.message_id,
    destination: row.destination,
    laneKeys: row.lane_keys === '' ? [] : row.lane_keys.split(' '),
    attempts: row.attempts,
    maybeRepeat: row.maybe_repeat === 1 || row.state === 'sending',
    state: row.state,
    dueAtMs: row.due_at_ms,
    agreement: row.agreement,
    purpose: row.purpose ?? '',
    messageType: row.message_type,
    payload:
      row.payload === null
        ? // The join gives the one or the other.
          openEnvelope(vault, row.message_id, row.envelope!).body
        : vault.open(row.payload, `outbox/${row.id}`),
  }))
}
