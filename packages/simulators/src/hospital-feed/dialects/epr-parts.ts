/**
 * Segments as the electronic patient record writes them: HL7 v2.5.1, with authorities that name
 * themselves by OID. The NHS number's OID is that of the NHS version 3 specifications.
 */

import type { PatientRecord, SexCode } from '../cast/people.ts'
import { RIVERSIDE_OID } from '../cast/trust.ts'
import type { Visit } from '../course/journey.ts'
import { londonStamp } from '../london-time.ts'
import type { Origin } from './message-parts.ts'
import { address, doctor, kinName, location, patientNames } from './message-parts.ts'
import {
  encodedPieces,
  header,
  pieces,
  plain,
  repetitions,
  segment,
  subpieces,
} from './segment-text.ts'

const NHS_NUMBER_OID = '2.16.840.1.113883.2.1.4.1'
const EPR_OID = `${RIVERSIDE_OID}.1`

export function eprHeader(
  origin: Origin,
  atMs: number,
  type: readonly [code: string, trigger: string, structure: string],
): string {
  return header({
    3: pieces('EPR', EPR_OID, 'ISO'),
    4: pieces(origin.organisation, RIVERSIDE_OID, 'ISO'),
    5: 'TIE',
    6: origin.organisation,
    7: londonStamp(atMs, 'second'),
    9: pieces(...type),
    10: origin.controlId,
    11: 'P',
    12: '2.5.1',
    17: 'GBR',
    18: 'UNICODE UTF-8',
    19: 'en',
  })
}

/** HL7 table 0001, as systems from elsewhere use it. */
const SEXES: Readonly<Record<SexCode, string>> = { '1': 'M', '2': 'F', '9': 'O', '0': 'U' }

export function eprPatient(record: PatientRecord, origin: Origin): string {
  return segment('PID', {
    1: '1',
    3: repetitions(
      record.nhsNumber === '' ? '' : identifier(record.nhsNumber, 'NHS', NHS_NUMBER_OID, 'NH'),
      identifier(record.mrn, origin.organisation, RIVERSIDE_OID, 'MR'),
    ),
    5: patientNames(record, 'N'),
    7: record.birthDate,
    8: SEXES[record.sex],
    11: address(record.address),
    13: repetitions(
      telephone(record.homePhone, 'PRN', 'PH'),
      telephone(record.mobilePhone, 'PRN', 'CP'),
      record.email === '' ? '' : pieces('', 'NET', 'Internet', record.email),
    ),
    14: telephone(record.workPhone, 'WPN', 'PH'),
    15: record.language.toLowerCase(),
    16: record.maritalStatus,
    22: record.ethnicCategory,
    30: record.diedAtMs === undefined ? '' : 'Y',
  })
}

/** CX with an authority that carries its OID. */
const identifier = (value: string, namespace: string, oid: string, type: string): string =>
  encodedPieces(plain(value), '', '', subpieces(namespace, oid, 'ISO'), type)

/** XTN with the number as it is dialled in the twelfth component. */
const telephone = (number: string, use: string, equipment: string): string =>
  number === '' ? '' : pieces('', use, equipment, '', '', '', '', '', '', '', '', number)

export function eprPrimaryCare({ practice }: PatientRecord): string {
  if (practice === undefined) return ''
  return segment('PD1', {
    3: pieces(practice.name, '', '', '', '', '', '', '', '', practice.odsCode),
    4: doctor(practice.partner),
  })
}

/** HL7 table 0063. */
const RELATIONSHIPS = { spouse: 'SPO', carer: 'CGV' } as const

export function eprNextOfKin({ kin }: PatientRecord): string {
  if (kin === undefined) return ''
  return segment('NK1', {
    1: '1',
    2: kinName(kin),
    3: RELATIONSHIPS[kin.relationship],
    4: address(kin.address),
    5: telephone(kin.phone, 'PRN', 'CP'),
    15: SEXES[kin.sex],
  })
}

export function eprVisit(visit: Visit | undefined, origin: Origin): string {
  // The structures of v2.5.1 want a PV1 even where there is no visit: N, not applicable.
  if (visit === undefined) return segment('PV1', { 1: '1', 2: 'N' })
  const { admittedAtMs, dischargedAtMs } = visit
  return segment('PV1', {
    1: '1',
    2: visit.patientClass,
    3: location(visit.bed, origin.organisation),
    4: visit.admissionMethod,
    7: doctor(visit.consultant),
    8: doctor(visit.referrer),
    10: visit.consultant.treatmentFunction,
    14: visit.admissionSource,
    19: identifier(visit.number, origin.organisation, RIVERSIDE_OID, 'VN'),
    44: admittedAtMs === undefined ? '' : londonStamp(admittedAtMs, 'second'),
    45: dischargedAtMs === undefined ? '' : londonStamp(dischargedAtMs, 'second'),
  })
}

/** EI of an order, with the system that numbered it. */
export const eprOrderNumber = (number: string, system: string, arc: string): string =>
  pieces(number, system, `${EPR_OID}.${arc}`, 'ISO')
