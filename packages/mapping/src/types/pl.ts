/**
 * PL ⇄ a chain of Locations, each part of the wider one: facility, building, floor, point of care,
 * room, bed. The innermost is where the patient is. A ward that two hospitals call "A1" must be
 * two wards, so that every place is identified by its whole chain within its sender.
 * Source: v2-to-FHIR IG, PL[Location]; HL7 v2.5.1 chapter 2A.53; ITK HL7 v2 message specifications
 * 1.0.15, PL (facility is an ODS site code); UK Core Location 2.3.0.
 */
import { type CodeableConcept, draftReference } from '@almoner/fhir'
import { type Datatype, type Kept, kept, keptText, refuseKept, takeKept } from '../rule/datatype.ts'
import { createDraft, type DraftBuilder, setSlot, uniteSlot } from '../rule/draft-builder.ts'
import { text, token } from '../rule/lens.ts'
import { locationSystem, urnPart } from '../rule/names.ts'
import { nextName, type Reading } from '../rule/reading.ts'
import { UK_PROFILES } from '../uk/profiles.ts'
import { ODS_SITE } from '../uk/systems.ts'

/** Name of the draft of the innermost place. */
export type PlaceRead = { readonly draft: string }

type Level = {
  /** Place among the kept parts. */
  readonly at: number
  /** Name of the level in the identifier of the place. */
  readonly level: string
  readonly physicalType: CodeableConcept | undefined
}

const FACILITY = 3
const DESCRIPTION = 6

const physical = (code: string, display: string): CodeableConcept => ({
  coding: [
    { system: 'http://terminology.hl7.org/CodeSystem/location-physical-type', code, display },
  ],
})

/** From the widest to the innermost. */
const LEVELS: readonly Level[] = [
  { at: FACILITY, level: 'facility', physicalType: physical('si', 'Site') },
  { at: 4, level: 'building', physicalType: physical('bu', 'Building') },
  { at: 5, level: 'floor', physicalType: physical('lvl', 'Level') },
  // A point of care is a ward, a clinic or a department: v2 does not say which.
  { at: 0, level: 'poc', physicalType: undefined },
  { at: 1, level: 'room', physicalType: physical('ro', 'Room') },
  { at: 2, level: 'bed', physicalType: physical('bd', 'Bed') },
]

const CHAIN = 'The chain of places is sent back from the innermost Location and what it is part of.'

export const pl: Datatype<PlaceRead> = {
  name: 'PL',
  fhir: 'Location',
  source: 'v2-to-FHIR IG, PL[Location]',
  parts: [
    kept('1', 'location(Location.name)', token, { oneWay: CHAIN }),
    kept('2', 'location(Location.name)', token, { oneWay: CHAIN }),
    kept('3', 'location(Location.name)', token, { oneWay: CHAIN }),
    kept('4', 'location(Location.name)', token, { oneWay: CHAIN }),
    kept('7', 'location(Location.name)', token, { oneWay: CHAIN }),
    kept('8', 'location(Location.name)', token, { oneWay: CHAIN }),
    kept('9', 'location(Location.description)', text),
  ],
  finish(reading, element, parts) {
    let outer: DraftBuilder | undefined
    let path = ''
    for (const level of LEVELS) {
      const name = keptText(reading, parts, level.at)
      // `""`: the sender says that there is no such place, so that the chain has no link for it.
      if (name === '') {
        takeKept(reading, parts, level.at, element, 'location')
        continue
      }
      path += `${path === '' ? '' : '/'}${level.level}=${urnPart(name)}`
      outer = place(reading, parts, level, name, path, outer)
    }
    describe(reading, parts, outer)
    return outer === undefined ? undefined : { draft: outer.name }
  },
}

/** The draft of one place, shared with every other mention of the same place. */
function place(
  reading: Reading,
  parts: Kept,
  level: Level,
  name: string,
  path: string,
  outer: DraftBuilder | undefined,
): DraftBuilder {
  const isSite = level.at === FACILITY && reading.sender.isItk
  const system = isSite ? ODS_SITE : locationSystem(reading.sender.organisation)
  const value = isSite ? name : path
  const known = reading.parties.get(`${system}|${value}`)?.draft
  const draft = known ?? createPlace(reading, level, name, { system, value }, outer)
  const nameSlot = draft.slots.find((slot) => slot.path === 'name')!
  takeKept(reading, parts, level.at, nameSlot, '')
  return draft
}

function createPlace(
  reading: Reading,
  { physicalType }: Level,
  name: string,
  identifier: { readonly system: string; readonly value: string },
  outer: DraftBuilder | undefined,
): DraftBuilder {
  const draft = createDraft({
    name: nextName(reading, 'location'),
    type: 'Location',
    ifUnidentified: 'create',
    fills: reading.fills,
    identity: [{ ...identifier, strength: 'own' }],
  })
  draft.slots.push(UK_PROFILES.location)
  uniteSlot(draft, 'identifier', [identifier])
  setSlot(draft, 'name', name)
  setSlot(draft, 'mode', 'instance')
  if (physicalType !== undefined) setSlot(draft, 'physicalType', physicalType)
  if (outer !== undefined) setSlot(draft, 'partOf', { reference: draftReference(outer.name) })
  reading.drafts.push(draft)
  reading.parties.set(`${identifier.system}|${identifier.value}`, { draft, from: 0, to: 0 })
  return draft
}

function describe(reading: Reading, parts: Kept, innermost: DraftBuilder | undefined): void {
  const description = keptText(reading, parts, DESCRIPTION)
  if (description === '') return
  const known = innermost?.slots.find((slot) => slot.path === 'description')
  if (innermost === undefined || (known !== undefined && known.value !== description)) {
    refuseKept(reading, parts, DESCRIPTION, 'no place of its own to describe')
    return
  }
  const slot = known ?? setSlot(innermost, 'description', description)
  if (slot !== undefined) takeKept(reading, parts, DESCRIPTION, slot, '')
}
