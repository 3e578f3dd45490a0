/**
 * ORU^R01 ⇄ Patient, DiagnosticReport and Observation. Groups are respected wherever SPM and NTE
 * stand: a result after SPM is still a result. A result message never overwrites what the patient
 * administration says of the patient and the visit.
 * Source: v2-to-FHIR IG, message ORU_R01; HL7 v2.5.1 chapter 7.3.1; UK Core Observation-Lab 2.0.1
 * and DiagnosticReport-Lab 2.0.1.
 */
import { draftReference } from '@almoner/fhir'
import { MAP_ERRORS } from '../errors.ts'
import { createDraft, type DraftBuilder, setSlot, uniteSlot } from '../rule/draft-builder.ts'
import { type Group, type GroupSpec, segmentOf, segmentsOf } from '../rule/group.ts'
import { urnPart } from '../rule/names.ts'
import { fieldFrom, fieldTo, nextName, type Reading, wholeText } from '../rule/reading.ts'
import { type RuleBook, ruleSite } from '../rule/rule-book.ts'
import { compileSegment, isNullField, passSegment, type SegmentReader } from '../rule/segment.ts'
import { inheritTimes } from '../segments/effective.rules.ts'
import { compileReportNotes, compileResultNotes, type ReadNotes } from '../segments/nte.rules.ts'
import {
  codeText,
  isLaboratory,
  type ReportKey,
  reportIdentifier,
  reportKey,
} from '../segments/obr.rules.ts'
import { obxLine } from '../segments/obx.rules.ts'
import { UK_PROFILES } from '../uk/profiles.ts'
import { numbered, type ReadMessage } from './adt.ts'
import { compilePatient } from './patient.ts'
import type { UkProfile } from './profile.ts'
import { joinLines, mirrorLines, type ResultRows } from './text-lines.ts'
import { compileVisit } from './visit.ts'

const OBSERVATION: GroupSpec = {
  name: 'OBSERVATION',
  opens: ['OBX'],
  holds: ['NTE'],
  makes: ['Observation', 'Practitioner', 'Organization'],
  groups: [],
}

const ORDER_OBSERVATION: GroupSpec = {
  name: 'ORDER_OBSERVATION',
  opens: ['ORC', 'OBR'],
  holds: ['NTE', 'SPM'],
  makes: ['DiagnosticReport', 'Practitioner'],
  groups: [OBSERVATION],
}

/** Results outside their groups are held here, so that they are noticed and not lost. */
const RESULTS = ['ORC', 'OBR', 'OBX']

export const ORU_GRAMMAR: GroupSpec = {
  name: 'ORU_R01',
  opens: [],
  holds: ['MSH', 'EVN', ...RESULTS],
  makes: [],
  groups: [
    {
      name: 'PATIENT_RESULT',
      opens: ['PID'],
      holds: ['PD1', 'NTE', 'NK1', 'PV1', 'PV2', 'OBX'],
      makes: ['Patient', 'Encounter', 'Practitioner', 'Organization', 'Location'],
      groups: [ORDER_OBSERVATION],
    },
  ],
}

/** Of whom and of which visit the results are. */
type Subject = { readonly patient: string; readonly encounter: string | undefined }

type Readers = {
  readonly orc: SegmentReader
  readonly obr: SegmentReader
  readonly obx: SegmentReader
  readonly line: SegmentReader
  readonly reportNotes: ReadNotes
  readonly resultNotes: ReadNotes
  /** Row for the specimen, of which no resource is made yet. */
  readonly specimen: number
}

export function compileOru(profile: UkProfile, book: RuleBook): ReadMessage {
  const readPatient = compilePatient(profile, book)
  const readVisit = compileVisit(profile, book)
  const readers: Readers = {
    orc: compileSegment(profile.orc, book),
    obr: compileSegment(profile.obr, book),
    obx: compileSegment(profile.obx, book),
    line: compileSegment(obxLine, book),
    reportNotes: compileReportNotes(book),
    resultNotes: compileResultNotes(book),
    specimen: ruleSite(book, 'SPM', 'Specimen', 'v2-to-FHIR IG, SPM[Specimen]').add({
      v2: 'SPM',
      fate: 'unmapped',
      why: 'The specimen: no Specimen is made yet.',
    }),
  }
  return (reading, tree) => {
    const isStray = tree.segments.some(({ name }) => RESULTS.includes(name))
    if (isStray || tree.groups.length === 0) throw MAP_ERRORS.error('MAP_NO_PATIENT')
    tree.groups.forEach((group, at) => {
      if (segmentOf(group, 'OBX') !== undefined) throw MAP_ERRORS.error('MAP_NO_REPORT')
      const patient = numbered('patient', at)
      readPatient(reading, group, patient)
      const visit = readVisit(reading, group, patient, numbered('encounter', at))
      for (const order of group.groups) {
        readOrder(reading, order, { patient, encounter: visit?.name }, readers)
      }
    })
  }
}

