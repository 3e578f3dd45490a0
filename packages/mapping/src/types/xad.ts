/**
 * XAD ⇄ Address. Source: v2-to-FHIR IG, XAD[Address]; HL7 v2.5.1 chapter 2A.82; ITK HL7 v2 message
 * specifications 1.0.15 (five lines, postcode in XAD.5, ISO 3166 alpha-3 country).
 */
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
import { text } from '../rule/lens.ts'
import type { Reading } from '../rule/reading.ts'
import { UK_ADDRESS_TYPES, UK_ADDRESS_USES } from '../tables/names.ts'
import { dateTime } from './date-time.ts'

const uses = codeLens(UK_ADDRESS_USES)
const types = codeLens(UK_ADDRESS_TYPES)

const REGION = 0
const TYPE = 1
const COUNTY = 2

export const xad: Datatype<Element> = {
  name: 'XAD',
  fhir: 'Address',
  source: 'v2-to-FHIR IG, XAD[Address]',
  parts: [
    part('1', 'line[]', text, {
      oneWay: 'Senders split the street differently; on the way back it is one text.',
    }),
    part('2', 'line[]', text),
    part('3', 'city', text),
    kept('4', 'district', text, {
      source: 'UK Core: the county is the district; v2-to-FHIR IG has state',
      oneWay: 'Where XAD.9 names the county, XAD.4 is the state.',
    }),
    part('5', 'postalCode', text),
    part('6', 'country', text),
    kept('7', 'use', {
      ...uses,
      name: 'table 0190 (UK)',
      codes: [...UK_ADDRESS_USES.rows, ...UK_ADDRESS_TYPES.rows],
    }),
    kept('9', 'district', text),
    part('12', 'period.start', dateTime),
    part('12.2', 'period.end', dateTime),
    part('13', 'period.start', dateTime),
    part('14', 'period.end', dateTime),
  ],
  finish(reading, element, parts) {
    writeType(reading, element, parts)
    writeRegion(reading, element, parts)
    return Object.keys(element).length === 0 ? undefined : element
  },
}

function writeType(reading: Reading, element: Element, parts: Kept): void {
  const code = keptText(reading, parts, TYPE)
  if (code === '') {
    takeKept(reading, parts, TYPE, element, 'use')
    return
  }
  const leaf = parts.firsts[TYPE]!
  const use = uses.get(code, reading, leaf)
  const type = types.get(code, reading, leaf)
  if (use !== undefined) {
    element['use'] = use
    takeKept(reading, parts, TYPE, element, 'use')
  } else if (type !== undefined) {
    element['type'] = type
    takeKept(reading, parts, TYPE, element, 'type')
  } else {
    refuseKept(reading, parts, TYPE, uses.refuses)
  }
}

function writeRegion(reading: Reading, element: Element, parts: Kept): void {
  const region = keptText(reading, parts, REGION)
  const county = keptText(reading, parts, COUNTY)
  if (county !== '') element['district'] = county
  takeKept(reading, parts, COUNTY, element, 'district')
  const member = county === '' ? 'district' : 'state'
  if (region !== '') element[member] = region
  takeKept(reading, parts, REGION, element, member)
}
