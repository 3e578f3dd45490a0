/**
 * Names of coding systems (CE.3, CWE.3) that mean the same everywhere. Any other name is the
 * sender's own. Source: HL7 table 0396; FHIR R4 terminologies-systems.
 */

const SYSTEMS: ReadonlyMap<string, string> = new Map([
  ['SCT', 'http://snomed.info/sct'],
  ['LN', 'http://loinc.org'],
  ['UCUM', 'http://unitsofmeasure.org'],
  ['I10', 'http://hl7.org/fhir/sid/icd-10'],
  ['ICD10', 'http://hl7.org/fhir/sid/icd-10'],
  ['READ2', 'http://read.info/readv2'],
  ['CTV3', 'http://read.info/ctv3'],
])

/** SNM was SNOMED before SNOMED CT; only a code of digits can be a SNOMED CT identifier. */
const SNOMED_ID = /^\d{6,18}$/
const HL7_TABLE = /^HL7(\d{4})$/

/** Undefined when the name is not one of these. */
export function knownCodeSystem(name: string, code: string): string | undefined {
  const system = SYSTEMS.get(name)
  if (system !== undefined) return system
  if (name === 'SNM' && SNOMED_ID.test(code)) return SYSTEMS.get('SCT')
  const table = name.startsWith('HL7') ? HL7_TABLE.exec(name)?.[1] : undefined
  return table === undefined ? undefined : `http://terminology.hl7.org/CodeSystem/v2-${table}`
}
