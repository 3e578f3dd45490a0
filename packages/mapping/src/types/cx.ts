/**
 * CX ⇄ Identifier. Source: v2-to-FHIR IG, CX[Identifier]; HL7 v2.5.1 chapter 2A.14; for NHS and
 * CHI numbers uk/nhs-number.ts.
 */
import type { Identifier, IdentityKey } from '@almoner/fhir'
import {
  type Datatype,
  dropElement,
  type Element,
  hasKept,
  type Kept,
  kept,
  keptText,
  part,
  refuseKept,
  takeKept,
} from '../rule/datatype.ts'
import { token } from '../rule/lens.ts'
import { flag, isNullLeaf, type Reading } from '../rule/reading.ts'
import { IDENTIFIER_TYPES } from '../tables/identifier-type.ts'
import { isNationalType, type RecognisedNumber } from '../uk/nhs-number.ts'
import { NHS_NUMBER, v2Table } from '../uk/systems.ts'
import { date } from './date-time.ts'
import { type AssigningAuthority, systemOf } from './hd.ts'

/** A number as read: what is stored, and whether it may identify. */
export type NumberRead = {
  readonly identifier: Identifier
  /** Undefined when the number is not to be trusted to find anything. */
  readonly key: IdentityKey | undefined
}

export type Recognise = (
  text: string,
  authority: AssigningAuthority,
  type: string,
) => RecognisedNumber

const ID = 0
const NAMESPACE = 1
const UNIVERSAL_ID = 2
const UNIVERSAL_TYPE = 3
const TYPE = 4
const FACILITY = 5

const NATIONAL =
  'The shape of an NHS number differs by sender; on the way back the profile of the receiver decides.'

/** Text of the type of a number whose check digit is wrong. */
export const FAILED_NUMBER = 'Sent as a national number, but its check digit is wrong'

const NO_NUMBER = 'no number stands beside it'

export const cx = (recognise: Recognise): Datatype<NumberRead> => ({
  name: 'CX',
  fhir: 'Identifier',
  source: 'v2-to-FHIR IG, CX[Identifier]',
  parts: [
    kept('1', 'value', token),
    kept('4', 'system', { ...token, name: 'authority (namespace)' }, { oneWay: NATIONAL }),
    kept('4.2', 'system', { ...token, name: 'authority (universal id)' }, { oneWay: NATIONAL }),
    kept('4.3', 'system', { ...token, name: 'authority (type of universal id)' }),
    kept('5', 'type.coding.code', { ...token, name: 'table 0203' }, { oneWay: NATIONAL }),
    kept('6', 'assigner.display', token),
    part('7', 'period.start', date),
    part('8', 'period.end', date),
  ],
  keepsNull: 'a message never deletes identifiers: those of other senders stand there too',
  finish(reading, element, parts, from, to) {
    if (keptText(reading, parts, ID) === '') return dropElement(reading, parts, from, to, NO_NUMBER)
    return finishNumber(reading, element, parts, recognise)
  },
})

export const readAuthority = (
  reading: Reading,
  parts: Kept,
  namespace: number,
): AssigningAuthority => ({
  namespace: keptText(reading, parts, namespace),
  universalId: keptText(reading, parts, namespace + 1),
  universalIdType: keptText(reading, parts, namespace + 2),
})

function finishNumber(
  reading: Reading,
  element: Element,
  parts: Kept,
  recognise: Recognise,
): NumberRead {
  const text = keptText(reading, parts, ID)
  const authority = readAuthority(reading, parts, NAMESPACE)
  const type = keptText(reading, parts, TYPE)
  const number = recognise(text, authority, type)
  takeKept(reading, parts, ID, element, 'value')
  switch (number.kind) {
    case 'national':
      return nationalNumber(reading, element, parts, number, type)
    case 'invalid':
      return failedNumber(reading, element, parts, text, authority)
    default:
      return localNumber(reading, element, parts, text, authority)
  }
}

