/**
 * Codes of results. Source: v2-to-FHIR IG, ResultStatus, ObservationResultStatusCodes,
 * InterpretationCodes and DiagnosticServiceSectionID; FHIR R4 status definitions.
 */
import { type CodeTable, conceptTable, sameCodes } from '../rule/code-table.ts'
import { v2Table, v3Codes } from '../uk/systems.ts'

/**
 * HL7 table 0123. The IG leaves A open; it is word for word what FHIR calls partial. Codes that
 * say "no order" or "no patient" (Y, Z) and those without a FHIR status (M, N) are refused.
 */
export const REPORT_STATUS: CodeTable = {
  name: 'table 0123',
  source: 'v2-to-FHIR IG, ResultStatus; FHIR R4 diagnostic-report-status',
  rows: [
    ['O', 'registered'],
    ['I', 'registered'],
    ['S', 'registered'],
    ['A', 'partial'],
    ['R', 'partial'],
    ['P', 'preliminary'],
    ['F', 'final'],
    ['C', 'corrected'],
    ['X', 'cancelled'],
  ],
}

/**
 * HL7 table 0085. The IG leaves I, R, S, B, U and V open; each has one FHIR status whose
 * definition says the same. N (not asked) and O (order detail only) have none and are refused.
 */
export const OBSERVATION_STATUS: CodeTable = {
  name: 'table 0085',
  source: 'v2-to-FHIR IG, ObservationResultStatusCodesInterpretation; FHIR R4 observation-status',
  rows: [
    ['F', 'final'],
    ['V', 'final'],
    ['U', 'final'],
    ['C', 'corrected'],
    ['A', 'amended'],
    ['B', 'amended'],
    ['P', 'preliminary'],
    ['R', 'preliminary'],
    ['S', 'preliminary'],
    ['I', 'registered'],
    ['X', 'cancelled'],
    ['D', 'entered-in-error'],
    ['W', 'entered-in-error'],
  ],
}

/** HL7 table 0078. */
export const INTERPRETATION = conceptTable(
  'table 0078',
  'v2-to-FHIR IG, InterpretationCodes',
  sameCodes(v3Codes('ObservationInterpretation'), [
    ['<', 'Off scale low'],
    ['>', 'Off scale high'],
    ['A', 'Abnormal'],
    ['AA', 'Critical abnormal'],
    ['B', 'Better'],
    ['CAR', 'Carrier'],
    ['D', 'Significant change down'],
    ['DET', 'Detected'],
    ['E', 'Equivocal'],
    ['EX', 'outside threshold'],
    ['EXP', 'Expected'],
    ['H', 'High'],
    ['HH', 'Critical high'],
    ['HU', 'Significantly high'],
    ['I', 'Intermediate'],
    ['IE', 'Insufficient evidence'],
    ['IND', 'Indeterminate'],
    ['L', 'Low'],
    ['LL', 'Critical low'],
    ['LU', 'Significantly low'],
    ['MS', 'moderately susceptible'],
    ['N', 'Normal'],
    ['NCL', 'No CLSI defined breakpoint'],
    ['ND', 'Not detected'],
    ['NEG', 'Negative'],
    ['NR', 'Non-reactive'],
    ['NS', 'Non-susceptible'],
    ['POS', 'Positive'],
    ['R', 'Resistant'],
    ['RR', 'Reactive'],
    ['S', 'Susceptible'],
    ['SDD', 'Susceptible-dose dependent'],
    ['SYN-R', 'Synergy - resistant'],
    ['SYN-S', 'Synergy - susceptible'],
    ['U', 'Significant change up'],
    ['VS', 'very susceptible'],
    ['UNE', 'Unexpected'],
    ['W', 'Worse'],
    ['WR', 'Weakly reactive'],
  ]),
)

/** HL7 table 0074. */
export const DIAGNOSTIC_SECTION = conceptTable(
  'table 0074',
  'v2-to-FHIR IG, DiagnosticServiceSectionID',
  sameCodes(v2Table('0074'), [
    ['AU', 'Audiology'],
    ['BG', 'Blood Gases'],
    ['BLB', 'Blood Bank'],
    ['CG', 'Cytogenetics'],
    ['CUS', 'Cardiac Ultrasound'],
    ['CTH', 'Cardiac Catheterization'],
    ['CT', 'CAT Scan'],
    ['CH', 'Chemistry'],
    ['CP', 'Cytopathology'],
    ['EC', 'Electrocardiac (e.g., EKG, EEC, Holter)'],
    ['EN', 'Electroneuro (EEG, EMG,EP,PSG)'],
    ['GE', 'Genetics'],
    ['HM', 'Hematology'],
    ['ICU', 'Bedside ICU Monitoring'],
    ['IMM', 'Immunology'],
    ['LAB', 'Laboratory'],
    ['MB', 'Microbiology'],
    ['MCB', 'Mycobacteriology'],
    ['MYC', 'Mycology'],
    ['NMS', 'Nuclear Medicine Scan'],
    ['NMR', 'Nuclear Magnetic Resonance'],
    ['NRS', 'Nursing Service Measures'],
    ['OUS', 'OB Ultrasound'],
    ['OT', 'Occupational Therapy'],
    ['OTH', 'Other'],
    ['OSL', 'Outside Lab'],
    ['PHR', 'Pharmacy'],
    ['PT', 'Physical Therapy'],
    ['PHY', 'Physician (Hx. Dx, admission note, etc.)'],
    ['PF', 'Pulmonary Function'],
    ['RAD', 'Radiology'],
    ['RX', 'Radiograph'],
    ['RUS', 'Radiology Ultrasound'],
    ['RC', 'Respiratory Care (therapy)'],
    ['RT', 'Radiation Therapy'],
    ['SR', 'Serology'],
    ['SP', 'Surgical Pathology'],
    ['TX', 'Toxicology'],
    ['VUS', 'Vascular Ultrasound'],
    ['VR', 'Virology'],
    ['XRC', 'Cineradiograph'],
  ]),
)

/** Sections whose reports are no laboratory reports. */
export const OTHER_SECTIONS: ReadonlySet<string> = new Set([
  ...['AU', 'CUS', 'CTH', 'CT', 'EC', 'EN', 'ICU', 'NMS', 'NMR', 'NRS', 'OUS', 'OT', 'OTH'],
  ...['PHR', 'PT', 'PHY', 'PF', 'RAD', 'RX', 'RUS', 'RC', 'RT', 'VUS', 'XRC'],
])
