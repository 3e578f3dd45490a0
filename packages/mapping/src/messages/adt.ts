/**
 * ADT messages ⇄ Patient, Encounter and what they mention.
 * Source: v2-to-FHIR IG, messages ADT_A01, A02, A05 and A09; HL7 v2.5.1 chapter 3.3; ITK HL7 v2
 * message specifications 1.0.15.
 */
import { draftReference } from '@almoner/fhir'
import { MAP_ERRORS } from '../errors.ts'
import { createDraft, type DraftBuilder, setSlot, uniteSlot } from '../rule/draft-builder.ts'
import { type Group, type GroupSpec, segmentOf } from '../rule/group.ts'
import type { Reading } from '../rule/reading.ts'
import type { RuleBook } from '../rule/rule-book.ts'
import { compileSegment } from '../rule/segment.ts'
import { UK_PROFILES } from '../uk/profiles.ts'
import { compilePatient } from './patient.ts'
import type { UkProfile } from './profile.ts'
import { compileVisit } from './visit.ts'

/** One PID with what belongs to it. Only a merge (ADT_A39) has several. */
export const ADT_GRAMMAR: GroupSpec = {
  name: 'ADT',
  opens: [],
  holds: ['MSH', 'EVN'],
  makes: [],
  groups: [
    {
      name: 'PATIENT',
      opens: ['PID'],
      holds: ['PD1', 'NTE', 'NK1', 'MRG', 'PV1', 'PV2'],
      makes: ['Patient', 'Encounter', 'Practitioner', 'Organization', 'Location'],
      groups: [],
    },
  ],
}

export type ReadMessage = (reading: Reading, tree: Group) => void

const MERGE = 'A40'

/** `patient`, `patient-2`: the first has no number. */
export const numbered = (name: string, at: number): string =>
  at === 0 ? name : `${name}-${at + 1}`

export function compileAdt(profile: UkProfile, book: RuleBook): ReadMessage {
  const readPatient = compilePatient(profile, book)
  const readVisit = compileVisit(profile, book)
  const readMrg = compileSegment(profile.mrg, book)
  return (reading, tree) => {
    if (tree.groups.length === 0) throw MAP_ERRORS.error('MAP_NO_PATIENT')
    const isMerge = reading.event.trigger.event === MERGE
    tree.groups.forEach((group, at) => {
      const name = numbered('patient', at)
      const patient = readPatient(reading, group, name)
      if (isMerge) merge(reading, group, patient, numbered('prior', at), readMrg)
      readVisit(reading, group, name, numbered('encounter', at))
    })
  }
}

/** The record that MRG names stays, inactive, and points to the one that took its place. */
function merge(
  reading: Reading,
  group: Group,
  patient: DraftBuilder,
  name: string,
  readMrg: ReturnType<typeof compileSegment>,
): void {
  const mrg = segmentOf(group, 'MRG')
  if (mrg === undefined) throw MAP_ERRORS.error('MAP_NO_MERGE')
  const prior = createDraft({ name, type: 'Patient', ifUnidentified: 'hold', follow: 'exact' })
  reading.drafts.push(prior)
  prior.slots.push(UK_PROFILES.patient)
  readMrg(reading, mrg.index, prior)
  forgetShared(prior, patient)
  setSlot(prior, 'active', false)
  uniteSlot(prior, 'link', [
    { other: { reference: draftReference(patient.name) }, type: 'replaced-by' },
  ])
  uniteSlot(patient, 'link', [{ other: { reference: draftReference(name) }, type: 'replaces' }])
}

/** A number that both records have cannot tell them apart: it would merge a record with itself. */
function forgetShared(prior: DraftBuilder, patient: DraftBuilder): void {
  const kept = prior.identity.filter(
    (key) =>
      !patient.identity.some(({ system, value }) => system === key.system && value === key.value),
  )
  prior.identity.splice(0, prior.identity.length, ...kept)
}
