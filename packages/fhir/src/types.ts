/**
 * FHIR R4 types, one name each, so that no other room imports the type package.
 * Source: HL7 FHIR R4 (4.0.1), through @types/fhir.
 */
import type * as fhir4 from 'fhir/r4.js'

export type Resource = fhir4.FhirResource
export type ResourceType = Resource['resourceType']
export type Address = fhir4.Address
export type Annotation = fhir4.Annotation
export type Bundle = fhir4.Bundle
export type BundleEntry = fhir4.BundleEntry
export type CodeableConcept = fhir4.CodeableConcept
export type Coding = fhir4.Coding
export type ContactPoint = fhir4.ContactPoint
export type DiagnosticReport = fhir4.DiagnosticReport
export type Encounter = fhir4.Encounter
export type Extension = fhir4.Extension
export type HumanName = fhir4.HumanName
export type Identifier = fhir4.Identifier
export type Location = fhir4.Location
export type Observation = fhir4.Observation
export type OperationOutcome = fhir4.OperationOutcome
export type Organization = fhir4.Organization
export type Patient = fhir4.Patient
export type Period = fhir4.Period
export type Practitioner = fhir4.Practitioner
export type Quantity = fhir4.Quantity
export type Reference = fhir4.Reference
