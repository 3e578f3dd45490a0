/** Telecom codes. Source: v2-to-FHIR IG, TelecommunicationUseCode and ...EquipmentType. */
import type { CodeTable } from '../rule/code-table.ts'

/** HL7 table 0201, the codes that FHIR has a use for. NET says what it is, not whose. */
export const TELECOM_USES: CodeTable = {
  name: 'table 0201',
  source: 'v2-to-FHIR IG, TelecommunicationUseCode',
  rows: [
    ['PRN', 'home'],
    ['WPN', 'work'],
    ['PRS', 'mobile'],
  ],
}

/** HL7 table 0202. `mobile` is no FHIR system: CP is a phone whose use is mobile. */
export const TELECOM_SYSTEMS: CodeTable = {
  name: 'table 0202',
  source: 'v2-to-FHIR IG, TelecommunicationEquipmentType',
  rows: [
    ['PH', 'phone'],
    ['CP', 'phone'],
    ['FX', 'fax'],
    ['BP', 'pager'],
    ['Internet', 'email'],
    ['X.400', 'email'],
    ['MD', 'other'],
    ['SAT', 'other'],
    ['TDD', 'other'],
    ['TTY', 'other'],
  ],
}
