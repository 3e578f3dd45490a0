/**
 * The resource types that the API serves, and by which parameter each is found for a patient.
 * Source: FHIR R4 search parameter registry (`clinical-patient` and the types' own `patient` and
 * `subject` parameters), narrowed to what HL7 v2 messages make and the store finds by patient.
 */
import type { ResourceType } from '@almoner/fhir'

export type PatientParameter = 'patient' | 'subject'

const BOTH: readonly PatientParameter[] = ['patient', 'subject']
const NONE: readonly PatientParameter[] = []

/** The types that the mappings make. A mapping that makes another adds its line here. */
const TYPES = new Map<ResourceType, readonly PatientParameter[]>([
  ['DiagnosticReport', BOTH],
  ['Encounter', BOTH],
  ['Location', NONE],
  ['Observation', BOTH],
  ['Organization', NONE],
  ['Patient', NONE],
  ['Practitioner', NONE],
])

export const servedTypes: readonly ResourceType[] = [...TYPES.keys()]

/** The type by its name, or undefined when it is not served. */
export const servedType = (name: string): ResourceType | undefined =>
  servedTypes.find((type) => type === name)

/** Names of the parameters that find resources of the type by patient; empty when it has none. */
export const patientParameters = (type: ResourceType): readonly PatientParameter[] =>
  TYPES.get(type) ?? NONE
