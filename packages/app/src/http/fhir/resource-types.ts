/**
 * The resource types that the API serves, and by which parameter each is found for a patient.
 * Source: FHIR R4 search parameter registry (`clinical-patient` and the types' own `patient` and
 * `subject` parameters), narrowed to what HL7 v2 messages make and the store finds by patient.
 */
import type { ResourceType } from '@almoner/fhir'

export type PatientParameter = 'patient' | 'subject'

const BOTH: readonly PatientParameter[] = ['patient', 'subject']
const PATIENT: readonly PatientParameter[] = ['patient']
const NONE: readonly PatientParameter[] = []

const TYPES = new Map<ResourceType, readonly PatientParameter[]>([
  ['AllergyIntolerance', PATIENT],
  ['Condition', BOTH],
  ['Device', PATIENT],
  ['DiagnosticReport', BOTH],
  ['DocumentReference', BOTH],
  ['Encounter', BOTH],
  ['EpisodeOfCare', PATIENT],
  ['Flag', BOTH],
  ['Immunization', PATIENT],
  ['Location', NONE],
  ['MedicationRequest', BOTH],
  ['Observation', BOTH],
  ['Organization', NONE],
  ['Patient', NONE],
  ['Practitioner', NONE],
  ['PractitionerRole', NONE],
  ['Procedure', BOTH],
  ['RelatedPerson', PATIENT],
  ['ServiceRequest', BOTH],
  ['Specimen', BOTH],
])

export const servedTypes: readonly ResourceType[] = [...TYPES.keys()]

/** The type by its name, or undefined when it is not served. */
export const servedType = (name: string): ResourceType | undefined =>
  servedTypes.find((type) => type === name)

/** Names of the parameters that find resources of the type by patient; empty when it has none. */
export const patientParameters = (type: ResourceType): readonly PatientParameter[] =>
  TYPES.get(type) ?? NONE
