/**
 * What happens to a patient, as data. Each event holds what the hospital knows after it, so that
 * a message can be written from its event alone.
 */
import type { PatientRecord } from '../cast/people.ts'
import type { Consultant, Staff, Ward } from '../cast/trust.ts'

export type Bed = { readonly ward: Ward; readonly bay: string; readonly bed: string }

/** Codes: NHS Data Model and Dictionary, as ITK lists them for PV1. */
export type Visit = {
  /** Same in every message of the visit. */
  readonly number: string
  readonly preadmitNumber: string
  /** `P` pre-admitted, `E` emergency attendance, `I` inpatient. */
  readonly patientClass: 'P' | 'E' | 'I'
  readonly bed: Bed
  readonly priorBed: Bed | undefined
  /** PV1-4 ADMISSION METHOD. */
  readonly admissionMethod: string
  /** PV1-14 SOURCE OF ADMISSION. */
  readonly admissionSource: string
  readonly consultant: Consultant
  readonly referrer: Staff | undefined
  readonly reason: string
  /** How the patient came: HL7 table 0430, or empty. */
  readonly arrivalMode: string
  readonly expectedAdmissionMs: number | undefined
  readonly admittedAtMs: number | undefined
  readonly expectedDischargeMs: number | undefined
  readonly dischargedAtMs: number | undefined
  /** PV1-36 DISCHARGE METHOD, or empty. */
  readonly dischargeMethod: string
  /** PV1-37 DISCHARGE DESTINATION, or empty. */
  readonly destination: string
}

export type AdtTrigger =
  | 'A01'
  | 'A02'
  | 'A03'
  | 'A04'
  | 'A05'
  | 'A08'
  | 'A11'
  | 'A12'
  | 'A13'
  | 'A28'
  | 'A31'
  | 'A40'

type Happening = {
  /** Number of the patient in the feed. */
  readonly patient: number
  readonly journey: number
  /** When the message is sent: whole minutes, no two alike for one patient. */
  readonly atMs: number
  /** For a terminal: what happened, nothing about whom. */
  readonly title: string
  /** The patient and the visit as they are after the event. */
  readonly record: PatientRecord
  readonly visit: Visit | undefined
}

export type AdtEvent = Happening & {
  readonly kind: 'adt'
  readonly source: 'pas' | 'epr'
  readonly trigger: AdtTrigger
  /** When it came to pass, never after `atMs`: typing takes a while. */
  readonly occurredAtMs: number
  /** A40: the record that ends. */
  readonly merged: PatientRecord | undefined
  /** The home telephone number was removed: sent as an HL7 null. */
  readonly isHomePhoneDeleted: boolean
}

/** Preliminary, final, or corrected after it was final. Source: HL7 table 0123. */
export type ResultStatus = 'P' | 'F' | 'C'

export type ResultEvent = Happening & {
  readonly kind: 'laboratory' | 'imaging'
  readonly source: 'lab' | 'epr'
  /** Same for every version of the order; unique in the feed. */
  readonly orderNumber: string
  /** What was asked for: a key of the catalogue of its kind. */
  readonly order: string
  readonly status: ResultStatus
  readonly collectedAtMs: number
  readonly requester: Staff | undefined
}

export type JourneyEvent = AdtEvent | ResultEvent
