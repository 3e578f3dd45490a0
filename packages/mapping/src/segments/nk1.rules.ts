/**
 * NK1 ⇄ Patient.contact. The NK1 segments of a message are a snapshot of all contacts.
 * Source: v2-to-FHIR IG, NK1[Patient]; ITK HL7 v2 message specifications 1.0.15, NK1; FHIR R4
 * invariant pat-1 (a contact has a name, a number, an address or an organisation).
 */
import { codeLens } from '../rule/code-table.ts'
import { compileDatatype, type Element, type ReadRepetition } from '../rule/datatype.ts'
import type { DraftBuilder } from '../rule/draft-builder.ts'
import type { Lens } from '../rule/lens.ts'
import {
  fieldFrom,
  fieldTo,
  flag,
  isNullLeaf,
  type Reading,
  refuse,
  refuseRange,
  repetitionEnd,
  take,
  trimmedText,
} from '../rule/reading.ts'
import type { RuleSite } from '../rule/rule-book.ts'
import {
  alternateCode,
  defineSegment,
  ignored,
  notMapped,
  primitiveEnd,
  readRepetitions,
  type SegmentRule,
} from '../rule/segment.ts'
import { UK_SEX } from '../tables/person.ts'
import { CONTACT_ROLE, UK_RELATIONSHIP } from '../tables/relationship.ts'
import { cwe } from '../types/cwe.ts'
import { date } from '../types/date-time.ts'
import { xad } from '../types/xad.ts'
import { xon } from '../types/xon.ts'
import { xpn } from '../types/xpn.ts'
import { xtn } from '../types/xtn.ts'
import { v2Table } from '../uk/systems.ts'
import { organisations, type ReadParty } from './parties.ts'
import { readParties } from './pd1.rules.ts'

type Contact = Element

/** Reads fields into one contact. */
type ReadContactPart = (reading: Reading, segment: number, contact: Contact) => void

/** One object from the first repetition. */
function member(site: RuleSite, n: number, key: string, datatype: typeof xpn): ReadContactPart {
  const read = compileDatatype(datatype, site, `NK1-${n}`, key)
  return (reading, segment, contact) => {
    const item = readFirst(reading, segment, n, read)
    if (item !== undefined) contact[key] = item
  }
}

/** Items that join the list of the contact. */
function items<Value extends object>(
  n: number,
  key: string,
  read: ReadRepetition<Value>,
): ReadContactPart {
  return (reading, segment, contact) => {
    const found = readRepetitions(reading, read, segment, n)
    if (found.length > 0)
      contact[key] = [...((contact[key] as Value[] | undefined) ?? []), ...found]
  }
}

function readFirst<Value extends object>(
  reading: Reading,
  segment: number,
  n: number,
  read: ReadRepetition<Value>,
): Value | undefined {
  const to = fieldTo(reading, segment, n)
  if (to === 0) return undefined
  const from = fieldFrom(reading, segment, n)
  return read(reading, from, repetitionEnd(reading, from, to))
}

function period(site: RuleSite, n: number, key: 'start' | 'end'): ReadContactPart {
  const rule = site.add({ v2: `NK1-${n}`, fhir: `period.${key}`, lens: date.name })
  return (reading, segment, contact) => {
    const value = readValue(reading, segment, n, rule, date)
    if (value === undefined) return
    contact['period'] ??= {}
    const span = contact['period'] as Element
    span[key] = value
    take(reading, fieldFrom(reading, segment, n), rule, span, key)
  }
}

const genders = codeLens(UK_SEX)

function gender(site: RuleSite): ReadContactPart {
  const rule = site.add({
    v2: 'NK1-15',
    fhir: 'gender',
    lens: genders.name,
    codes: genders.codes,
    source: UK_SEX.source,
    oneWay: genders.oneWay,
  })
  return (reading, segment, contact) => {
    if (primitiveEnd(reading, segment, 15, genders) === 0) return
    const leaf = fieldFrom(reading, segment, 15)
    const value = readValue(reading, segment, 15, rule, genders)
    if (value !== undefined) {
      contact['gender'] = value
      return take(reading, leaf, rule, contact, 'gender')
    }
    if (isNullLeaf(reading, leaf)) return
    contact['_gender'] = alternateCode(v2Table('0001'), trimmedText(reading, leaf))
  }
}

