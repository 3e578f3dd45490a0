/**
 * ADT as the patient administration system sends it: HL7 v2.4 after the ITK specification.
 * Source: HSCIC ITK HL7 v2 Message Specifications v1.0.15 and Reference Tables v1.0.14.
 */

import type { PatientRecord } from '../cast/people.ts'
import { UNIDENTIFIED } from '../cast/people.ts'
import { CLERKS } from '../cast/trust.ts'
import type { AdtEvent, Visit } from '../course/journey.ts'
import { londonStamp } from '../london-time.ts'
import { ADT_STRUCTURES } from './adt-structure.ts'
import type { Origin } from './message-parts.ts'
import { address, doctor, kinName, location, patientNames } from './message-parts.ts'
import { DELETED, header, message, pieces, repetitions, segment } from './segment-text.ts'

export function pasMessage(event: AdtEvent, origin: Origin): string {
  const structure = ADT_STRUCTURES[event.trigger]
  const { record, visit } = event
  return message([
    header({
      3: 'PAS',
      4: origin.organisation,
      5: 'ROUTE',
      6: 'ROUTE',
      7: londonStamp(event.atMs, 'second'),
      9: pieces('ADT', event.trigger, structure.name),
      10: origin.controlId,
      11: 'P',
      12: '2.4',
      17: 'GBR',
      18: 'UNICODE UTF-8',
      19: 'EN',
      21: 'iTKv1.0',
    }),
    eventType(event, origin),
    patientIdentification(event, origin),
    primaryCare(record),
    event.merged === undefined ? '' : mergedPatient(event.merged, origin),
    structure.hasNextOfKin ? nextOfKin(record) : '',
    visit === undefined ? '' : patientVisit(event, visit, origin),
    visit !== undefined && structure.hasVisitDetail ? visitDetail(visit) : '',
  ])
}

function eventType(event: AdtEvent, origin: Origin): string {
  const clerk = CLERKS[event.patient % CLERKS.length]!
  return segment('EVN', {
    2: londonStamp(event.atMs, 'minute'),
    5: pieces(clerk.code, clerk.family, clerk.given, '', '', '', '', '', origin.organisation),
    6: londonStamp(event.occurredAtMs, 'minute'),
  })
}

/** CX repetitions. ITK gives an NHS number an authority and no type. */
const identifiers = (record: PatientRecord, origin: Origin): string =>
  repetitions(
    record.nhsNumber === '' ? '' : pieces(record.nhsNumber, '', '', 'NHS'),
    pieces(record.mrn, '', '', origin.organisation, 'MR'),
  )

function patientIdentification(event: AdtEvent, origin: Origin): string {
  const { record } = event
  return segment('PID', {
    1: '1',
    3: identifiers(record, origin),
    5: patientNames(record, 'PREFERRED'),
    7: record.birthDate,
    8: record.sex,
    11: address(record.address),
    13: event.isHomePhoneDeleted ? DELETED : record.homePhone,
    14: record.workPhone,
    15: record.language,
    16: record.maritalStatus,
    17: record.religion,
    22: record.ethnicCategory,
    23: record.birthPlace,
    28: record.nationality,
    29: record.diedAtMs === undefined ? '' : londonStamp(record.diedAtMs, 'minute'),
    30: record.diedAtMs === undefined ? '' : 'Y',
    31: record.family === UNIDENTIFIED ? 'Y' : '',
    32: `NSTS${record.nhsNumberStatus}`,
  })
}

function primaryCare({ practice }: PatientRecord): string {
  if (practice === undefined) return ''
  return segment('PD1', {
    3: pieces(practice.name, '', practice.odsCode),
    4: doctor(practice.partner),
  })
}

const mergedPatient = (merged: PatientRecord, origin: Origin): string =>
  segment('MRG', { 1: identifiers(merged, origin), 7: patientNames(merged, 'PREFERRED') })

/** ITK numbers its relationships. */
const RELATIONSHIPS = { spouse: '1', carer: '20' } as const

function nextOfKin({ kin }: PatientRecord): string {
  if (kin === undefined) return ''
  return segment('NK1', {
    1: '1',
    2: kinName(kin),
    3: RELATIONSHIPS[kin.relationship],
    4: address(kin.address),
    5: kin.phone,
    15: kin.sex,
  })
}

function patientVisit(event: AdtEvent, visit: Visit, origin: Origin): string {
  // A discharge that is taken back is deleted by name: leaving it out would leave it standing.
  const undone = event.trigger === 'A13' ? DELETED : ''
  const stamp = (atMs: number | undefined) =>
    atMs === undefined ? '' : londonStamp(atMs, 'minute')
  return segment('PV1', {
    1: '1',
    2: visit.patientClass,
    3: location(visit.bed, origin.organisation),
    4: visit.admissionMethod,
    5: visit.preadmitNumber === '' ? '' : pieces(visit.preadmitNumber, '', '', origin.organisation),
    6: location(visit.priorBed, origin.organisation),
    7: doctor(visit.consultant),
    8: doctor(visit.referrer),
    10: visit.consultant.treatmentFunction,
    14: visit.admissionSource,
    17: doctor(visit.consultant),
    19: pieces(visit.number, '', '', origin.organisation, 'VN'),
    36: visit.dischargeMethod || undone,
    37: visit.destination || undone,
    44: stamp(visit.admittedAtMs),
    45: stamp(visit.dischargedAtMs) || undone,
  })
}

function visitDetail(visit: Visit): string {
  const { expectedAdmissionMs, expectedDischargeMs } = visit
  return segment('PV2', {
    3: pieces('', visit.reason),
    8: expectedAdmissionMs === undefined ? '' : londonStamp(expectedAdmissionMs, 'minute'),
    9: expectedDischargeMs === undefined ? '' : londonStamp(expectedDischargeMs, 'minute'),
    38: visit.arrivalMode,
  })
}
