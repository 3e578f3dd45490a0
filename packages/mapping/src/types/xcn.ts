/**
 * XCN, and CNN inside NDL ⇄ Practitioner (its identifier, name and qualification).
 * Source: v2-to-FHIR IG, XCN[Practitioner] and CNN[Practitioner]; HL7 v2.5.1 chapter 2A.85, 2A.44;
 * uk/practitioner-number.ts.
 */
import type { IdentityKey } from '@almoner/fhir'
import { codeLens } from '../rule/code-table.ts'
import {
  type Datatype,
  type Element,
  type Kept,
  kept,
  keptText,
  part,
  refuseKept,
  takeKept,
} from '../rule/datatype.ts'
import { text, token } from '../rule/lens.ts'
import type { Reading } from '../rule/reading.ts'
import { UK_NAME_TYPES } from '../tables/names.ts'
import { practitionerSystem } from '../uk/practitioner-number.ts'
import { markAuthority, readAuthority, writeType } from './cx.ts'
import { systemOf } from './hd.ts'

/** A person as read. Without a key nobody could find a resource for it again. */
export type PersonRead = {
  readonly element: Element
  readonly key: IdentityKey | undefined
}

const ID = 0
const NAMESPACE = 1
/** Only XCN has it. */
const TYPE = 4

const SHAPE = 'The system of a national number is sent back as its authority, GMC.'
const namespace = { ...token, name: 'authority (namespace)' }
const universalId = { ...token, name: 'authority (universal id)' }
const universalType = { ...token, name: 'authority (type of universal id)' }

export const xcn: Datatype<PersonRead> = {
  name: 'XCN',
  fhir: 'Practitioner',
  source: 'v2-to-FHIR IG, XCN[Practitioner]',
  parts: [
    kept('1', 'identifier.value', token),
    part('2', 'name.family', token),
    part('3', 'name.given[]', text),
    part('4', 'name.given[]', text),
    part('5', 'name.suffix[]', text),
    part('6', 'name.prefix[]', text),
    part('7', 'qualification[0].code.text', text),
    kept('9', 'identifier.system', namespace, { oneWay: SHAPE }),
    kept('9.2', 'identifier.system', universalId),
    kept('9.3', 'identifier.system', universalType),
    part('10', 'name.use', codeLens(UK_NAME_TYPES)),
    kept('13', 'identifier.type.coding.code', { ...token, name: 'table 0203' }),
  ],
  finish: finishPerson,
}

export const ndl: Datatype<PersonRead> = {
  name: 'NDL',
  fhir: 'Practitioner',
  source: 'v2-to-FHIR IG, NDL[PractitionerRole] and CNN[Practitioner]',
  parts: [
    kept('1', 'identifier.value', token),
    part('1.2', 'name.family', token),
    part('1.3', 'name.given[]', token),
    part('1.4', 'name.given[]', token),
    part('1.5', 'name.suffix[]', token),
    part('1.6', 'name.prefix[]', token),
    part('1.7', 'qualification[0].code.text', token),
    kept('1.9', 'identifier.system', namespace, { oneWay: SHAPE }),
    kept('1.10', 'identifier.system', universalId),
    kept('1.11', 'identifier.system', universalType),
  ],
  finish: finishPerson,
}

function finishPerson(reading: Reading, element: Element, parts: Kept): PersonRead | undefined {
  const key = writeNumber(reading, element, parts)
  return Object.keys(element).length === 0 ? undefined : { element, key }
}

function writeNumber(reading: Reading, element: Element, parts: Kept): IdentityKey | undefined {
  const value = keptText(reading, parts, ID)
  if (value === '') {
    for (let at = ID; at < parts.rules.length; at++) {
      refuseKept(reading, parts, at, 'no number stands beside it')
    }
    return undefined
  }
  const authority = readAuthority(reading, parts, NAMESPACE)
  const national = practitionerSystem(value, authority.namespace)
  const { system, from } =
    national === undefined
      ? systemOf(reading.sender, authority)
      : { system: national, from: 'namespace' as const }
  const identifier: Element = { system, value }
  element['identifier'] = [identifier]
  takeKept(reading, parts, ID, identifier, 'value')
  if (parts.rules.length > TYPE) writeType(reading, identifier, parts, TYPE)
  markAuthority(reading, identifier, parts, NAMESPACE, authority, from)
  return { system, value, strength: 'own' }
}

/** `Dr Samuel Darwin`, to show a person who has no number. */
export function personDisplay(element: Element): string {
  const name = (element['name'] ?? {}) as Readonly<Record<string, unknown>>
  const words = [name['prefix'], name['given'], name['family'], name['suffix']]
  return words
    .flat()
    .filter((word) => typeof word === 'string')
    .join(' ')
}
