/**
 * The UK Core profile that each resource says it follows, as slots: the same slot serves all
 * drafts. Source: UK Core STU 2 (package UKCore.R4.STU.02.00.00).
 */
import type { Slot } from '@almoner/fhir'
import { ukProfile } from './systems.ts'

const profileSlot = (name: string): Slot => ({
  path: 'meta.profile',
  mode: 'union',
  value: [ukProfile(name)],
})

export const UK_PROFILES = {
  patient: profileSlot('Patient'),
  encounter: profileSlot('Encounter'),
  location: profileSlot('Location'),
  Practitioner: profileSlot('Practitioner'),
  Organization: profileSlot('Organization'),
  report: profileSlot('DiagnosticReport'),
  labReport: profileSlot('DiagnosticReport-Lab'),
  observation: profileSlot('Observation'),
  labObservation: profileSlot('Observation-Lab'),
} as const
