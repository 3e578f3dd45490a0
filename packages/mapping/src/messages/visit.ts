/**
 * PV1 and PV2 ⇄ one Encounter. Source: v2-to-FHIR IG, messages ADT_A01 and ORU_R01; UK Core
 * Encounter 2.5.0; triggers.ts.
 */
import { draftReference } from '@almoner/fhir'
import { createDraft, type DraftBuilder, defaultSlot, setSlot } from '../rule/draft-builder.ts'
import { type Group, segmentOf } from '../rule/group.ts'
import { fieldFrom, fieldTo, firstText, leafAt, type Reading, take } from '../rule/reading.ts'
import { type RuleBook, ruleSite } from '../rule/rule-book.ts'
import { compileSegment, passSegment } from '../rule/segment.ts'
import { hasVisitNumber } from '../segments/pv1.rules.ts'
import { UK_PROFILES } from '../uk/profiles.ts'
import { v3Codes } from '../uk/systems.ts'
import type { UkProfile } from './profile.ts'

export type ReadVisit = (
  reading: Reading,
  group: Group,
  patient: string,
  name: string,
) => DraftBuilder | undefined

const NO_CLASS = { system: v3Codes('NullFlavor'), code: 'UNK', display: 'unknown' }

export function compileVisit(profile: UkProfile, book: RuleBook): ReadVisit {
  const readPv1 = compileSegment(profile.pv1, book)
  const readPv2 = compileSegment(profile.pv2, book)
  const skipped = skippedRules(book)
  const status = ruleSite(book, 'MSH', 'Encounter', 'v2-to-FHIR IG, MSH[Encounter]').add({
    v2: 'MSH-9/MSG.2',
    fhir: 'status',
    lens: 'triggers',
    oneWay: 'The status follows from the event; on the way back the event is chosen by the route.',
  })
  return (reading, group, patient, name) => {
    const pv1 = segmentOf(group, 'PV1')?.index
    const pv2 = segmentOf(group, 'PV2')?.index
    if (pv1 === undefined) return undefined
    if (!isAboutVisit(reading, pv1)) {
      passSegment(reading, pv1, skipped.pv1)
      if (pv2 !== undefined) passSegment(reading, pv2, skipped.pv2)
      return undefined
    }
    const draft = createDraft({
      name,
      type: 'Encounter',
      ifUnidentified: 'hold',
      fills: reading.fills,
    })
    reading.drafts.push(draft)
    draft.slots.push(UK_PROFILES.encounter)
    writeStatus(reading, pv1, draft, status)
    readPv1(reading, pv1, draft)
    if (!draft.slots.some(({ path }) => path === 'class')) defaultSlot(draft, 'class', NO_CLASS)
    setSlot(draft, 'subject', { reference: draftReference(patient) })
    if (pv2 !== undefined) readPv2(reading, pv2, draft)
    return draft
  }
}

const skippedRules = (book: RuleBook) => {
  const why =
    'The event is not about a visit and names none by number, so that no visit could be found again.'
  const source = 'HL7 v2.5.1 chapter 3.4.3.19'
  return {
    pv1: ruleSite(book, 'PV1', 'Encounter', source).add({
      v2: 'PV1 without visit number',
      fate: 'ignored',
      why,
    }),
    pv2: ruleSite(book, 'PV2', 'Encounter', source).add({
      v2: 'PV2 without visit number',
      fate: 'ignored',
      why,
    }),
  }
}

/** Class N says that the event concerns no visit; an update often carries such a PV1. */
function isAboutVisit(reading: Reading, pv1: number): boolean {
  if (hasVisitNumber(reading, pv1)) return true
  const { visit, status } = reading.event.trigger
  return visit === 'visit' && !(status === 'by-dates' && firstText(reading, pv1, 2) === 'N')
}

function writeStatus(reading: Reading, pv1: number, draft: DraftBuilder, rule: number): void {
  const { status } = reading.event.trigger
  if (status === 'by-dates') {
    defaultSlot(draft, 'status', statusByDates(reading, pv1))
    return
  }
  const slot = setSlot(draft, 'status', status)
  const leaf = leafAt(reading, fieldFrom(reading, 0, 9), fieldTo(reading, 0, 9), 2)
  if (leaf !== -1) take(reading, leaf, rule, slot, '')
}

/** For a visit that the store does not know. Source: v2-to-FHIR IG, PV1-2 and PV1-45. */
function statusByDates(reading: Reading, pv1: number): string {
  if (firstText(reading, pv1, 45) !== '') return 'finished'
  if (firstText(reading, pv1, 44) !== '') return 'in-progress'
  return firstText(reading, pv1, 2) === 'P' ? 'planned' : 'unknown'
}