/** The value of a single leaf; undefined when it is empty, null or refused. */
function readValue(
  reading: Reading,
  segment: number,
  n: number,
  rule: number,
  lens: Lens,
): unknown {
  if (primitiveEnd(reading, segment, n, lens) === 0) return undefined
  const leaf = fieldFrom(reading, segment, n)
  if (isNullLeaf(reading, leaf)) {
    take(reading, leaf, rule, undefined, '')
    return undefined
  }
  const value = lens.get(trimmedText(reading, leaf), reading, leaf)
  if (value === undefined) {
    flag(reading, 'VALUE_REFUSED', leaf)
    refuse(reading, leaf, rule, lens.refuses)
  }
  return value
}

function organisation(read: ReadParty): ReadContactPart {
  return (reading, segment, contact) => {
    const reference = readParties(reading, segment, 13, read)[0]
    if (reference !== undefined) contact['organization'] = reference
  }
}

const holdsSomething = (contact: Contact): boolean =>
  ['name', 'telecom', 'address', 'organization'].some((key) => contact[key] !== undefined)

/** All parts of a contact; the contacts of a message are put into the Patient together. */
const contactRule: SegmentRule = {
  name: 'contact',
  compile(site) {
    const parts: readonly ReadContactPart[] = [
      items(
        3,
        'relationship',
        compileDatatype(cwe('NK1-3', UK_RELATIONSHIP), site, 'NK1-3', 'relationship'),
      ),
      items(
        7,
        'relationship',
        compileDatatype(cwe('NK1-7', CONTACT_ROLE), site, 'NK1-7', 'relationship'),
      ),
      member(site, 2, 'name', xpn),
      items(5, 'telecom', compileDatatype(xtn('home'), site, 'NK1-5', 'telecom')),
      items(6, 'telecom', compileDatatype(xtn('work'), site, 'NK1-6', 'telecom')),
      items(40, 'telecom', compileDatatype(xtn(undefined), site, 'NK1-40', 'telecom')),
      member(site, 4, 'address', xad),
      gender(site),
      organisation(
        organisations(compileDatatype(xon, site, 'NK1-13', 'organization(Organization)')),
      ),
      period(site, 8, 'start'),
      period(site, 9, 'end'),
    ]
    return (reading, segment, draft) => {
      const contact: Contact = {}
      for (const read of parts) read(reading, segment, contact)
      if (holdsSomething(contact)) return addContact(draft, contact)
      const { segmentFrom, segmentTo } = reading.leaves
      refuseRange(
        reading,
        segmentFrom[segment]!,
        segmentTo[segment]!,
        'a contact needs a name, a number, an address or an organisation',
      )
    }
  },
}

/** One slot for all contacts, made before the first NK1 was read. */
function addContact(draft: DraftBuilder, contact: Contact): void {
  const slot = draft.slots.findLast(({ path }) => path === 'contact')
  if (slot !== undefined && Array.isArray(slot.value)) slot.value.push(contact)
}

export const nk1ToContact = defineSegment({
  segment: 'NK1',
  target: 'Patient.contact',
  source: 'v2-to-FHIR IG, NK1[Patient]',
  rules: [
    contactRule,
    ignored(1, 'The position of the segment says which it is.'),
    notMapped(16, 'FHIR does not record when a contact was born.'),
    notMapped(20, 'FHIR does not record which language a contact speaks.'),
    notMapped(
      [10, 11, 12, 14, 17, 18, 19, 21, 22, 23, 24, 25, 26, 27, 28, 29],
      'No element of Patient.contact holds it.',
    ),
    notMapped([30, 31, 32], 'The contact person of an organisation has no place in the contact.'),
    notMapped([33, 34, 35, 36, 37, 38, 39, 41], 'No element of Patient.contact holds it.'),
  ],
})
