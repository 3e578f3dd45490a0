/**
 * Codes of a visit. Source: v2-to-FHIR IG, PatientClass, AdmissionType, AmbulatoryStatus,
 * ReadmissionIndicator, EncounterPriority, ModeOfArrivalCode; ITK 2.4 table 0004 (W).
 */
import { conceptTable, overlayConcepts, sameCodes } from '../rule/code-table.ts'
import { v2Table, v3Codes } from '../uk/systems.ts'

const ACT = v3Codes('ActCode')
const CLASS = v2Table('0004')

/** HL7 table 0004. Classes that FHIR does not know keep their v2 code. */
export const PATIENT_CLASS = conceptTable(
  'table 0004',
  'v2-to-FHIR IG, PatientClass[EncounterClass]',
  [
    ['I', [{ system: ACT, code: 'IMP', display: 'inpatient encounter' }]],
    ['E', [{ system: ACT, code: 'EMER', display: 'emergency' }]],
    ['O', [{ system: ACT, code: 'AMB', display: 'ambulatory' }]],
    ['P', [{ system: ACT, code: 'PRENC', display: 'pre-admission' }]],
    ...sameCodes(CLASS, [
      ['R', 'Recurring patient'],
      ['B', 'Obstetrics'],
      ['C', 'Commercial Account'],
      ['N', 'Not Applicable'],
      ['U', 'Unknown'],
    ]),
  ],
)

export const UK_PATIENT_CLASS = overlayConcepts(
  PATIENT_CLASS,
  conceptTable('table 0004 (UK)', 'ITK HL7 v2 reference tables 1.0.14, table 0004', [
    ['W', [{ system: 'urn:almoner:codes:itk:0004', code: 'W', display: 'Waiting list' }]],
  ]),
)

export const ADMISSION_TYPE = conceptTable(
  'table 0007',
  'v2-to-FHIR IG, AdmissionType',
  sameCodes(v2Table('0007'), [
    ['A', 'Accident'],
    ['E', 'Emergency'],
    ['L', 'Labor and Delivery'],
    ['R', 'Routine'],
    ['N', 'Newborn (Birth in healthcare facility)'],
    ['U', 'Urgent'],
    ['C', 'Elective'],
  ]),
)

/** A2 has a FHIR code of its own; A0 and A1 have no FHIR code and keep that of v2. */
export const AMBULATORY_STATUS = conceptTable('table 0009', 'v2-to-FHIR IG, AmbulatoryStatus', [
  [
    'A2',
    [
      {
        system: 'http://terminology.hl7.org/CodeSystem/encounter-special-arrangements',
        code: 'wheel',
        display: 'Wheelchair',
      },
    ],
  ],
  ...sameCodes(v2Table('0009'), [
    ['A0', 'No functional limitations'],
    ['A1', 'Ambulates with assistive device'],
    ['A3', 'Comatose; non-responsive'],
    ['A4', 'Disoriented'],
    ['A5', 'Vision impaired'],
    ['A6', 'Hearing impaired'],
    ['A7', 'Speech impaired'],
    ['A8', 'Non-English speaking'],
    ['A9', 'Functional level unknown'],
    ['B1', 'Oxygen therapy'],
    ['B2', 'Special equipment (tubes, IVs, catheters)'],
    ['B3', 'Amputee'],
    ['B4', 'Mastectomy'],
    ['B5', 'Paraplegic'],
    ['B6', 'Pregnant'],
  ]),
])

export const READMISSION = conceptTable(
  'table 0092',
  'v2-to-FHIR IG, ReadmissionIndicator',
  sameCodes(v2Table('0092'), [['R', 'Re-admission']]),
)

export const VISIT_PRIORITY = conceptTable('table 0217', 'v2-to-FHIR IG, EncounterPriority', [
  ['1', [{ system: v3Codes('ActPriority'), code: 'EM', display: 'emergency' }]],
  ['2', [{ system: v3Codes('ActPriority'), code: 'UR', display: 'urgent' }]],
  ['3', [{ system: v3Codes('ActPriority'), code: 'EL', display: 'elective' }]],
])

export const MODE_OF_ARRIVAL = conceptTable(
  'table 0430',
  'v2-to-FHIR IG, ModeOfArrivalCode',
  sameCodes(v2Table('0430'), [
    ['A', 'Ambulance'],
    ['C', 'Car'],
    ['F', 'On foot'],
    ['H', 'Helicopter'],
    ['P', 'Public Transport'],
    ['O', 'Other'],
    ['U', 'Unknown'],
  ]),
)