function readOrder(reading: Reading, order: Group, subject: Subject, readers: Readers): void {
  for (const { index } of segmentsOf(order, 'SPM')) passSegment(reading, index, readers.specimen)
  const obr = segmentOf(order, 'OBR')?.index
  if (obr === undefined) {
    // An order without a report has no results either, or they belong to nothing.
    if (order.groups.length > 0) throw MAP_ERRORS.error('MAP_NO_REPORT')
    return
  }
  const report = createDraft({
    name: nextName(reading, 'report'),
    type: 'DiagnosticReport',
    ifUnidentified: 'hold',
  })
  reading.drafts.push(report)
  const isLab = isLaboratory(reading, obr)
  report.slots.push(isLab ? UK_PROFILES.labReport : UK_PROFILES.report)
  readers.obr(reading, obr, report)
  const orc = segmentOf(order, 'ORC')?.index
  if (orc !== undefined) readers.orc(reading, orc, report)
  writeSubject(report, subject)
  readers.reportNotes(reading, segmentsOf(order, 'NTE'), report)
  const key = reportKey(reading, obr, report)
  if (key !== undefined) identify(report, reportIdentifier('report', key))
  readResults(reading, order, { report, key, subject, isLab }, readers)
}

type Report = {
  readonly report: DraftBuilder
  readonly key: ReportKey | undefined
  readonly subject: Subject
  readonly isLab: boolean
}

function identify(
  draft: DraftBuilder,
  identifier: { readonly system: string; readonly value: string },
): void {
  uniteSlot(draft, 'identifier', [identifier])
  draft.identity.push({ ...identifier, strength: 'own' })
}

function writeSubject(draft: DraftBuilder, { patient, encounter }: Subject): void {
  setSlot(draft, 'subject', { reference: draftReference(patient) })
  if (encounter !== undefined) setSlot(draft, 'encounter', { reference: draftReference(encounter) })
}

function readResults(reading: Reading, order: Group, about: Report, readers: Readers): void {
  const occurrences = new Map<string, number>()
  const names: string[] = []
  for (const rows of joinLines(reading, order.groups)) {
    names.push(readResult(reading, rows, about, occurrences, readers))
  }
  // A later message may bring further results: they join.
  uniteSlot(
    about.report,
    'result',
    names.map((name) => ({ reference: draftReference(name) })),
  )
}

function readResult(
  reading: Reading,
  rows: ResultRows,
  { report, key, subject, isLab }: Report,
  occurrences: Map<string, number>,
  readers: Readers,
): string {
  const draft = createDraft({
    name: nextName(reading, 'observation'),
    type: 'Observation',
    ifUnidentified: 'hold',
  })
  reading.drafts.push(draft)
  draft.slots.push(isLab ? UK_PROFILES.labObservation : UK_PROFILES.observation)
  if (key !== undefined) {
    const steps = resultSteps(reading, rows.lead, occurrences)
    identify(draft, reportIdentifier('observation', key, steps))
  }
  readers.obx(reading, rows.lead, draft)
  if (isLab) setSlot(draft, 'category', [LABORATORY])
  writeSubject(draft, subject)
  inheritTimes(report, draft)
  readers.resultNotes(reading, segmentsOf(rows.group, 'NTE'), draft)
  mirrorLines(reading, rows)
  for (const line of rows.more) readers.line(reading, line, draft)
  return draft.name
}

/**
 * Test, sub-id and which of those it is: the second row of the same test is another result. Never
 * made from the value, so that a corrected result finds the one that it corrects.
 */
function resultSteps(reading: Reading, obx: number, occurrences: Map<string, number>): string {
  const test = `/${urnPart(codeText(reading, obx, 3))}/${urnPart(subId(reading, obx))}`
  const occurrence = (occurrences.get(test) ?? 0) + 1
  occurrences.set(test, occurrence)
  return `${test}/${occurrence}`
}

/** OBX-4 with all its pieces. */
function subId(reading: Reading, obx: number): string {
  const to = fieldTo(reading, obx, 4)
  const isEmpty = to === 0 || isNullField(reading, obx, 4)
  return isEmpty ? '' : wholeText(reading, fieldFrom(reading, obx, 4), to, 0).trim()
}

const LABORATORY = {
  coding: [
    {
      system: 'http://terminology.hl7.org/CodeSystem/observation-category',
      code: 'laboratory',
      display: 'Laboratory',
    },
  ],
}
