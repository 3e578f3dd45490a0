/**
 * People and organisations that a message mentions. Each becomes one draft, however often the same
 * text stands in the message; whoever has no number becomes a name beside the reference, because
 * nobody could find a resource for it again.
 */
import { draftReference, type Reference } from '@almoner/fhir'
import type { Element, ReadRepetition } from '../rule/datatype.ts'
import { createDraft, type DraftBuilder, setSlot, uniteSlot } from '../rule/draft-builder.ts'
import {
  nextName,
  type Reading,
  rawText,
  refuse,
  type Stem,
  take,
  trimmedText,
} from '../rule/reading.ts'
import { type PersonRead, personDisplay } from '../types/xcn.ts'
import type { OrganisationRead } from '../types/xon.ts'
import { UK_PROFILES } from '../uk/profiles.ts'

/** The reference for one repetition; undefined when it names nobody. */
export type ReadParty = (reading: Reading, from: number, to: number) => Reference | undefined

export const practitioners =
  (read: ReadRepetition<PersonRead>): ReadParty =>
  (reading, from, to) => {
    const person = read(reading, from, to)
    if (person === undefined) return undefined
    if (person.key === undefined) {
      return namedOnly(reading, from, to, 'Practitioner', personDisplay(person.element))
    }
    const known = findParty(reading, 'Practitioner', from, to)
    if (known !== undefined) return referTo(known, 'Practitioner')
    const draft = createParty(reading, 'practitioner', 'Practitioner', from, to)
    draft.identity.push(person.key)
    writeIdentifier(draft, person.element)
    const { name, qualification } = person.element
    if (name !== undefined) setSlot(draft, 'name', [name])
    if (qualification !== undefined) setSlot(draft, 'qualification', qualification)
    return referTo(draft, 'Practitioner')
  }

export const organisations =
  (read: ReadRepetition<OrganisationRead>): ReadParty =>
  (reading, from, to) => {
    const organisation = read(reading, from, to)
    if (organisation === undefined) return undefined
    const { element, key } = organisation
    if (key === undefined) {
      return namedOnly(reading, from, to, 'Organization', String(element['name'] ?? ''))
    }
    const known = findParty(reading, 'Organization', from, to)
    if (known !== undefined) return referTo(known, 'Organization')
    const draft = createParty(reading, 'organization', 'Organization', from, to)
    draft.identity.push(key)
    writeIdentifier(draft, element)
    if (element['name'] !== undefined) {
      const slot = setSlot(draft, 'name', element['name'])
      retarget(reading, from, to, element, slot)
    }
    return referTo(draft, 'Organization')
  }

type PartyType = 'Practitioner' | 'Organization'

const referTo = (draft: DraftBuilder, type: PartyType): Reference => ({
  reference: draftReference(draft.name),
  type,
})

const partyKey = (reading: Reading, type: PartyType, from: number, to: number): string =>
  `${type}|${reading.leaves.components[from]}|${rawText(reading, from, to)}`

/** An equal repetition that was read before: the values of this one stand where those do. */
function findParty(
  reading: Reading,
  type: PartyType,
  from: number,
  to: number,
): DraftBuilder | undefined {
  const known = reading.parties.get(partyKey(reading, type, from, to))
  if (known === undefined) return undefined
  for (let leaf = from; leaf < to; leaf++) {
    const mark = reading.marks[leaf]!
    const twin = known.from + leaf - from
    if (mark > 0) take(reading, leaf, mark, reading.holders[twin], reading.keys[twin]!)
  }
  return known.draft
}

function createParty(
  reading: Reading,
  stem: Stem,
  type: PartyType,
  from: number,
  to: number,
): DraftBuilder {
  const draft = createDraft({
    name: nextName(reading, stem),
    type,
    ifUnidentified: 'create',
    fills: reading.fills,
  })
  draft.slots.push(UK_PROFILES[type])
  reading.drafts.push(draft)
  reading.parties.set(partyKey(reading, type, from, to), { draft, from, to })
  return draft
}

function writeIdentifier(draft: DraftBuilder, element: Element): void {
  const identifiers = element['identifier']
  if (Array.isArray(identifiers)) uniteSlot(draft, 'identifier', identifiers)
}

/** A primitive of the element became the value of a slot. */
function retarget(
  reading: Reading,
  from: number,
  to: number,
  element: Element,
  slot: object | undefined,
): void {
  for (let leaf = from; leaf < to; leaf++) {
    if (reading.holders[leaf] === element) take(reading, leaf, reading.marks[leaf]!, slot, '')
  }
}

/** The words that can be shown stand in the display; anything else is not in the output. */
function namedOnly(
  reading: Reading,
  from: number,
  to: number,
  type: PartyType,
  display: string,
): Reference | undefined {
  const reference = { type, display }
  for (let leaf = from; leaf < to; leaf++) {
    const mark = reading.marks[leaf]!
    if (mark <= 0) continue
    if (display.includes(trimmedText(reading, leaf)))
      take(reading, leaf, mark, reference, 'display')
    else refuse(reading, leaf, mark, 'somebody without a number is stored by name alone')
  }
  return display === '' ? undefined : reference
}
