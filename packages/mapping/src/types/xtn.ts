/**
 * XTN ⇄ ContactPoint: the one-string form that ITK sends (`+44...` in XTN.1) and the divided form
 * of later versions. Source: v2-to-FHIR IG, XTN[ContactPoint]; HL7 v2.5.1 chapter 2A.92.
 */
import type { ContactPoint } from '@almoner/fhir'
import { codeLens } from '../rule/code-table.ts'
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
import { positiveInteger, text, token } from '../rule/lens.ts'
import type { Reading } from '../rule/reading.ts'
import { TELECOM_SYSTEMS, TELECOM_USES } from '../tables/telecom.ts'
import { dateTime } from './date-time.ts'

const uses = codeLens(TELECOM_USES)
const systems = codeLens(TELECOM_SYSTEMS)

const NUMBER = 0
const USE = 1
const EQUIPMENT = 2
const ADDRESS = 3
const COUNTRY = 4
const AREA = 5
const LOCAL = 6
const EXTENSION = 7
const UNFORMATTED = 8

const VALUE = 'One FHIR value may come from several components; it is sent back as one string.'
const ALREADY = 'another component already gives the number'

/** @param defaultUse what the field itself says: PID-13 is home, PID-14 work */
export const xtn = (defaultUse: 'home' | 'work' | undefined): Datatype<ContactPoint> => ({
  name: 'XTN',
  fhir: 'ContactPoint',
  source: 'v2-to-FHIR IG, XTN[ContactPoint]',
  parts: [
    kept('1', 'value', text, { oneWay: VALUE }),
    kept('2', 'use', { ...uses, isText: false }),
    kept('3', 'system', { ...systems, isText: false }),
    kept('4', 'value', text, { oneWay: VALUE }),
    kept('5', 'value', token, { oneWay: VALUE }),
    kept('6', 'value', token, { oneWay: VALUE }),
    kept('7', 'value', token, { oneWay: VALUE }),
    kept('8', 'value', token, { oneWay: VALUE }),
    kept('12', 'value', text, { oneWay: VALUE }),
    part('13', 'period.start', dateTime),
    part('14', 'period.end', dateTime),
    part('18', 'rank', positiveInteger),
  ],
  finish(reading, element, parts, from, to) {
    const equipment = keptText(reading, parts, EQUIPMENT)
    const isAddress = writeValue(reading, element, parts, equipment)
    if (element['value'] === undefined) {
      return dropElement(reading, parts, from, to, 'no number stands beside it')
    }
    writeSystem(reading, element, parts, equipment, isAddress)
    writeUse(reading, element, parts, equipment, defaultUse)
    return element
  },
})

/** True when the value is an electronic address. */
function writeValue(reading: Reading, element: Element, parts: Kept, equipment: string): boolean {
  const isElectronic = equipment === 'Internet' || equipment === 'X.400'
  if (keptText(reading, parts, ADDRESS) !== '' && (isElectronic || !hasKept(parts, NUMBER))) {
    writeOne(reading, element, parts, ADDRESS)
    return true
  }
  if (keptText(reading, parts, NUMBER) !== '') {
    writeOne(reading, element, parts, NUMBER)
    return keptText(reading, parts, NUMBER).includes('@')
  }
  if (keptText(reading, parts, LOCAL) !== '') writeDivided(reading, element, parts)
  else writeOne(reading, element, parts, UNFORMATTED)
  return false
}

const VALUE_PARTS = [NUMBER, ADDRESS, COUNTRY, AREA, LOCAL, EXTENSION, UNFORMATTED]

/** One component is the value. The others must be part of it, or they are not in the output. */
function writeOne(reading: Reading, element: Element, parts: Kept, at: number): void {
  let value = keptText(reading, parts, at)
  if (value === '') return
  const extension = keptText(reading, parts, EXTENSION)
  if (at === NUMBER && extension !== '' && !value.includes(extension)) value += ` X${extension}`
  element['value'] = value
  for (const other of VALUE_PARTS) {
    if (value.includes(keptText(reading, parts, other))) {
      takeKept(reading, parts, other, element, 'value')
    } else {
      refuseKept(reading, parts, other, ALREADY)
    }
  }
}

/** `+44 020 79460000 X12`. Source: v2-to-FHIR IG, rows of XTN.7. */
function writeDivided(reading: Reading, element: Element, parts: Kept): void {
  const country = keptText(reading, parts, COUNTRY)
  const area = keptText(reading, parts, AREA)
  const local = keptText(reading, parts, LOCAL)
  const extension = keptText(reading, parts, EXTENSION)
  const pieces = [country === '' ? '' : `+${country.replace(/^\+/, '')}`, area, local]
  if (extension !== '') pieces.push(`X${extension}`)
  element['value'] = pieces.filter((piece) => piece !== '').join(' ')
  for (const at of [COUNTRY, AREA, LOCAL, EXTENSION]) takeKept(reading, parts, at, element, 'value')
  refuseKept(reading, parts, ADDRESS, ALREADY)
  refuseKept(reading, parts, UNFORMATTED, ALREADY)
}

function writeSystem(
  reading: Reading,
  element: Element,
  parts: Kept,
  equipment: string,
  isAddress: boolean,
): void {
  // A field for phone numbers holds phone numbers, unless the value is plainly an address.
  const implied = isAddress || keptText(reading, parts, USE) === 'NET' ? 'email' : 'phone'
  if (equipment === '') {
    element['system'] = implied
    return
  }
  const system = systems.get(equipment, reading, parts.firsts[EQUIPMENT]!)
  element['system'] = system ?? implied
  if (system === undefined) refuseKept(reading, parts, EQUIPMENT, systems.refuses)
  else takeKept(reading, parts, EQUIPMENT, element, 'system')
}

function writeUse(
  reading: Reading,
  element: Element,
  parts: Kept,
  equipment: string,
  defaultUse: string | undefined,
): void {
  const code = keptText(reading, parts, USE)
  const use = code === '' ? undefined : uses.get(code, reading, parts.firsts[USE]!)
  const implied = equipment === 'CP' ? 'mobile' : defaultUse
  if (implied !== undefined) element['use'] = implied
  if (use !== undefined) {
    element['use'] = equipment === 'CP' && use === 'home' ? 'mobile' : use
    takeKept(reading, parts, USE, element, 'use')
  } else if (code === 'NET') {
    takeKept(reading, parts, USE, element, 'system')
  } else if (code !== '') {
    refuseKept(reading, parts, USE, uses.refuses)
  }
}
