/**
 * Commits what a message means: resources, index rows, deliveries, ledger, audit and the
 * journal's state together, or nothing at all.
 */
import type { CommitResult, MessageCommit } from '../contract.ts'
import { STORE_ERRORS } from '../errors.ts'
import { statement } from '../statement.ts'
import type { Unit } from '../unit.ts'
import { writeDrafts } from '../write-drafts.ts'
import { noteMessagePatients } from './message-patients.ts'

const findReceived = statement<{ tenant: number; seq: number; id: string }, { seq: number }>(
  (db, arg) =>
    db
      .selectFrom('journal')
      .select('seq')
      .where('tenant', '=', arg('tenant'))
      .where('seq', '=', arg('seq'))
      .where('id', '=', arg('id'))
      .where('state', '=', 'received'),
)

const finishMessage = statement<
  {
    tenant: number
    seq: number
    atMs: number
    purpose: string
    mapped: number
    ignored: number
    unmapped: number
    paths: string
    resources: string
  },
  { seq: number }
>((db, arg) =>
  db
    .updateTable('journal')
    .set((eb) => ({
      state: 'done',
      finished_at_ms: arg('atMs'),
      attempts: eb('attempts', '+', 1),
      code: null,
      place: null,
      detail: null,
      purpose: arg('purpose'),
      ledger_mapped: arg('mapped'),
      ledger_ignored: arg('ignored'),
      ledger_unmapped: arg('unmapped'),
      ledger_paths: arg('paths'),
      resources: arg('resources'),
    }))
    .where('tenant', '=', arg('tenant'))
    .where('seq', '=', arg('seq'))
    .where('state', '=', 'received')
    .returning('seq'),
)

const insertDelivery = statement<
  {
    tenant: number
    id: string
    messageSeq: number
    messageId: string
    destination: string
    laneKeys: string
    dueAtMs: number
    agreement: string
  },
  { seq: number }
>((db, arg) =>
  db
    .insertInto('outbox')
    .values({
      tenant: arg('tenant'),
      id: arg('id'),
      message_seq: arg('messageSeq'),
      message_id: arg('messageId'),
      destination: arg('destination'),
      state: 'waiting',
      lane_keys: arg('laneKeys'),
      attempts: 0,
      maybe_repeat: 0,
      due_at_ms: arg('dueAtMs'),
      agreement: arg('agreement'),
    })
    .returning('seq'),
)

const insertPayload = statement<{ tenant: number; seq: number; payload: Uint8Array }>((db, arg) =>
  db
    .insertInto('outbox_payload')
    .values({ tenant: arg('tenant'), seq: arg('seq'), payload: arg('payload') }),
)

/**
 * @throws STORE_IDENTITY_MISSING, STORE_IDENTITY_AMBIGUOUS, STORE_IDENTITY_CONFLICT: the message
 * waits for a person and nothing of it is written. STORE_ALREADY_FINISHED: another was faster.
 */
export async function commitMessage(unit: Unit, commit: MessageCommit): Promise<CommitResult> {
  const { session, tenant } = unit
  const { seq, id, atMs, ledger, purpose } = commit
  // Asked first: what a finished message means today is no question any more.
  const received = await session.first(findReceived, { tenant, seq, id })
  if (received === undefined) throw STORE_ERRORS.error('STORE_ALREADY_FINISHED')
  const resources = await writeDrafts(unit, commit)
  const finished = await session.first(finishMessage, {
    tenant,
    seq,
    atMs,
    purpose,
    mapped: ledger.mapped,
    ignored: ledger.ignored,
    unmapped: ledger.unmapped,
    paths: JSON.stringify(ledger.unmappedPaths),
    resources: JSON.stringify(resources),
  })
  // Where several nodes write, another may have finished it meanwhile: all of this rolls back.
  if (finished === undefined) throw STORE_ERRORS.error('STORE_ALREADY_FINISHED')

  await noteMessagePatients(unit, seq, commit.patientKeys)
  await writeDeliveries(unit, commit)
  unit.count('message.received', -1)
  unit.count('message.done', 1)
  unit.count('ledger.mapped', ledger.mapped)
  unit.count('ledger.ignored', ledger.ignored)
  unit.count('ledger.unmapped', ledger.unmapped)
  unit.audit({
    atMs,
    actor: { kind: 'system', id: commit.route, name: `route ${commit.route}` },
    action: 'message.process',
    outcome: 'success',
    purpose,
    subjects: [
      id,
      ...resources
        .filter((one) => one.change !== 'unchanged')
        .map((one) => `${one.type}/${one.id}/_history/${one.version}`),
    ],
  })
  return { resources }
}

async function writeDeliveries(unit: Unit, commit: MessageCommit): Promise<void> {
  const { session, tenant, vault } = unit
  for (const { id, destination, laneKeys, payload, agreement } of commit.deliveries) {
    const row = await session.first(insertDelivery, {
      tenant,
      id,
      messageSeq: commit.seq,
      messageId: commit.id,
      destination,
      laneKeys: laneKeys.join(' '),
      dueAtMs: commit.atMs,
      agreement,
    })
    if (payload !== 'original') {
      const sealed = vault.seal(payload, `outbox/${id}`)
      // `returning` on an insert that did not throw gives its row.
      await session.run(insertPayload, { tenant, seq: row!.seq, payload: sealed })
    }
    unit.count('delivery.waiting', 1)
  }
}
