/** The UK layer over the IG: ITK 2.4, NHS Data Dictionary tables, UK Core profiles. */
import type { UkProfile } from '../messages/profile.ts'
import { mrgToPatient } from '../segments/mrg.rules.ts'
import { nk1ToContact } from '../segments/nk1.rules.ts'
import { obrToReport, orcToReport } from '../segments/obr.rules.ts'
import { obxToObservation } from '../segments/obx.rules.ts'
import { pd1ToPatient } from '../segments/pd1.rules.ts'
import { ukPidToPatient } from '../segments/pid.rules.ts'
import { ukPv1ToEncounter } from '../segments/pv1.rules.ts'
import { pv2ToEncounter } from '../segments/pv2.rules.ts'

export const ukCore: UkProfile = {
  name: 'uk-core',
  revision: 1,
  pid: ukPidToPatient,
  pd1: pd1ToPatient,
  nk1: nk1ToContact,
  mrg: mrgToPatient,
  pv1: ukPv1ToEncounter,
  pv2: pv2ToEncounter,
  orc: orcToReport,
  obr: obrToReport,
  obx: obxToObservation,
}
