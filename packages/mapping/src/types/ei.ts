/**
 * EI ⇄ Identifier of an order or report. Source: v2-to-FHIR IG, EI[Identifier-Extension]; HL7
 * v2.5.1 chapter 2A.28.
 */
import type { Identifier } from '@almoner/fhir'
import { type Datatype, dropElement, kept, keptText, takeKept } from '../rule/datatype.ts'
import { token } from '../rule/lens.ts'
import { markAuthority, readAuthority } from './cx.ts'
import { systemOf } from './hd.ts'

const ID = 0
const NAMESPACE = 1

export const ei: Datatype<Identifier> = {
  name: 'EI',
  fhir: 'Identifier',
  source: 'v2-to-FHIR IG, EI[Identifier-Extension]',
  parts: [
    kept('1', 'value', token),
    kept('2', 'system', { ...token, name: 'authority (namespace)' }),
    kept('3', 'system', { ...token, name: 'authority (universal id)' }),
    kept('4', 'system', { ...token, name: 'authority (type of universal id)' }),
  ],
  finish(reading, element, parts, from, to) {
    const value = keptText(reading, parts, ID)
    if (value === '') return dropElement(reading, parts, from, to, 'no number stands beside it')
    const authority = readAuthority(reading, parts, NAMESPACE)
    const found = systemOf(reading.sender, authority)
    element['system'] = found.system
    element['value'] = value
    takeKept(reading, parts, ID, element, 'value')
    markAuthority(reading, element, parts, NAMESPACE, authority, found.from)
    return element
  },
}
