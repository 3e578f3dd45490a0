/** Records why a message did not finish: again later, held for a person, or dead. */
import type { MessageFailure, Release } from '../contract.ts'
import { patientKey } from '../patient-key.ts'
import { statement } from '../statement.ts'
import type { Unit } from '../unit.ts'
import { noteMessagePatients } from './message-patients.ts'

const failReceived = statement<
  {
    tenant: number
    seq: number
    state: string
    code: string
    place: string | null
    detail: Uint8Array | null
    finishedAtMs: number | null
  },
  { seq: number }
>((db, arg) =>
  db
    .updateTable('journal')
    .set((eb) => ({
      state: arg('state'),
      code: arg('code'),
      place: arg('place'),
      detail: arg('detail'),
      finished_at_ms: arg('finishedAtMs'),
      attempts: eb('attempts', '+', 1),
    }))
    .where('tenant', '=', arg('tenant'))
    .where('seq', '=', arg('seq'))
    .where('state', '=', 'received')
    .returning('seq'),
)

const retryStopped = statement<
  { tenant: number; id: string; routeVersion: string },
  { seq: number }
>((db, arg) =>
  db
    .updateTable('journal')
    .set({
      state: 'received',
      route_version: arg('routeVersion'),
      code: null,
      place: null,
      detail: null,
      finished_at_ms: null,
    })
    .where('tenant', '=', arg('tenant'))
    .where('id', '=', arg('id'))
    .where('state', 'in', ['held', 'dead'])
    .returning('seq'),
)

const dismissHeld = statement<{ tenant: number; id: string; atMs: number }, { seq: number }>(
  (db, arg) =>
    db
      .updateTable('journal')
      .set({ state: 'dead', finished_at_ms: arg('atMs') })
      .where('tenant', '=', arg('tenant'))
      .where('id', '=', arg('id'))
      .where('state', '=', 'held')
      .returning('seq'),
)

const stopped = statement<{ tenant: number; id: string }, { state: string; route_version: string }>(
  (db, arg) =>
    db
      .selectFrom('journal')
      .select(['state', 'route_version'])
      .where('tenant', '=', arg('tenant'))
      .where('id', '=', arg('id')),
)

export async function failMessage(unit: Unit, failure: MessageFailure): Promise<void> {
  const { session, vault, tenant } = unit
  const { seq, id, state, code, atMs } = failure
  const detail = failure.detail
  const changed = await session.first(failReceived, {
    tenant,
    seq,
    state,
    code,
    place: failure.where ?? null,
    detail: detail === undefined ? null : vault.seal(Buffer.from(detail), `journal/${id}/detail`),
    finishedAtMs: state === 'received' ? null : atMs,
  })
  // Another worker finished it: there is nothing to record.
  if (changed === undefined) return
  await noteMessagePatients(unit, seq, failure.patientKeys)
  if (state !== 'received') {
    unit.count('message.received', -1)
    unit.count(`message.${state}`, 1)
  }
  unit.audit({
    atMs,
    actor: { kind: 'system', id: failure.route, name: `route ${failure.route}` },
    action: 'message.fail',
    outcome: 'failed',
    purpose: 'transport',
    subjects: [id],
    note: `${code} → ${state}`,
  })
}

export async function releaseMessage(
  unit: Unit,
  release: Release,
): Promise<{ readonly released: boolean }> {
  const { session, tenant } = unit
  const { id, atMs, by, why, decision } = release
  const before = await session.first(stopped, { tenant, id })
  const routeVersion = release.routeVersion ?? before?.route_version ?? ''
  const row =
    decision === 'retry'
      ? await session.first(retryStopped, { tenant, id, routeVersion })
      : await session.first(dismissHeld, { tenant, id, atMs })
  if (row !== undefined && before !== undefined) {
    unit.count(`message.${before.state}`, -1)
    unit.count(decision === 'retry' ? 'message.received' : 'message.dead', 1)
  }
  unit.audit({
    atMs,
    actor: by,
    action: 'message.release',
    outcome: row === undefined ? 'refused' : 'success',
    purpose: 'operations',
    subjects: [before === undefined ? patientKey(unit.vault, id) : id],
    note: `${decision}: ${why}`,
  })
  return { released: row !== undefined }
}
