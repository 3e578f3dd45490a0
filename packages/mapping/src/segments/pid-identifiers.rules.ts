/**
 * PID-2, PID-3, PID-4 and PID-32 ⇄ Patient.identifier. Numbers join those that are known and never
 * take others away: a patient has numbers of many senders. Local numbers identify; an NHS number
 * identifies only if nothing contradicts it.
 * Source: v2-to-FHIR IG, PID[Patient]; ITK HL7 v2 message specifications 1.0.15, PID-3 and PID-32;
 * UK Core Patient 2.6.1, identifier:nhsNumber.
 */
import type { Identifier, IdentityKey } from '@almoner/fhir'
import { conceptLens } from '../rule/code-table.ts'
import { compileDatatype, type ReadRepetition } from '../rule/datatype.ts'
import { type DraftBuilder, uniteSlot } from '../rule/draft-builder.ts'
import {
  fieldFrom,
  fieldTo,
  flag,
  hasField,
  isNullLeaf,
  type Reading,
  refuse,
  repetitionEnd,
  take,
  trimmedText,
} from '../rule/reading.ts'
import type { SegmentRule } from '../rule/segment.ts'
import { NHS_NUMBER_STATUS } from '../tables/person.ts'
import { cx, FAILED_NUMBER, isNhsNumber, type NumberRead } from '../types/cx.ts'
import { recogniseExternalNumber, recogniseNumber } from '../uk/nhs-number.ts'
import { ukExtension } from '../uk/systems.ts'

const STATUS_URL = ukExtension('NHSNumberVerificationStatus')

export const patientIdentifiersRule: SegmentRule = {
  name: 'identifiers',
  compile(site) {
    const readList = compileDatatype(cx(recogniseNumber), site, 'PID-3', 'identifier')
    const readExternal = compileDatatype(cx(recogniseExternalNumber), site, 'PID-2', 'identifier')
    const readAlternate = compileDatatype(cx(recogniseNumber), site, 'PID-4', 'identifier')
    const status = site.add({
      v2: 'PID-32',
      fhir: `identifier:nhsNumber.extension(${STATUS_URL}).valueCodeableConcept`,
      lens: NHS_NUMBER_STATUS.name,
      codes: conceptLens(NHS_NUMBER_STATUS).codes,
      source: NHS_NUMBER_STATUS.source,
      oneWay: 'Sent back with NSTS before the code for ITK, bare for others.',
    })
    return (reading, segment, draft) => {
      const numbers: NumberRead[] = []
      readNumbers(reading, segment, 3, readList, numbers)
      readNumbers(reading, segment, 2, readExternal, numbers)
      readNumbers(reading, segment, 4, readAlternate, numbers)
      const trusted = withoutRivals(reading, numbers)
      writeNumbers(draft, trusted)
      if (hasField(reading, segment, 32)) readStatus(reading, segment, trusted, status)
    }
  },
}

/** Reads a list of numbers; equal ones share one identifier. */
export function readNumbers(
  reading: Reading,
  segment: number,
  n: number,
  read: ReadRepetition<NumberRead>,
  numbers: NumberRead[],
): void {
  const to = fieldTo(reading, segment, n)
  let from = fieldFrom(reading, segment, n)
  while (from < to) {
    const end = repetitionEnd(reading, from, to)
    const number = read(reading, from, end)
    if (number !== undefined && !joinsKnown(reading, from, end, number, numbers)) {
      numbers.push(number)
    }
    from = end
  }
}

/** True when the number is there already: its leaves then belong to the one that was first. */
function joinsKnown(
  reading: Reading,
  from: number,
  to: number,
  { identifier }: NumberRead,
  numbers: readonly NumberRead[],
): boolean {
  const known = numbers.find(
    (one) =>
      one.identifier.system === identifier.system && one.identifier.value === identifier.value,
  )
  if (known === undefined) return false
  for (let leaf = from; leaf < to; leaf++) {
    const mark = reading.marks[leaf]!
    if (mark <= 0) continue
    if (reading.holders[leaf] === identifier) {
      take(reading, leaf, mark, known.identifier, reading.keys[leaf]!)
    } else {
      refuse(reading, leaf, mark, 'the same number stands in the message with other details')
    }
  }
  return true
}

/**
 * Two different NHS numbers for one patient: at least one is wrong and nobody here knows which, so
 * that neither may be used as an NHS number.
 */
function withoutRivals(reading: Reading, numbers: readonly NumberRead[]): readonly NumberRead[] {
  const rivals = numbers.filter(({ identifier }) => isNhsNumber(identifier))
  if (rivals.length < 2) return numbers
  reading.holders.forEach((holder, leaf) => {
    if (!rivals.some(({ identifier }) => identifier === holder)) return
    if (reading.keys[leaf] === 'system') {
      refuse(reading, leaf, reading.marks[leaf]!, 'the message holds two different NHS numbers')
    } else flag(reading, 'NHS_NUMBER_AMBIGUOUS', leaf)
  })
  for (const { identifier } of rivals) {
    delete identifier.system
    identifier.type = { text: 'One of two different NHS numbers that were sent for one patient' }
  }
  return numbers.map((one) => (rivals.includes(one) ? { ...one, key: undefined } : one))
}

/** Local numbers first: they identify. */
export function writeNumbers(draft: DraftBuilder, numbers: readonly NumberRead[]): void {
  uniteSlot(
    draft,
    'identifier',
    numbers.map(({ identifier }) => identifier),
  )
  draft.identity.push(...identityKeys(numbers))
}

export function identityKeys(numbers: readonly NumberRead[]): readonly IdentityKey[] {
  const keys = numbers.flatMap(({ key }) => (key === undefined ? [] : [key]))
  return [
    ...keys.filter(({ strength }) => strength === 'own'),
    ...keys.filter(({ strength }) => strength === 'shared'),
  ]
}

function readStatus(
  reading: Reading,
  segment: number,
  numbers: readonly NumberRead[],
  rule: number,
): void {
  const holders = numbers.map(({ identifier }) => identifier).filter(carriesStatus)
  const to = fieldTo(reading, segment, 32)
  let isStated = false
  for (let leaf = fieldFrom(reading, segment, 32); leaf < to; leaf++) {
    const codings = NHS_NUMBER_STATUS.concepts.get(trimmedText(reading, leaf))
    if (isNullLeaf(reading, leaf)) {
      refuse(reading, leaf, rule, 'a status goes only with its number')
    } else if (codings === undefined) {
      refuse(reading, leaf, rule, `a code that is not in ${NHS_NUMBER_STATUS.name}`)
    } else if (holders.length !== 1) {
      refuse(reading, leaf, rule, 'the message has no single NHS number that could carry it')
    } else if (isStated) {
      refuse(reading, leaf, rule, 'another status stands before it')
    } else {
      isStated = true
      const coding = { ...codings[0] }
      const extension = { url: STATUS_URL, valueCodeableConcept: { coding: [coding] } }
      holders[0]!.extension = [extension]
      take(reading, leaf, rule, coding, 'code')
    }
  }
}

/** UK Core knows the status only of an NHS number. */
const carriesStatus = (identifier: Identifier): boolean =>
  isNhsNumber(identifier) && identifier.type?.text !== FAILED_NUMBER
