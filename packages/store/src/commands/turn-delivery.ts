/** Settles one delivery and claims the next in one commit. */
import type { Commands, DeliveryState, Release, Settlement, TurnResult } from '../contract.ts'
import { patientKey } from '../patient-key.ts'
import { statement } from '../statement.ts'
import type { Unit } from '../unit.ts'

const settleSending = statement<
  {
    tenant: number
    seq: number
    id: string
    attempt: number
    state: string
    code: string | null
    dueAtMs: number
    settledAtMs: number | null
    maybeRepeat: number
    reply: Uint8Array | null
  },
  { seq: number }
>((db, arg) =>
  db
    .updateTable('outbox')
    .set((eb) => ({
      state: arg('state'),
      code: arg('code'),
      due_at_ms: arg('dueAtMs'),
      settled_at_ms: arg('settledAtMs'),
      reply: arg('reply'),
      maybe_repeat: eb.case().when('maybe_repeat', '=', 1).then(1).else(arg('maybeRepeat')).end(),
    }))
    .where('tenant', '=', arg('tenant'))
    .where('seq', '=', arg('seq'))
    .where('id', '=', arg('id'))
    .where('state', '=', 'sending')
    // The claim's number fences off what a late answer to an earlier claim would settle.
    .where('attempts', '=', arg('attempt'))
    .returning('seq'),
)

type ClaimedRow = {
  id: string
  message_id: string
  destination: string
  agreement: string
  attempts: number
  maybe_repeat: number
}

/** A row that was `sending` before may have reached the receiver: this attempt is flagged. */
const claimDelivery = statement<{ tenant: number; seq: number }, ClaimedRow>((db, arg) =>
  db
    .updateTable('outbox')
    .set((eb) => ({
      maybe_repeat: eb
        .case()
        .when('state', '=', 'sending')
        .then(1)
        .else(eb.ref('maybe_repeat'))
        .end(),
      state: 'sending',
      attempts: eb('attempts', '+', 1),
    }))
    .where('tenant', '=', arg('tenant'))
    .where('seq', '=', arg('seq'))
    .where('state', 'in', ['waiting', 'sending'])
    .returning(['id', 'message_id', 'destination', 'agreement', 'attempts', 'maybe_repeat']),
)

const stateOf = statement<{ tenant: number; seq: number }, { state: DeliveryState }>((db, arg) =>
  db
    .selectFrom('outbox')
    .select('state')
    .where('tenant', '=', arg('tenant'))
    .where('seq', '=', arg('seq')),
)

const retryStopped = statement<{ tenant: number; id: string; atMs: number }, { seq: number }>(
  (db, arg) =>
    db
      .updateTable('outbox')
      .set({ state: 'waiting', due_at_ms: arg('atMs'), settled_at_ms: null })
      .where('tenant', '=', arg('tenant'))
      .where('id', '=', arg('id'))
      .where('state', 'in', ['held', 'dead'])
      .returning('seq'),
)

const dismissHeld = statement<{ tenant: number; id: string; atMs: number }, { seq: number }>(
  (db, arg) =>
    db
      .updateTable('outbox')
      .set({ state: 'dead', settled_at_ms: arg('atMs') })
      .where('tenant', '=', arg('tenant'))
      .where('id', '=', arg('id'))
      .where('state', '=', 'held')
      .returning('seq'),
)

const findById = statement<
  { tenant: number; id: string },
  { state: DeliveryState; message_id: string }
>((db, arg) =>
  db
    .selectFrom('outbox')
    .select(['state', 'message_id'])
    .where('tenant', '=', arg('tenant'))
    .where('id', '=', arg('id')),
)

export async function turnDelivery(
  unit: Unit,
  turn: Parameters<Commands['turnDelivery']>[0],
): Promise<TurnResult> {
  const settled = turn.settle !== undefined && (await settle(unit, turn.settle))
  const claimed = turn.claim === undefined ? undefined : await claim(unit, turn.claim)
  return { settled, claimed }
}

async function settle(unit: Unit, settlement: Settlement): Promise<boolean> {
  const { session, vault, tenant } = unit
  const { seq, id, state, atMs, reply } = settlement
  const changed = await session.first(settleSending, {
    tenant,
    seq,
    id,
    attempt: settlement.attempt,
    state,
    code: settlement.code ?? null,
    dueAtMs: settlement.dueAtMs,
    settledAtMs: state === 'waiting' ? null : atMs,
    maybeRepeat: settlement.maybeSent && state !== 'delivered' ? 1 : 0,
    reply: reply === undefined ? null : vault.seal(reply, `outbox/${id}/reply`),
  })
  if (changed === undefined) return false
  unit.count('delivery.sending', -1)
  unit.count(`delivery.${state}`, 1)
  unit.audit({
    atMs,
    actor: actorOf(settlement.destination),
    action: 'delivery.settle',
    outcome: state === 'delivered' ? 'success' : 'failed',
    purpose: settlement.purpose,
    subjects: [settlement.messageId, id],
    note: `${settlement.code ?? 'accepted'} → ${state}; recipient ${settlement.recipient}, agreement ${settlement.agreement}, attempt ${settlement.attempt}`,
  })
  return true
}

async function claim(
  unit: Unit,
  wanted: { readonly seq: number; readonly atMs: number },
): Promise<TurnResult['claimed']> {
  const { session, tenant } = unit
  const before = await session.first(stateOf, { tenant, seq: wanted.seq })
  const row = await session.first(claimDelivery, { tenant, seq: wanted.seq })
  if (row === undefined || before === undefined) return undefined
  unit.count(`delivery.${before.state}`, -1)
  unit.count('delivery.sending', 1)
  // The intent is audited before a byte leaves; the settlement audits how it ended.
  unit.audit({
    atMs: wanted.atMs,
    actor: actorOf(row.destination),
    action: 'delivery.send',
    outcome: 'success',
    purpose: 'transport',
    subjects: [row.message_id, row.id],
    note: `attempt ${row.attempts}, agreement ${row.agreement}`,
  })
  return { attempt: row.attempts, maybeRepeat: row.maybe_repeat === 1 }
}

export async function releaseDelivery(
  unit: Unit,
  release: Release,
): Promise<{ readonly released: boolean }> {
  const { session, tenant } = unit
  const { id, atMs } = release
  const before = await session.first(findById, { tenant, id })
  const isRetry = release.decision === 'retry'
  const row = await session.first(isRetry ? retryStopped : dismissHeld, { tenant, id, atMs })
  if (row !== undefined && before !== undefined) {
    unit.count(`delivery.${before.state}`, -1)
    unit.count(isRetry ? 'delivery.waiting' : 'delivery.dead', 1)
  }
  unit.audit({
    atMs,
    actor: release.by,
    action: 'delivery.release',
    outcome: row === undefined ? 'refused' : 'success',
    purpose: 'operations',
    subjects: before === undefined ? [patientKey(unit.vault, id)] : [before.message_id, id],
    note: `${release.decision}: ${release.why}`,
  })
  return { released: row !== undefined }
}

const actorOf = (destination: string) => ({
  kind: 'system' as const,
  id: destination,
  name: `destination ${destination}`,
})
