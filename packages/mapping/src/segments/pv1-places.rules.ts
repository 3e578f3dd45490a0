/**
 * PV1-3 and PV1-6 ⇄ Encounter.location: where the patient is, was and is to come, as a history
 * that the store keeps. What an event does to it is data of the event (messages/triggers.ts).
 * Source: v2-to-FHIR IG, PV1[Encounter]; HL7 v2.5.1 chapter 3.3.2, 3.3.12, 3.3.13.
 */
import { draftReference } from '@almoner/fhir'
import type { PlaceRule } from '../messages/triggers.ts'
import { compileDatatype, type Element, type ReadRepetition } from '../rule/datatype.ts'
import { type DraftBuilder, defaultSlot, setSlot } from '../rule/draft-builder.ts'
import {
  fieldFrom,
  fieldTo,
  firstText,
  pass,
  type Reading,
  repetitionEnd,
  take,
} from '../rule/reading.ts'
import { isNullField, type SegmentRule } from '../rule/segment.ts'
import { type PlaceRead, pl } from '../types/pl.ts'

const PATH = 'location'

export const placesRule: SegmentRule = {
  name: 'PV1-3 PV1-6',
  compile(site) {
    const readPlace = compileDatatype(pl, site, 'PV1-3', PATH)
    const readPrior = compileDatatype(pl, site, 'PV1-6', PATH)
    const neverWas = site.add({
      v2: 'PV1-6 of a cancelled move',
      fate: 'ignored',
      why: 'The place of a move that never happened is no place where the patient was.',
    })
    return (reading, segment, draft) => {
      const rule = placeRule(reading, segment)
      if (rule === 'returns') passField(reading, segment, 6, neverWas)
      else writePrior(reading, segment, draft, readPrior)
      const place = readOne(reading, segment, 3, readPlace)
      if (place !== undefined) writePlace(reading, draft, place, rule)
    }
  },
}

/** After a discharge nobody arrives: a late update only names the place where the patient was. */
function placeRule(reading: Reading, segment: number): PlaceRule {
  const { place, status } = reading.event.trigger
  if (reading.fills) return 'default'
  if (place !== 'arrives') return place
  if (status === 'by-dates' && firstText(reading, segment, 45) !== '') return 'default'
  return firstText(reading, segment, 2) === 'P' ? 'planned' : 'arrives'
}

function readOne(
  reading: Reading,
  segment: number,
  n: number,
  read: ReadRepetition<PlaceRead>,
): PlaceRead | undefined {
  const to = fieldTo(reading, segment, n)
  if (to === 0) return undefined
  const from = fieldFrom(reading, segment, n)
  return read(reading, from, repetitionEnd(reading, from, to))
}

const passField = (reading: Reading, segment: number, n: number, rule: number): void =>
  pass(reading, fieldFrom(reading, segment, n), fieldTo(reading, segment, n), rule)

const at = (place: PlaceRead): Element => ({
  location: { reference: draftReference(place.draft) },
})

/** Known only where the store holds no place at all: otherwise its history says it better. */
function writePrior(
  reading: Reading,
  segment: number,
  draft: DraftBuilder,
  read: ReadRepetition<PlaceRead>,
): void {
  const prior = readOne(reading, segment, 6, read)
  if (prior !== undefined) defaultSlot(draft, PATH, [{ ...at(prior), status: 'completed' }])
  else if (isNullField(reading, segment, 6)) {
    // A history is never deleted: the places of the past stay.
    const leaf = fieldFrom(reading, segment, 6)
    reading.marks[leaf] = -reading.marks[leaf]!
    reading.holders[leaf] = 'a history of places is never deleted'
  }
}

function writePlace(
  reading: Reading,
  draft: DraftBuilder,
  place: PlaceRead,
  rule: PlaceRule,
): void {
  switch (rule) {
    case 'planned':
      setSlot(draft, PATH, [{ ...at(place), status: 'planned' }], { status: 'planned' })
      return
    case 'returns':
      draft.slots.push({ path: PATH, mode: 'revert', value: [{ ...at(place), status: 'active' }] })
      return
    case 'arrives':
      writeArrival(reading, draft, place)
      return
    default:
      writeDefault(draft, place)
  }
}

/** One slot holds all places of a filling draft: a second default would find the first. */
function writeDefault(draft: DraftBuilder, place: PlaceRead): void {
  const item = { ...at(place), status: 'active' }
  const prior = draft.slots.find((slot) => slot.path === PATH && slot.mode === 'default')
  if (prior !== undefined && Array.isArray(prior.value)) prior.value.push(item)
  else defaultSlot(draft, PATH, [item])
}

/** What was planned has come true; where the patient was before, ends now. */
function writeArrival(reading: Reading, draft: DraftBuilder, place: PlaceRead): void {
  setSlot(draft, PATH, [], { status: 'planned' })
  const { event } = reading
  const item: Element = { ...at(place), status: 'active' }
  if (event.trigger.isMove && event.time !== undefined) {
    const period = { start: event.time }
    item['period'] = period
    take(reading, event.leaf, event.rule, period, 'start')
  }
  draft.slots.push({
    path: PATH,
    mode: 'succeed',
    value: [item],
    ...(event.time === undefined ? {} : { atTime: event.time }),
  })
}
