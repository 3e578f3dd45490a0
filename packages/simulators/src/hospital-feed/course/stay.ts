/**
 * A stay in hospital: admission, transfers, updates, discharge, and the same taken back. Source
 * of the trigger events: HSCIC ITK HL7 v2 Message Specifications v1.0.15.
 */

import type { PatientRecord } from '../cast/people.ts'
import { movedHouse } from '../cast/people.ts'
import type { Ward } from '../cast/trust.ts'
import { ADMISSIONS, consultantOf, EMERGENCY, WARDS } from '../cast/trust.ts'
import type { Draw } from '../draw.ts'
import { DAY_MS, HOUR_MS } from '../london-time.ts'
import type { Diary } from './diary.ts'
import type { Bed, Visit } from './journey.ts'
import type { Stay } from './programme.ts'

export type Chapter = { readonly record: PatientRecord; readonly visit: Visit }

const EMERGENCY_REASONS = [
  'Shortness of breath',
  'Chest pain',
  'Abdominal pain',
  'Fall at home',
  'Fever & confusion',
  'Acute kidney injury',
] as const

const ELECTIVE_REASONS = [
  'Total hip replacement',
  'Hernia repair',
  'Coronary angiogram +/- stent',
  'Bronchoscopy',
  'Falls clinic: tilt table test',
] as const

export function drawBed(draw: Draw, ward: Ward): Bed {
  return { ward, bay: `BAY${draw.whole(1, 5)}`, bed: `BED${draw.whole(1, 6)}` }
}

/** The visit of a patient who came by themselves or by ambulance. */
export function emergencyVisit(draw: Draw, number: string, record: PatientRecord): Visit {
  return {
    ...emptyVisit(draw, number, EMERGENCY, record),
    patientClass: 'E',
    admissionMethod: '21',
    reason: draw.pick(EMERGENCY_REASONS),
    arrivalMode: draw.pick(['A', 'A', 'C', 'F', 'P']),
  }
}

/** The visit of a patient who was asked to come. */
export function electiveVisit(draw: Draw, number: string, record: PatientRecord): Visit {
  return {
    ...emptyVisit(draw, number, draw.pick(WARDS), record),
    patientClass: 'I',
    admissionMethod: draw.pick(['11', '12', '13']),
    reason: draw.pick(ELECTIVE_REASONS),
    arrivalMode: 'C',
  }
}

function emptyVisit(draw: Draw, number: string, ward: Ward, record: PatientRecord): Visit {
  return {
    number,
    preadmitNumber: '',
    patientClass: 'I',
    bed: drawBed(draw, ward),
    priorBed: undefined,
    admissionMethod: '',
    admissionSource: draw.pick(['19', '19', '19', '29', '54']),
    consultant: consultantOf(ward),
    referrer: record.practice?.partner,
    reason: '',
    arrivalMode: '',
    expectedAdmissionMs: undefined,
    admittedAtMs: undefined,
    expectedDischargeMs: undefined,
    dischargedAtMs: undefined,
    dischargeMethod: '',
    destination: '',
  }
}

/** A05: a bed is kept for a patient who comes later. */
export function preadmit(diary: Diary, draw: Draw, chapter: Chapter): Chapter {
  const visit: Visit = {
    ...chapter.visit,
    patientClass: 'P',
    preadmitNumber: `PA${chapter.visit.number.slice(1)}`,
    expectedAdmissionMs: diary.nowMs() + draw.whole(2, 5) * HOUR_MS,
  }
  const title = `Pre-admitted to ${visit.bed.ward.name}`
  diary.write({ trigger: 'A05', title, record: chapter.record, visit })
  return { ...chapter, visit }
}

/** A01. A patient who is in the Emergency Department goes to the admissions unit first. */
export function admit(diary: Diary, draw: Draw, chapter: Chapter): Chapter {
  const { visit } = chapter
  const isFromEmergency = visit.patientClass === 'E'
  const bed = isFromEmergency ? drawBed(draw, ADMISSIONS) : visit.bed
  const admitted: Visit = {
    ...visit,
    patientClass: 'I',
    bed,
    priorBed: isFromEmergency ? visit.bed : undefined,
    consultant: consultantOf(bed.ward),
    admittedAtMs: diary.nowMs(),
    expectedDischargeMs: diary.nowMs() + draw.whole(1, 3) * DAY_MS,
  }
  const title = `Admitted to ${bed.ward.name}`
  diary.write({ trigger: 'A01', title, record: chapter.record, visit: admitted })
  return { ...chapter, visit: admitted }
}

