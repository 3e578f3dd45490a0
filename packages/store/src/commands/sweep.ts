/** Forgets what is past its window: repeats no sender will send any more, secrets long expired. */
import type { Commands } from '../contract.ts'
import { statement } from '../statement.ts'
import type { Unit } from '../unit.ts'

const deleteGuards = statement<{ tenant: number; beforeMs: number }>((db, arg) =>
  db
    .deleteFrom('repeat_guard')
    .where('tenant', '=', arg('tenant'))
    .where('at_ms', '<', arg('beforeMs')),
)

const deleteAccess = statement<{ tenant: number; atMs: number }>((db, arg) =>
  db
    .deleteFrom('access')
    .where('tenant', '=', arg('tenant'))
    .where('expires_at_ms', '<', arg('atMs')),
)

export async function sweep(unit: Unit, request: Parameters<Commands['sweep']>[0]): Promise<void> {
  const { session, tenant } = unit
  await session.run(deleteGuards, { tenant, beforeMs: request.repeatsBeforeMs })
  await session.run(deleteAccess, { tenant, atMs: request.atMs })
}
