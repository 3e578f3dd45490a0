/**
 * Codes about a person. Source: v2-to-FHIR IG, AdministrativeSex and MaritalStatus; NHS Data
 * Dictionary; ITK HL7 v2 reference tables 1.0.14; UK Core code systems.
 */
import {
  type CodeTable,
  conceptTable,
  overlayConcepts,
  overlayTable,
  sameCodes,
} from '../rule/code-table.ts'
import {
  UK_ETHNIC_CATEGORY,
  UK_MARITAL_STATUS,
  UK_NHS_NUMBER_STATUS,
  v3Codes,
} from '../uk/systems.ts'

export const ADMINISTRATIVE_SEX: CodeTable = {
  name: 'table 0001',
  source: 'v2-to-FHIR IG, AdministrativeSex',
  rows: [
    ['M', 'male'],
    ['F', 'female'],
    ['O', 'other'],
    ['U', 'unknown'],
    ['A', 'other'],
    ['N', 'other'],
  ],
}

/** UK Core ConceptMap AdministrativeGender: 9 is other, X is unknown. */
export const UK_SEX: CodeTable = overlayTable(ADMINISTRATIVE_SEX, {
  name: 'table 0001 (UK)',
  source: 'ITK HL7 v2 reference tables 1.0.14, table 0001; UK Core AdministrativeGender',
  rows: [
    ['1', 'male'],
    ['2', 'female'],
    ['9', 'other'],
    ['0', 'unknown'],
    ['X', 'unknown'],
  ],
})

const V3_MARITAL = v3Codes('MaritalStatus')
const V3_NULL = v3Codes('NullFlavor')

/** HL7 table 0002. */
export const MARITAL_STATUS = conceptTable('table 0002', 'v2-to-FHIR IG, MaritalStatus', [
  ...sameCodes(V3_MARITAL, [
    ['D', 'Divorced'],
    ['M', 'Married'],
    ['S', 'Never Married'],
    ['W', 'Widowed'],
    ['C', 'Common Law'],
    ['I', 'Interlocutory'],
  ]),
  ['A', [{ system: V3_MARITAL, code: 'L', display: 'Legally Separated' }]],
  ['E', [{ system: V3_MARITAL, code: 'L', display: 'Legally Separated' }]],
  ['N', [{ system: V3_MARITAL, code: 'A', display: 'Annulled' }]],
  ['G', [{ system: V3_MARITAL, code: 'T', display: 'Domestic partner' }]],
  ['P', [{ system: V3_MARITAL, code: 'T', display: 'Domestic partner' }]],
  ['R', [{ system: V3_MARITAL, code: 'T', display: 'Domestic partner' }]],
  ['B', [{ system: V3_MARITAL, code: 'U', display: 'unmarried' }]],
  ['U', [{ system: V3_NULL, code: 'UNK', display: 'unknown' }]],
  ['O', [{ system: V3_NULL, code: 'OTH', display: 'other' }]],
])

/**
 * The NHS codes, some of which mean something else to HL7: N is not disclosed and not annulled, P
 * is separated and not a partner. The value set of UK Core takes S and 9 only from HL7.
 */
export const UK_MARITAL = overlayConcepts(
  MARITAL_STATUS,
  conceptTable('table 0002 (UK)', 'NHS Data Dictionary, PERSON MARITAL STATUS; UK Core', [
    ...sameCodes(UK_MARITAL_STATUS, [
      ['M', 'Married/Civil Partner'],
      ['D', 'Divorced/Person whose Civil Partnership has been dissolved'],
      ['W', 'Widowed/Surviving Civil Partner'],
      ['P', 'Separated'],
      ['N', 'Not disclosed'],
      ['8', 'Not applicable'],
    ]),
    [
      'S',
      [
        { system: UK_MARITAL_STATUS, code: 'S', display: 'Single' },
        { system: V3_MARITAL, code: 'S', display: 'Never Married' },
      ],
    ],
    [
      '9',
      [
        { system: UK_MARITAL_STATUS, code: '9', display: 'Not known' },
        { system: V3_NULL, code: 'UNK', display: 'unknown' },
      ],
    ],
  ]),
)

export const UK_ETHNIC = conceptTable(
  'ethnic category (England)',
  'NHS Data Dictionary, ETHNIC CATEGORY; UK Core EthnicCategoryEngland',
  sameCodes(UK_ETHNIC_CATEGORY, [
    ['A', 'White - British'],
    ['B', 'White - Irish'],
    ['C', 'White - Any other White background'],
    ['D', 'Mixed - White and Black Caribbean'],
    ['E', 'Mixed - White and Black African'],
    ['F', 'Mixed - White and Asian'],
    ['G', 'Mixed - Any other mixed background'],
    ['H', 'Asian or Asian British - Indian'],
    ['J', 'Asian or Asian British - Pakistani'],
    ['K', 'Asian or Asian British - Bangladeshi'],
    ['L', 'Asian or Asian British - Any other Asian background'],
    ['M', 'Black or Black British - Caribbean'],
    ['N', 'Black or Black British - African'],
    ['P', 'Black or Black British - Any other Black background'],
    ['R', 'Other Ethnic Groups - Chinese'],
    ['S', 'Other Ethnic Groups - Any other ethnic group'],
    ['Z', 'Not stated'],
    ['99', 'Not known'],
  ]),
)

/** ITK writes NSTS before the code, other feeds the bare code. */
const STATUSES = [
  ['01', 'Number present and verified'],
  ['02', 'Number present but not traced'],
  ['03', 'Trace required'],
  ['04', 'Trace attempted - No match or multiple match found'],
  ['05', 'Trace needs to be resolved - (NHS number or patient detail conflict)'],
  ['06', 'Trace in progress'],
  ['07', 'Number not present and trace not required'],
  ['08', 'Trace postponed (baby under six weeks old)'],
] as const

export const NHS_NUMBER_STATUS = conceptTable(
  'NHS number status',
  'ITK HL7 v2 message specifications 1.0.15, PID-32; UK Core NHSNumberVerificationStatusEngland',
  STATUSES.flatMap(([code, display]) => {
    const codings = [{ system: UK_NHS_NUMBER_STATUS, code, display }]
    return [
      [`NSTS${code}`, codings],
      [code, codings],
    ] as const
  }),
)
