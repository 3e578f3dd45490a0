/**
 * OBX-6 ⇄ unit, code and system of a Quantity. A unit is UCUM only where the sender says so; any
 * other word stays a word. Source: v2-to-FHIR IG, CWE[Quantity]; HL7 v2.5.1 chapter 7.4.2.6.
 */
import {
  type Datatype,
  dropElement,
  type Element,
  type Kept,
  kept,
  keptText,
  refuseKept,
  takeKept,
} from '../rule/datatype.ts'
import { text, token } from '../rule/lens.ts'
import { localCodes } from '../rule/names.ts'
import type { Reading } from '../rule/reading.ts'
import { knownCodeSystem } from '../tables/code-systems.ts'

const CODE = 0
const TEXT = 1
const SYSTEM = 2
const OTHER_CODE = 3
const OTHER_TEXT = 4
const OTHER_SYSTEM = 5

/** Writes into the Quantity that already has its value. */
export const units: Datatype<Element> = {
  name: 'CWE',
  fhir: 'Quantity',
  source: 'v2-to-FHIR IG, CWE[Quantity]',
  parts: [
    kept('1', 'unit', text, { oneWay: 'Where there are no words for it, the code is the unit.' }),
    kept('2', 'unit', text),
    kept('3', 'system', token),
    kept('4', 'code', token),
    kept('5', 'unit', text),
    kept('6', 'system', token),
  ],
  finish(reading, quantity, parts, from, to) {
    const code = keptText(reading, parts, CODE)
    const words = keptText(reading, parts, TEXT)
    if (code === '' && words === '') {
      return dropElement(reading, parts, from, to, 'neither a code nor a word for the unit')
    }
    quantity['unit'] = words === '' ? code : words
    takeKept(reading, parts, words === '' ? CODE : TEXT, quantity, 'unit')
    const isOtherUcum = keptText(reading, parts, OTHER_SYSTEM) === 'UCUM'
    if (isOtherUcum && keptText(reading, parts, SYSTEM) !== 'UCUM') {
      writeOther(reading, quantity, parts, code, words)
    } else writeFirst(reading, quantity, parts, code, words)
    return quantity
  },
}

function writeFirst(
  reading: Reading,
  quantity: Element,
  parts: Kept,
  code: string,
  words: string,
): void {
  for (const at of [OTHER_CODE, OTHER_TEXT, OTHER_SYSTEM]) {
    refuseKept(reading, parts, at, 'a quantity has one unit')
  }
  const name = keptText(reading, parts, SYSTEM)
  const isCoded = code !== '' && (name !== '' || words !== '')
  if (!isCoded) {
    refuseKept(reading, parts, SYSTEM, 'a code system without a code')
    return
  }
  quantity['system'] =
    (name === '' ? undefined : knownCodeSystem(name, code)) ??
    localCodes(reading.sender, name === '' ? 'OBX-6' : name)
  quantity['code'] = code
  takeKept(reading, parts, CODE, quantity, 'code')
  takeKept(reading, parts, SYSTEM, quantity, 'system')
}

/** The second coding is UCUM: it is the one that others understand. */
function writeOther(
  reading: Reading,
  quantity: Element,
  parts: Kept,
  code: string,
  words: string,
): void {
  const other = keptText(reading, parts, OTHER_CODE)
  if (other !== '') {
    quantity['system'] = 'http://unitsofmeasure.org'
    quantity['code'] = other
  }
  takeKept(reading, parts, OTHER_CODE, quantity, 'code')
  takeKept(reading, parts, OTHER_SYSTEM, quantity, 'system')
  const isShown = (text: string): boolean => text !== '' && quantity['unit'] === text
  if (words !== '' && code !== '' && !isShown(code)) {
    refuseKept(reading, parts, CODE, 'the words stand for it')
  } else if (code !== '') takeKept(reading, parts, CODE, quantity, 'unit')
  refuseKept(reading, parts, SYSTEM, 'the unit is coded in UCUM')
  if (isShown(keptText(reading, parts, OTHER_TEXT))) {
    takeKept(reading, parts, OTHER_TEXT, quantity, 'unit')
  } else refuseKept(reading, parts, OTHER_TEXT, 'the unit has other words')
}
