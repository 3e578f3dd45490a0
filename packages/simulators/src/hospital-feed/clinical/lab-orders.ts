/**
 * What the laboratory is asked for and what it measures. Local codes, as UK laboratories send
 * them, some with LOINC beside. Reference ranges are those printed on adult reports.
 */
import type { SexCode } from '../cast/people.ts'

export type Range = { readonly low: number; readonly high: number }

export type Analyte = {
  readonly code: string
  readonly name: string
  readonly loinc?: string
  readonly units: string
  readonly decimals: number
  readonly range: Range
  /** Range for women, where it differs. */
  readonly rangeFemale?: Range
  /** Above this the analyser gives no number, only `>`. */
  readonly reportableMax?: number
  /** Below this the analyser gives no number, only `<`. */
  readonly reportableMin?: number
}

/** The service that a group of observations answers: one OBR. */
export type Panel = {
  readonly code: string
  readonly name: string
  /** HL7 table 0074. */
  readonly section: 'HM' | 'CH' | 'MB' | 'VR'
  /** Code and name of the specimen: HL7 table 0070. */
  readonly specimen: readonly [code: string, name: string]
  readonly analytes: readonly Analyte[]
}

const BLOOD = ['BLD', 'Whole blood'] as const
const SERUM = ['SER', 'Serum'] as const

export const FULL_BLOOD_COUNT: Panel = {
  code: 'FBC',
  name: 'Full blood count',
  section: 'HM',
  specimen: BLOOD,
  analytes: [
    {
      code: 'HB',
      name: 'Haemoglobin',
      loinc: '718-7',
      units: 'g/L',
      decimals: 0,
      range: { low: 130, high: 170 },
      rangeFemale: { low: 120, high: 150 },
    },
    {
      code: 'WBC',
      name: 'White cell count',
      loinc: '6690-2',
      units: '10^9/L',
      decimals: 1,
      range: { low: 4, high: 11 },
    },
    {
      code: 'PLT',
      name: 'Platelets',
      loinc: '777-3',
      units: '10^9/L',
      decimals: 0,
      range: { low: 150, high: 400 },
    },
    {
      code: 'RBC',
      name: 'Red cell count',
      units: '10^12/L',
      decimals: 2,
      range: { low: 4.5, high: 5.5 },
      rangeFemale: { low: 3.8, high: 4.8 },
    },
    {
      code: 'HCT',
      name: 'Haematocrit',
      units: 'L/L',
      decimals: 3,
      range: { low: 0.4, high: 0.5 },
      rangeFemale: { low: 0.36, high: 0.46 },
    },
    { code: 'MCV', name: 'MCV', units: 'fL', decimals: 1, range: { low: 83, high: 101 } },
    { code: 'NEUT', name: 'Neutrophils', units: '10^9/L', decimals: 2, range: { low: 2, high: 7 } },
    {
      code: 'LYMPH',
      name: 'Lymphocytes',
      units: '10^9/L',
      decimals: 2,
      range: { low: 1, high: 3 },
    },
  ],
}

export const UREA_AND_ELECTROLYTES: Panel = {
  code: 'UE',
  name: 'Urea & electrolytes',
  section: 'CH',
  specimen: SERUM,
  analytes: [
    {
      code: 'NA',
      name: 'Sodium',
      loinc: '2951-2',
      units: 'mmol/L',
      decimals: 0,
      range: { low: 133, high: 146 },
    },
    {
      code: 'K',
      name: 'Potassium',
      loinc: '2823-3',
      units: 'mmol/L',
      decimals: 1,
      range: { low: 3.5, high: 5.3 },
    },
    { code: 'UREA', name: 'Urea', units: 'mmol/L', decimals: 1, range: { low: 2.5, high: 7.8 } },
    {
      code: 'CREA',
      name: 'Creatinine',
      units: 'µmol/L',
      decimals: 0,
      range: { low: 59, high: 104 },
      rangeFemale: { low: 45, high: 84 },
    },
    {
      code: 'EGFR',
      name: 'Estimated GFR',
      units: 'mL/min/1.73m^2',
      decimals: 0,
      range: { low: 60, high: 140 },
      reportableMax: 90,
    },
  ],
}

export const C_REACTIVE_PROTEIN: Panel = {
  code: 'CRP',
  name: 'C-reactive protein',
  section: 'CH',
  specimen: SERUM,
  analytes: [
    {
      code: 'CRP',
      name: 'C-reactive protein',
      loinc: '1988-5',
      units: 'mg/L',
      decimals: 0,
      range: { low: 0, high: 5 },
      reportableMin: 1,
    },
  ],
}

export const TROPONIN: Panel = {
  code: 'TROPI',
  name: 'High sensitivity troponin I',
  section: 'CH',
  specimen: SERUM,
  analytes: [
    {
      code: 'TROPI',
      name: 'Troponin I',
      units: 'ng/L',
      decimals: 0,
      range: { low: 0, high: 16 },
      reportableMin: 4,
      reportableMax: 25_000,
    },
  ],
}

export const RESPIRATORY_VIRUSES: Panel = {
  code: 'RVP',
  name: 'Respiratory virus PCR',
  section: 'VR',
  specimen: ['NP', 'Nasopharyngeal swab'],
  analytes: [],
}

export const URINE_CULTURE: Panel = {
  code: 'MSU',
  name: 'Urine microscopy & culture',
  section: 'MB',
  specimen: ['UR', 'Mid-stream urine'],
  analytes: [],
}

export type LaboratoryOrder = {
  readonly title: string
  readonly panels: readonly Panel[]
  /** Minutes from collection to the preliminary, the final and the corrected report. */
  readonly reportMinutes: Readonly<Record<'P' | 'F' | 'C', number>>
}

const SAME_DAY = { P: 45, F: 120, C: 360 } as const

export const LABORATORY_ORDERS: Readonly<Record<string, LaboratoryOrder>> = {
  'blood-count': {
    title: 'Full blood count',
    panels: [FULL_BLOOD_COUNT],
    reportMinutes: SAME_DAY,
  },
  bloods: {
    title: 'Admission bloods',
    panels: [FULL_BLOOD_COUNT, UREA_AND_ELECTROLYTES, C_REACTIVE_PROTEIN],
    reportMinutes: SAME_DAY,
  },
  'daily-bloods': {
    title: 'Daily bloods',
    panels: [UREA_AND_ELECTROLYTES, C_REACTIVE_PROTEIN],
    reportMinutes: SAME_DAY,
  },
  troponin: {
    title: 'Troponin',
    panels: [TROPONIN, UREA_AND_ELECTROLYTES],
    reportMinutes: SAME_DAY,
  },
  viruses: {
    title: 'Respiratory virus PCR',
    panels: [RESPIRATORY_VIRUSES],
    reportMinutes: { P: 120, F: 300, C: 600 },
  },
  'urine-culture': {
    title: 'Urine culture',
    panels: [URINE_CULTURE],
    reportMinutes: { P: 240, F: 1_080, C: 1_440 },
  },
}

export const rangeFor = (analyte: Analyte, sex: SexCode): Range =>
  (sex === '2' ? analyte.rangeFemale : undefined) ?? analyte.range
