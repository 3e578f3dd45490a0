/**
 * XON ⇄ Organization. In the UK the number is an ODS code, in XON.3 (ITK) or XON.10 (v2.5 on),
 * where no other authority is named. Source: v2-to-FHIR IG, XON[Organization]; ITK HL7 v2 message
 * specifications 1.0.15, PD1-3; UK Core Organization 2.5.1.
 */
import type { IdentityKey } from '@almoner/fhir'
import {
  type Datatype,
  type Element,
  hasKept,
  type Kept,
  kept,
  keptText,
  part,
  refuseKept,
  takeKept,
} from '../rule/datatype.ts'
import { text, token } from '../rule/lens.ts'
import type { Reading } from '../rule/reading.ts'
import { ODS_ORGANISATION } from '../uk/systems.ts'
import { markAuthority, readAuthority, writeType } from './cx.ts'
import { systemOf } from './hd.ts'

export type OrganisationRead = {
  readonly element: Element
  readonly key: IdentityKey | undefined
}

const NUMBER = 0
const NAMESPACE = 1
const TYPE = 4
const IDENTIFIER = 5

const PLACE = 'An ODS code is sent back where the receiver reads it: XON.3 for ITK, else XON.10.'

export const xon: Datatype<OrganisationRead> = {
  name: 'XON',
  fhir: 'Organization',
  source: 'v2-to-FHIR IG, XON[Organization]',
  parts: [
    part('1', 'name', text),
    kept('3', 'identifier.value', token, { oneWay: PLACE }),
    kept('6', 'identifier.system', { ...token, name: 'authority (namespace)' }),
    kept('6.2', 'identifier.system', { ...token, name: 'authority (universal id)' }),
    kept('6.3', 'identifier.system', { ...token, name: 'authority (type of universal id)' }),
    kept('7', 'identifier.type.coding.code', { ...token, name: 'table 0203' }),
    kept('10', 'identifier.value', token, { oneWay: PLACE }),
  ],
  finish(reading, element, parts) {
    const key = writeNumber(reading, element, parts)
    return Object.keys(element).length === 0 ? undefined : { element, key }
  },
}

function writeNumber(reading: Reading, element: Element, parts: Kept): IdentityKey | undefined {
  const at = keptText(reading, parts, IDENTIFIER) === '' ? NUMBER : IDENTIFIER
  const value = keptText(reading, parts, at)
  if (value === '') {
    for (let part = NUMBER; part <= IDENTIFIER; part++) {
      refuseKept(reading, parts, part, 'no number stands beside it')
    }
    return undefined
  }
  const identifier: Element = {}
  const authority = readAuthority(reading, parts, NAMESPACE)
  const isOds =
    authority.namespace === 'ODS' || (authority.namespace === '' && authority.universalId === '')
  const { system, from } = isOds
    ? { system: ODS_ORGANISATION, from: 'namespace' as const }
    : systemOf(reading.sender, authority)
  identifier['system'] = system
  identifier['value'] = value
  element['identifier'] = [identifier]
  takeKept(reading, parts, at, identifier, 'value')
  if (at === IDENTIFIER && hasKept(parts, NUMBER)) {
    const isSame = keptText(reading, parts, NUMBER) === value
    if (isSame) takeKept(reading, parts, NUMBER, identifier, 'value')
    else refuseKept(reading, parts, NUMBER, 'XON.10 gives another number')
  }
  writeType(reading, identifier, parts, TYPE)
  markAuthority(reading, identifier, parts, NAMESPACE, authority, from)
  return { system, value, strength: 'own' }
}
