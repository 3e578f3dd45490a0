/** The message list and one message whole, for people. Called through the audited view only. */

import { type ExpressionBuilder, sql } from 'kysely'
import { readAuditBody } from '../audit-chain.ts'
import type {
  AuditRow,
  DeliveryRow,
  DeliveryState,
  MessageDetail,
  MessageFilter,
  MessageRow,
  MessageState,
  Page,
  WrittenResource,
} from '../contract.ts'
import { controlIdKey } from '../control-id-key.ts'
import { openEnvelope } from '../envelope.ts'
import { patientKey } from '../patient-key.ts'
import type { Database, JournalTable, OutboxTable } from '../schema.ts'
import { isUnfinished, type ReadContext } from './journal.ts'

const ROW_COLUMNS = [
  'seq',
  'id',
  'source',
  'route',
  'state',
  'message_type',
  'version',
  'sender',
  'size_bytes',
  'received_at_ms',
  'finished_at_ms',
  'attempts',
  'code',
  'place',
  'flags',
  'ledger_mapped',
  'ledger_ignored',
  'ledger_unmapped',
  'ledger_paths',
] as const

type JournalRow = Pick<JournalTable, Exclude<(typeof ROW_COLUMNS)[number], 'seq'>> & {
  readonly seq: number
}
type OutboxRow = Omit<OutboxTable, 'seq'> & { readonly seq: number }

/** Newest first. */
export async function listMessages(
  context: ReadContext,
  filter: MessageFilter,
  page: Page,
): Promise<readonly MessageRow[]> {
  const { session, tenant, vault } = context
  let query = session.db
    .selectFrom('journal')
    .select(ROW_COLUMNS)
    .where('journal.tenant', '=', tenant)
    // Always a bound: without one the planner would sort all messages to find the newest.
    .where('journal.seq', '<', page.beforeSeq ?? Number.MAX_SAFE_INTEGER)
    .orderBy('journal.seq', 'desc')
    .limit(page.countMax)
  if (filter.state !== undefined) query = query.where('journal.state', '=', filter.state)
  if (filter.state !== undefined && filter.state !== 'done') {
    query = query.where('journal.state', '<>', 'done')
  }
  if (filter.source !== undefined) query = query.where('journal.source', '=', filter.source)
  if (filter.messageType !== undefined) {
    query = query.where('journal.message_type', '=', filter.messageType)
  }
  if (filter.patient !== undefined) {
    const key = patientKey(vault, filter.patient)
    query = query.where('journal.seq', 'in', (eb) =>
      eb
        .selectFrom('message_patient')
        .select('message_patient.seq')
        .where('message_patient.tenant', '=', tenant)
        .where('message_patient.patient_key', '=', key),
    )
  }
  if (filter.delivery !== undefined) query = query.where(hasDelivery(tenant, filter.delivery))
  if (filter.controlId !== undefined) {
    query = query.where('journal.control_key', '=', controlIdKey(vault, filter.controlId))
  }
  const rows = await session.query<JournalRow>(query)
  return await withDeliveries(context, rows)
}

/** The condition that a message has a delivery in a state. */
function hasDelivery(tenant: number, state: DeliveryState) {
  return (eb: ExpressionBuilder<Database, 'journal'>) => {
    const deliveries = eb
      .selectFrom('outbox')
      .select('outbox.message_seq')
      .where('outbox.tenant', '=', tenant)
      .where('outbox.state', '=', state)
    // Most are delivered: the newest messages that fit are found soonest among the newest.
    if (state === 'delivered') {
      return eb.exists(deliveries.whereRef('outbox.message_seq', '=', 'journal.seq'))
    }
    // The others are few, and each has an index that names them so.
    const isIndexed = state === 'dead' || state === 'held' ? isFailed : isUnfinished
    return eb('journal.seq', 'in', deliveries.where(isIndexed))
  }
}

const isFailed = sql<boolean>`outbox.state in ('held', 'dead')`

