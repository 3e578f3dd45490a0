/** Ties a message to its patients by blind keys, so that a search by identifier finds it. */
import { statement } from '../statement.ts'
import type { Unit } from '../unit.ts'

const insertMessagePatient = statement<{ tenant: number; patientKey: string; seq: number }>(
  (db, arg) =>
    db
      .insertInto('message_patient')
      .values({ tenant: arg('tenant'), patient_key: arg('patientKey'), seq: arg('seq') })
      .onConflict((conflict) => conflict.doNothing()),
)

export async function noteMessagePatients(
  unit: Unit,
  seq: number,
  patientKeys: readonly string[],
): Promise<void> {
  for (const patientKey of patientKeys) {
    await unit.session.run(insertMessagePatient, { tenant: unit.tenant, patientKey, seq })
  }
}
