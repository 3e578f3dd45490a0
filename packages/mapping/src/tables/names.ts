/** Name and address codes. Source: v2-to-FHIR IG, NameType and AddressType; ITK 2.4 tables. */
import { type CodeTable, overlayTable } from '../rule/code-table.ts'

/** HL7 table 0200, the codes that FHIR has a name use for. */
const NAME_TYPES: CodeTable = {
  name: 'table 0200',
  source: 'v2-to-FHIR IG, NameType',
  rows: [
    ['L', 'official'],
    ['R', 'official'],
    ['D', 'usual'],
    ['M', 'maiden'],
    ['N', 'nickname'],
    ['MSK', 'anonymous'],
    ['TEMP', 'temp'],
    ['NAV', 'temp'],
    ['BAD', 'old'],
  ],
}

/**
 * What ITK adds. A name before marriage is FHIR `maiden`, whatever the sex; an alias (A) has no
 * name use in FHIR and stays without one.
 */
export const UK_NAME_TYPES: CodeTable = overlayTable(NAME_TYPES, {
  name: 'table 0200 (UK)',
  source: 'ITK HL7 v2 reference tables 1.0.14, table 0200',
  rows: [
    ['PREFERRED', 'usual'],
    ['PREVIOUS', 'old'],
    ['PREVIOUS-BIRTH', 'old'],
    ['PREVIOUS-MAIDEN', 'maiden'],
    ['PREVIOUS-BACHELOR', 'maiden'],
  ],
})

/** HL7 table 0190, the codes that FHIR has an address use for. */
const ADDRESS_USES: CodeTable = {
  name: 'table 0190 (use)',
  source: 'v2-to-FHIR IG, AddressType[Use]',
  rows: [
    ['H', 'home'],
    ['B', 'work'],
    ['O', 'work'],
    ['C', 'temp'],
    ['BI', 'billing'],
    ['BA', 'old'],
  ],
}

export const UK_ADDRESS_USES: CodeTable = overlayTable(ADDRESS_USES, {
  name: 'table 0190 (UK, use)',
  source: 'ITK HL7 v2 reference tables 1.0.14, table 0190',
  rows: [['TMP', 'temp']],
})

/** HL7 table 0190, the codes that say what an address is good for. */
const ADDRESS_TYPES: CodeTable = {
  name: 'table 0190 (type)',
  source: 'v2-to-FHIR IG, AddressType[Type]',
  rows: [
    ['M', 'postal'],
    ['SH', 'postal'],
  ],
}

export const UK_ADDRESS_TYPES: CodeTable = overlayTable(ADDRESS_TYPES, {
  name: 'table 0190 (UK, type)',
  source: 'ITK HL7 v2 reference tables 1.0.14, table 0190',
  rows: [['PST', 'postal']],
})
