/**
 * HL7 table 0063, relationship, and 0131, contact role. Of the numbers that ITK sends only those
 * whose meaning is published with certainty are translated; the others stay as they are sent.
 * Source: v2-to-FHIR IG, Relationship and ContactRole; ITK HL7 v2 reference tables 1.0.14.
 */
import { conceptTable, overlayConcepts, sameCodes } from '../rule/code-table.ts'
import { UK_PERSON_RELATIONSHIP, v2Table, v3Codes } from '../uk/systems.ts'

const ROLE = v3Codes('RoleCode')
const CONTACT = v2Table('0131')

const ROLES: readonly (readonly [v2: string, code: string, display: string])[] = [
  ['SEL', 'ONESELF', 'self'],
  ['SPO', 'SPS', 'spouse'],
  ['DOM', 'SIGOTHR', 'significant other'],
  ['CHD', 'CHILD', 'child'],
  ['GCH', 'GRNDCHILD', 'grandchild'],
  ['NCH', 'NCHILD', 'natural child'],
  ['SCH', 'STPCHLD', 'step child'],
  ['FCH', 'CHLDFOST', 'foster child'],
  ['PAR', 'PRN', 'parent'],
  ['MTH', 'MTH', 'mother'],
  ['FTH', 'FTH', 'father'],
  ['GRP', 'GRPRN', 'grandparent'],
  ['EXF', 'EXT', 'extended family member'],
  ['SIB', 'SIB', 'sibling'],
  ['BRO', 'BRO', 'brother'],
  ['SIS', 'SIS', 'sister'],
  ['FND', 'FRND', 'unrelated friend'],
]

export const RELATIONSHIP = conceptTable('table 0063', 'v2-to-FHIR IG, Relationship', [
  ...ROLES.map(([v2, code, display]) => [v2, [{ system: ROLE, code, display }]] as const),
  ['EMR', [{ system: CONTACT, code: 'E', display: 'Employer' }]],
  ['EMC', [{ system: CONTACT, code: 'C', display: 'Emergency Contact' }]],
  ['UNK', [{ system: CONTACT, code: 'U', display: 'Unknown' }]],
  ['OTH', [{ system: CONTACT, code: 'O', display: 'Other' }]],
  ...sameCodes(v2Table('0063'), [
    ['DEP', 'Handicapped dependent'],
    ['WRD', 'Ward of court'],
    ['CGV', 'Care giver'],
    ['GRD', 'Guardian'],
    ['OAD', 'Other adult'],
    ['EME', 'Employee'],
    ['ASC', 'Associate'],
    ['OWN', 'Owner'],
    ['TRA', 'Trainer'],
    ['MGR', 'Manager'],
    ['NON', 'None'],
  ]),
])

export const UK_RELATIONSHIP = overlayConcepts(
  RELATIONSHIP,
  conceptTable('table 0063 (UK)', 'ITK HL7 v2 reference tables 1.0.14, table 0063', [
    ['1', [{ system: ROLE, code: 'SPS', display: 'spouse' }]],
    ['20', [{ system: UK_PERSON_RELATIONSHIP, code: 'Carer', display: 'Carer of patient' }]],
  ]),
)

export const CONTACT_ROLE = conceptTable(
  'table 0131',
  'v2-to-FHIR IG, ContactRole',
  sameCodes(CONTACT, [
    ['E', 'Employer'],
    ['C', 'Emergency Contact'],
    ['F', 'Federal Agency'],
    ['I', 'Insurance Company'],
    ['N', 'Next-of-Kin'],
    ['S', 'State Agency'],
    ['O', 'Other'],
    ['U', 'Unknown'],
  ]),
)