function nationalNumber(
  reading: Reading,
  element: Element,
  parts: Kept,
  number: { readonly system: string; readonly value: string },
  type: string,
): NumberRead {
  element['system'] = number.system
  element['value'] = number.value
  for (const at of [NAMESPACE, UNIVERSAL_ID, UNIVERSAL_TYPE]) {
    takeKept(reading, parts, at, element, 'system')
  }
  // That it is an NHS number is what the system says; any other type is kept.
  if (isNationalType(type)) takeKept(reading, parts, TYPE, element, 'system')
  else writeType(reading, element, parts, TYPE)
  writeFacility(reading, element, parts)
  if (!hasKept(parts, NAMESPACE) && !hasKept(parts, UNIVERSAL_ID) && !hasKept(parts, TYPE)) {
    flag(reading, 'NHS_NUMBER_UNTYPED', parts.firsts[ID]!)
  }
  const { system, value } = number
  return { identifier: element, key: { system, value, strength: 'shared' } }
}

function failedNumber(
  reading: Reading,
  element: Element,
  parts: Kept,
  text: string,
  authority: AssigningAuthority,
): NumberRead {
  flag(reading, 'NHS_NUMBER_INVALID', parts.firsts[ID]!)
  element['value'] = text
  writeType(reading, element, parts, TYPE)
  // The coding stays the same object, so that the mark on the type code still finds it.
  element['type'] = { ...(element['type'] as object | undefined), text: FAILED_NUMBER }
  const name = authority.namespace === '' ? authority.universalId : authority.namespace
  if (name !== '') {
    const assigner = { display: name }
    element['assigner'] = assigner
    takeKept(
      reading,
      parts,
      authority.namespace === '' ? UNIVERSAL_ID : NAMESPACE,
      assigner,
      'display',
    )
  }
  const why = 'the number is not what the authority gives out'
  if (authority.namespace !== '') refuseKept(reading, parts, UNIVERSAL_ID, why)
  refuseKept(reading, parts, UNIVERSAL_TYPE, why)
  refuseKept(reading, parts, FACILITY, why)
  return { identifier: element, key: undefined }
}

function localNumber(
  reading: Reading,
  element: Element,
  parts: Kept,
  text: string,
  authority: AssigningAuthority,
): NumberRead {
  const { system, from } = systemOf(reading.sender, authority)
  element['system'] = system
  element['value'] = text
  writeType(reading, element, parts, TYPE)
  markAuthority(reading, element, parts, NAMESPACE, authority, from)
  writeFacility(reading, element, parts)
  return { identifier: element, key: { system, value: text, strength: 'own' } }
}

/** Marks the three parts of an HD by what became of them; a namespace beside an OID is kept. */
export function markAuthority(
  reading: Reading,
  element: Element,
  parts: Kept,
  namespace: number,
  authority: AssigningAuthority,
  from: 'universal' | 'namespace' | 'sender',
): void {
  if (from === 'universal') {
    takeKept(reading, parts, namespace + 1, element, 'system')
    takeKept(reading, parts, namespace + 2, element, 'system')
    if (authority.namespace === '') return
    const assigner = { display: authority.namespace }
    element['assigner'] = assigner
    takeKept(reading, parts, namespace, assigner, 'display')
    return
  }
  takeKept(reading, parts, namespace, element, 'system')
  const why =
    from === 'namespace'
      ? 'the namespace already tells the system'
      : 'a universal id that is no OID, UUID or URI of the type that is stated'
  refuseKept(reading, parts, namespace + 1, why)
  refuseKept(reading, parts, namespace + 2, why)
}

function writeFacility(reading: Reading, element: Element, parts: Kept): void {
  if (!hasKept(parts, FACILITY)) return
  if (element['assigner'] !== undefined) {
    refuseKept(reading, parts, FACILITY, 'the authority already names the assigner')
    return
  }
  const from = parts.firsts[FACILITY]!
  if (isNullLeaf(reading, from)) {
    refuseKept(reading, parts, FACILITY, 'null')
    return
  }
  const assigner = { display: keptText(reading, parts, FACILITY) }
  element['assigner'] = assigner
  takeKept(reading, parts, FACILITY, assigner, 'display')
}

/** Type of an identifier: a code of table 0203, else the word of the sender as text. */
export function writeType(reading: Reading, element: Element, parts: Kept, at: number): void {
  const code = keptText(reading, parts, at)
  if (code === '') return
  const display = IDENTIFIER_TYPES.get(code)
  if (display === undefined) {
    element['type'] = { text: code }
    refuseKept(reading, parts, at, 'a code that is not in table 0203')
    return
  }
  const coding = { system: v2Table('0203'), code, display }
  element['type'] = { coding: [coding] }
  takeKept(reading, parts, at, coding, 'code')
}

export const isNhsNumber = (identifier: Identifier): boolean => identifier.system === NHS_NUMBER
