/** The whole course of one arrival: from the first message about a patient to the last. */

import type { PatientRecord } from '../cast/people.ts'
import { movedHouse, personOf, unidentifiedPatient } from '../cast/people.ts'
import type { Draw } from '../draw.ts'
import { drawFrom } from '../draw.ts'
import { HOUR_MS, MINUTE_MS } from '../london-time.ts'
import type { Diary } from './diary.ts'
import { openDiary } from './diary.ts'
import type { JourneyEvent, Visit } from './journey.ts'
import { withResults } from './place-results.ts'
import type { Arrival, Stay, Versions } from './programme.ts'
import { JOURNEYS_PER_ARRIVAL_MAX } from './programme.ts'
import type { Chapter } from './stay.ts'
import { electiveVisit, emergencyVisit, playStay, preadmit } from './stay.ts'

/** Keeps the draws that make a course apart from other draws. */
const COURSE = 2

export type Course = {
  readonly seed: number
  /** Number of the patient, counted over the whole feed. */
  readonly patient: number
  readonly thisYear: number
  /** Start of the day of arrival. */
  readonly dayMs: number
  readonly arrival: Arrival
}

type Person = { readonly draw: Draw; readonly patient: number; readonly record: PatientRecord }

/** The events of an arrival in order of time; no two at the same minute. */
export function planArrival(course: Course): readonly JourneyEvent[] {
  const { seed, patient, arrival } = course
  const draw = drawFrom(seed, COURSE, patient)
  const person = { draw, patient, record: personOf(seed, patient, course.thisYear) }
  const firstMs = course.dayMs + draw.whole(0, 12 * 60) * MINUTE_MS
  const diary = openDiary(draw, patient, patient * JOURNEYS_PER_ARRIVAL_MAX, firstMs)
  diary.waitForOffice(10, 60)
  diary.write({ trigger: 'A28', title: 'Registered', record: person.record, visit: undefined })
  switch (arrival.kind) {
    case 'elective':
      return planElective(diary, person, arrival.isPreadmitted, arrival.stay)
    case 'emergency':
      return planEmergency(diary, person, arrival.arrivesAt, arrival.stay)
    case 'unidentified':
      return planUnidentified(diary, person, arrival.stay)
    case 'cancelled':
      return planCancelled(diary, person, arrival.isPreadmitted)
    case 'person-update':
      return planPersonUpdate(diary, person, arrival.updatedBy)
    case 'community':
      return planCommunity(diary, person, arrival.laboratory)
  }
}

function planElective(
  diary: Diary,
  person: Person,
  isPreadmitted: boolean,
  stay: Stay,
): readonly JourneyEvent[] {
  const { draw } = person
  const expected = expectElective(diary, person, isPreadmitted)
  diary.wait(60, 180)
  const fromMs = diary.nowMs()
  const left = playStay(diary, draw, expected, stay)
  return withStayResults(draw, diary, fromMs, left.visit, stay)
}

/** The visit to come, announced by an A05 or not. */
function expectElective(diary: Diary, person: Person, isPreadmitted: boolean): Chapter {
  const { draw, record } = person
  const chapter = { record, visit: electiveVisit(draw, visitNumber(person, 0), record) }
  if (!isPreadmitted) return chapter
  diary.wait(30, 120)
  return preadmit(diary, draw, chapter)
}

function planEmergency(
  diary: Diary,
  person: Person,
  arrivesAt: 'pas' | 'epr',
  stay: Stay,
): readonly JourneyEvent[] {
  const { draw, record } = person
  diary.wait(120, 600)
  const fromMs = diary.nowMs()
  const visit = { ...emergencyVisit(draw, visitNumber(person, 0), record), admittedAtMs: fromMs }
  const title = 'Arrived in the Emergency Department'
  diary.write({ trigger: 'A04', source: arrivesAt, title, record, visit })
  diary.wait(60, 240)
  const left = playStay(diary, draw, { record, visit }, stay)
  return withStayResults(draw, diary, fromMs, left.visit, stay)
}

/** The second journey of somebody who is registered: under a temporary number until named. */
function planUnidentified(first: Diary, person: Person, stay: Stay): readonly JourneyEvent[] {
  const { draw, patient, record } = person
  const journey = patient * JOURNEYS_PER_ARRIVAL_MAX + 1
  const diary = openDiary(draw, patient, journey, first.nowMs() + draw.whole(2, 8) * HOUR_MS)
  const fromMs = diary.nowMs()
  const stranger = unidentifiedPatient(`RT${1_000_000 + patient}`, record.sex)
  const visit = { ...emergencyVisit(draw, visitNumber(person, 1), stranger), admittedAtMs: fromMs }
  const title = 'Arrived unidentified in the Emergency Department'
  diary.write({ trigger: 'A04', title, record: stranger, visit })
  diary.wait(60, 180)
  const named = { ...visit, referrer: record.practice?.partner }
  const merging = 'Identified: the temporary record is merged'
  diary.write({ trigger: 'A40', title: merging, record, visit: named, merged: stranger })
  diary.wait(30, 120)
  const left = playStay(diary, draw, { record, visit: named }, stay)
  return [...first.events, ...withStayResults(draw, diary, fromMs, left.visit, stay)]
}

function planCancelled(
  diary: Diary,
  person: Person,
  isPreadmitted: boolean,
): readonly JourneyEvent[] {
  const { visit } = expectElective(diary, person, isPreadmitted)
  diary.wait(60, 180)
  const { record } = person
  const admitted: Visit = { ...visit, patientClass: 'I', admittedAtMs: diary.nowMs() }
  const title = `Admitted to ${visit.bed.ward.name}`
  diary.write({ trigger: 'A01', title, record, visit: admitted })
  diary.wait(10, 60)
  diary.write({ trigger: 'A11', title: 'Admission cancelled', record, visit: admitted })
  return diary.events
}

function planPersonUpdate(
  diary: Diary,
  person: Person,
  source: 'pas' | 'epr',
): readonly JourneyEvent[] {
  diary.waitForOffice(60, 400)
  const record = movedHouse(person.record, person.draw)
  diary.write({ trigger: 'A31', source, title: 'Address changed', record, visit: undefined })
  return diary.events
}

function planCommunity(
  diary: Diary,
  person: Person,
  laboratory: readonly Versions[],
): readonly JourneyEvent[] {
  const fromMs = diary.nowMs() + HOUR_MS
  const window = { fromMs, toMs: fromMs + 4 * HOUR_MS }
  return withResults(person.draw, diary.events, { laboratory, imaging: [], window })
}

/** Samples are taken from the arrival until shortly before the discharge. */
function withStayResults(
  draw: Draw,
  diary: Diary,
  fromMs: number,
  visit: Visit,
  stay: Stay,
): readonly JourneyEvent[] {
  const endMs = visit.dischargedAtMs ?? diary.nowMs()
  const window = { fromMs, toMs: endMs - HOUR_MS }
  return withResults(draw, diary.events, { ...stay, window })
}

/** Unique in the feed: the patient's number and which of their visits it is. */
const visitNumber = (person: Person, nth: number): string =>
  `V${String(person.patient * JOURNEYS_PER_ARRIVAL_MAX + nth).padStart(8, '0')}`