/** Everything from the admission to the last discharge. */
export function playStay(diary: Diary, draw: Draw, arrived: Chapter, stay: Stay): Chapter {
  let chapter = admit(diary, draw, arrived)
  if (stay.isMoveCancelled) chapter = moveInVain(diary, draw, chapter)
  for (let move = 0; move < stay.moves; move++) {
    diary.wait(120, 420)
    chapter = transfer(diary, draw, chapter)
  }
  if (stay.update !== 'none') {
    diary.waitForOffice(60, 300)
    chapter = { ...chapter, record: update(diary, draw, chapter, stay.update) }
  }
  diary.waitForOffice(240, 420)
  chapter = discharge(diary, chapter, stay.ends)
  if (!stay.isDischargeCancelled) return chapter
  diary.wait(30, 90)
  chapter = cancelDischarge(diary, chapter)
  diary.waitForOffice(120, 300)
  return discharge(diary, chapter, stay.ends)
}

function transfer(diary: Diary, draw: Draw, chapter: Chapter): Chapter {
  const { visit } = chapter
  const ward = draw.pick(WARDS.filter((one) => one.code !== visit.bed.ward.code))
  const moved: Visit = {
    ...visit,
    bed: drawBed(draw, ward),
    priorBed: visit.bed,
    consultant: consultantOf(ward),
  }
  const title = `Moved from ${visit.bed.ward.name} to ${ward.name}`
  diary.write({ trigger: 'A02', title, record: chapter.record, visit: moved })
  return { ...chapter, visit: moved }
}

/** A02 and then A12: the patient never left the bed. */
function moveInVain(diary: Diary, draw: Draw, chapter: Chapter): Chapter {
  diary.wait(60, 240)
  transfer(diary, draw, chapter)
  diary.wait(10, 60)
  const title = `Transfer cancelled, still in ${chapter.visit.bed.ward.name}`
  diary.write({ trigger: 'A12', title, record: chapter.record, visit: chapter.visit })
  return chapter
}

function update(
  diary: Diary,
  draw: Draw,
  chapter: Chapter,
  what: 'moved-house' | 'phone-deleted',
): PatientRecord {
  const { record, visit } = chapter
  if (what === 'moved-house') {
    const moved = movedHouse(record, draw)
    diary.write({ trigger: 'A08', source: 'epr', title: 'Address changed', record: moved, visit })
    return moved
  }
  const removed: PatientRecord = { ...record, homePhone: '' }
  const title = 'Home telephone removed'
  diary.write({ trigger: 'A08', title, record: removed, visit, isHomePhoneDeleted: true })
  return removed
}

const ENDINGS = {
  home: { dischargeMethod: '1', destination: '19', title: 'Discharged home' },
  'care-home': { dischargeMethod: '1', destination: '54', title: 'Discharged to a care home' },
  died: { dischargeMethod: '4', destination: '79', title: 'Discharged: died' },
} as const

function discharge(diary: Diary, chapter: Chapter, ends: Stay['ends']): Chapter {
  const { dischargeMethod, destination, title } = ENDINGS[ends]
  const atMs = diary.nowMs()
  const visit: Visit = { ...chapter.visit, dischargedAtMs: atMs, dischargeMethod, destination }
  const record = ends === 'died' ? { ...chapter.record, diedAtMs: atMs } : chapter.record
  diary.write({ trigger: 'A03', title, record, visit })
  return { record, visit }
}

/** A13: the patient is back in the bed, and the visit has no end again. */
function cancelDischarge(diary: Diary, chapter: Chapter): Chapter {
  const visit: Visit = {
    ...chapter.visit,
    dischargedAtMs: undefined,
    dischargeMethod: '',
    destination: '',
  }
  diary.write({ trigger: 'A13', title: 'Discharge cancelled', record: chapter.record, visit })
  return { ...chapter, visit }
}
