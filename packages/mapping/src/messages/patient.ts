/**
 * The PATIENT group ⇄ one Patient. Source: v2-to-FHIR IG, messages ADT_A01 and ORU_R01; UK Core
 * Patient 2.6.1.
 */
import { createDraft, type DraftBuilder, setSlot } from '../rule/draft-builder.ts'
import { type Group, segmentOf, segmentsOf } from '../rule/group.ts'
import { fieldFrom, pass, type Reading, take } from '../rule/reading.ts'
import { type RuleBook, ruleSite } from '../rule/rule-book.ts'
import { compileSegment, isNullField } from '../rule/segment.ts'
import { UK_PROFILES } from '../uk/profiles.ts'
import type { UkProfile } from './profile.ts'

/** The draft gets this name. */
export type ReadPatient = (reading: Reading, group: Group, name: string) => DraftBuilder

export function compilePatient(profile: UkProfile, book: RuleBook): ReadPatient {
  const readPid = compileSegment(profile.pid, book)
  const readPd1 = compileSegment(profile.pd1, book)
  const readContacts = compileContacts(profile, book)
  const passNotes = compilePatientNotes(book)
  return (reading, group, name) => {
    const draft = createDraft({
      name,
      type: 'Patient',
      ifUnidentified: 'hold',
      fills: reading.fills,
    })
    reading.drafts.push(draft)
    draft.slots.push(UK_PROFILES.patient)
    readPid(reading, segmentOf(group, 'PID')!.index, draft)
    const pd1 = segmentOf(group, 'PD1')
    if (pd1 !== undefined) readPd1(reading, pd1.index, draft)
    readContacts(reading, group, draft)
    passNotes(reading, group)
    return draft
  }
}

/** All NK1 of the group make one snapshot of the contacts. */
function compileContacts(profile: UkProfile, book: RuleBook) {
  const readNk1 = compileSegment(profile.nk1, book)
  return (reading: Reading, group: Group, patient: DraftBuilder): void => {
    const segments = segmentsOf(group, 'NK1')
    if (segments.length === 0) return
    const contacts: unknown[] = []
    const list = createDraft({ name: patient.name, type: 'Patient', ifUnidentified: 'hold' })
    list.slots.push({ path: 'contact', mode: 'replace', value: contacts })
    for (const { index } of segments) readNk1(reading, index, list)
    const deleting = segments.filter(({ index }) => isNullField(reading, index, 2))
    // Contacts of which nothing could be stored say nothing about those that are known.
    if (contacts.length === 0 && deleting.length === 0) return
    const slot = setSlot(patient, 'contact', contacts)
    for (const { index } of deleting) {
      const leaf = fieldFrom(reading, index, 2)
      take(reading, leaf, Math.abs(reading.marks[leaf]!), slot, '')
    }
  }
}

function compilePatientNotes(book: RuleBook) {
  const rule = ruleSite(book, 'NTE', 'Patient', 'v2-to-FHIR IG, NTE').add({
    v2: 'NTE under PID',
    fate: 'unmapped',
    why: 'A FHIR Patient has no notes.',
  })
  return (reading: Reading, group: Group): void => {
    const { segmentFrom, segmentTo } = reading.leaves
    for (const { index } of segmentsOf(group, 'NTE')) {
      if (segmentTo[index] !== 0) pass(reading, segmentFrom[index]!, segmentTo[index]!, rule)
    }
  }
}