async function withDeliveries(
  context: ReadContext,
  rows: readonly JournalRow[],
): Promise<readonly MessageRow[]> {
  if (rows.length === 0) return []
  const { session, tenant } = context
  const deliveries = await session.query<OutboxRow>(
    session.db
      .selectFrom('outbox')
      .selectAll()
      .where('tenant', '=', tenant)
      .where(
        'message_seq',
        'in',
        rows.map((row) => row.seq),
      )
      .orderBy('seq'),
  )
  const byMessage = Map.groupBy(deliveries, (one) => one.message_seq)
  return rows.map((row) => toMessageRow(row, (byMessage.get(row.seq) ?? []).map(toDeliveryRow)))
}

function toMessageRow(row: JournalRow, deliveries: readonly DeliveryRow[]): MessageRow {
  return {
    seq: row.seq,
    id: row.id,
    source: row.source,
    route: row.route,
    state: row.state as MessageState,
    messageType: row.message_type,
    version: row.version,
    sender: row.sender,
    sizeBytes: row.size_bytes,
    receivedAtMs: row.received_at_ms,
    finishedAtMs: row.finished_at_ms ?? undefined,
    attempts: row.attempts,
    code: row.code ?? undefined,
    where: row.place ?? undefined,
    flags: JSON.parse(row.flags) as readonly string[],
    ledger:
      row.ledger_mapped === null
        ? undefined
        : {
            mapped: row.ledger_mapped,
            ignored: row.ledger_ignored ?? 0,
            unmapped: row.ledger_unmapped ?? 0,
            unmappedPaths: JSON.parse(row.ledger_paths ?? '[]') as readonly string[],
          },
    deliveries,
  }
}

const toDeliveryRow = (row: OutboxRow): DeliveryRow => ({
  seq: row.seq,
  id: row.id,
  messageId: row.message_id,
  destination: row.destination,
  state: row.state as DeliveryState,
  attempts: row.attempts,
  maybeRepeat: row.maybe_repeat === 1,
  code: row.code ?? undefined,
  dueAtMs: row.due_at_ms,
  settledAtMs: row.settled_at_ms ?? undefined,
  agreement: row.agreement,
})

export async function readMessage(
  context: ReadContext,
  id: string,
): Promise<MessageDetail | undefined> {
  const { session, tenant, vault } = context
  const [journal] = await session.query<
    Omit<JournalTable, 'seq'> & { readonly seq: number; readonly envelope: Uint8Array }
  >(
    session.db
      .selectFrom('journal')
      .innerJoin('journal_envelope', 'journal_envelope.seq', 'journal.seq')
      .selectAll('journal')
      .select('journal_envelope.envelope')
      .where('journal.tenant', '=', tenant)
      .where('journal.id', '=', id),
  )
  if (journal === undefined) return undefined
  const outbox = await session.query<OutboxRow>(
    session.db
      .selectFrom('outbox')
      .selectAll()
      .where('tenant', '=', tenant)
      .where('message_seq', '=', journal.seq)
      .orderBy('seq'),
  )
  const { head, ack, body } = openEnvelope(vault, id, journal.envelope)
  const replies = outbox.flatMap((row) =>
    row.reply === null ? [] : [[row.id, vault.open(row.reply, `outbox/${row.id}/reply`)] as const],
  )
  return {
    row: toMessageRow(journal, outbox.map(toDeliveryRow)),
    controlId: head.controlId,
    peer: head.peer,
    charset: journal.charset,
    routeVersion: journal.route_version,
    body,
    ack,
    failure:
      journal.detail === null
        ? undefined
        : Buffer.from(vault.open(journal.detail, `journal/${id}/detail`)).toString('utf8'),
    replies: new Map(replies),
    // Written as JSON by commitMessage.
    resources: JSON.parse(journal.resources ?? '[]') as readonly WrittenResource[],
    audit: await auditTrail(context, id),
  }
}

/** The newest entries about one subject, oldest first. */
async function auditTrail(context: ReadContext, subject: string): Promise<readonly AuditRow[]> {
  const { session, tenant } = context
  const rows = await session.query<{ seq: number; body: string; hash: Uint8Array }>(
    session.db
      .selectFrom('audit')
      .select(['seq', 'body', 'hash'])
      .where('tenant', '=', tenant)
      .where('subject', '=', subject)
      .orderBy('seq', 'desc')
      .limit(200),
  )
  return rows.map((row) => readAuditBody(row.seq, row.body, row.hash)).toReversed()
}
