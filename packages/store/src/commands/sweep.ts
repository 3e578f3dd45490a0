/** Forgets what is past its window: repeats no sender will send any more, secrets long expired. */
import type { Commands } from '../contract.ts'
import { statement } from '../statement.ts'
import type { Unit } from '../unit.ts'

/** Only a mark moves: to delete a day's worth of rows would stop the writer for too long. */
const moveRepeatMark = statement<{ tenant: number; fromMs: number }>((db, arg) =>
  db
    .updateTable('tenant')
    .set({ repeats_from_ms: arg('fromMs') })
    .where('id', '=', arg('tenant'))
    .where('repeats_from_ms', '<', arg('fromMs')),
)

const deleteAccess = statement<{ tenant: number; atMs: number }>((db, arg) =>
  db
    .deleteFrom('access')
    .where('tenant', '=', arg('tenant'))
    .where('expires_at_ms', '<', arg('atMs')),
)

export async function sweep(unit: Unit, request: Parameters<Commands['sweep']>[0]): Promise<void> {
  const { session, tenant } = unit
  await session.run(moveRepeatMark, { tenant, fromMs: request.repeatsBeforeMs })
  await session.run(deleteAccess, { tenant, atMs: request.atMs })
}
