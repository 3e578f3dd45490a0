/**
 * PV2 ⇄ Encounter. Source: v2-to-FHIR IG, PV2[Encounter]; HL7 v2.5.1 chapter 3.4.4.
 */
import {
  defineSegment,
  extensionOf,
  extensionValue,
  list,
  notMapped,
  one,
} from '../rule/segment.ts'
import { MODE_OF_ARRIVAL, VISIT_PRIORITY } from '../tables/visit.ts'
import { codingOf } from '../types/coding.ts'
import { cwe } from '../types/cwe.ts'
import { dateTime } from '../types/date-time.ts'
import { r4Extension } from '../uk/systems.ts'

const R5 = 'http://hl7.org/fhir/5.0/StructureDefinition/extension-Encounter'

export const pv2ToEncounter = defineSegment({
  segment: 'PV2',
  target: 'Encounter',
  source: 'v2-to-FHIR IG, PV2[Encounter]',
  rules: [
    notMapped(1, 'Pending places: only where the patient is, is kept.'),
    notMapped([2, 4], 'The IG knows no element for it.'),
    list('PV2-3', 3, 'reasonCode', cwe('PV2-3')),
    notMapped([5, 6, 7], 'No element of UK Core Encounter holds it.'),
    extensionValue('PV2-8', 8, 'extension', `${R5}.plannedStartDate`, 'valueDateTime', dateTime),
    extensionValue('PV2-9', 9, 'extension', `${R5}.plannedEndDate`, 'valueDateTime', dateTime),
    notMapped([10, 11], 'The length of the stay follows from its dates.'),
    notMapped(12, 'Visit description: FHIR has only a narrative for it.'),
    notMapped(13, 'Referral source: the referrer stands in PV1-8.'),
    notMapped(
      [14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24],
      'No element of UK Core Encounter holds it.',
    ),
    one('PV2-25', 25, 'priority', cwe('PV2-25', VISIT_PRIORITY)),
    notMapped(
      [26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37],
      'No element of UK Core Encounter holds it.',
    ),
    extensionOf(
      'PV2-38',
      38,
      'extension',
      r4Extension('encounter-modeOfArrival'),
      'valueCoding',
      codingOf('PV2-38', MODE_OF_ARRIVAL),
    ),
    notMapped(
      [39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50],
      'No element of UK Core Encounter holds it.',
    ),
  ],
})
