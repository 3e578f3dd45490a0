/**
 * CE, CWE, IS and ID ⇄ Coding, where an element holds one coding and no text.
 * Source: v2-to-FHIR IG, CWE[Coding].
 */
import type { Coding } from '@almoner/fhir'
import { type ConceptTable, conceptLens } from '../rule/code-table.ts'
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
import { flag, type Reading } from '../rule/reading.ts'

const CODE = 0
const TEXT = 1
const SYSTEM = 2

/** @param field names the sender's own codes: `PV1-2` */
export const codingOf = (field: string, table: ConceptTable): Datatype<Coding> => ({
  name: 'CWE',
  fhir: 'Coding',
  source: table.source,
  parts: [
    kept('1', 'code', conceptLens(table)),
    kept('2', 'display', text),
    kept('3', 'system', token),
  ],
  finish(reading, _element, parts, from, to) {
    const code = keptText(reading, parts, CODE)
    if (code === '') return dropElement(reading, parts, from, to, 'no code stands beside it')
    const listed = table.concepts.get(code)?.[0]
    if (listed !== undefined) return writeListed(reading, parts, listed)
    return writeLocal(reading, parts, code, field, table)
  },
})

function writeListed(reading: Reading, parts: Kept, listed: Coding): Coding {
  const coding = { ...listed }
  takeKept(reading, parts, CODE, coding, 'code')
  if (keptText(reading, parts, TEXT) === listed.display) {
    takeKept(reading, parts, TEXT, coding, 'display')
  } else refuseKept(reading, parts, TEXT, 'the code has words of its own, and there is no text')
  refuseKept(reading, parts, SYSTEM, 'the table of the field says which codes these are')
  return coding
}

function writeLocal(
  reading: Reading,
  parts: Kept,
  code: string,
  field: string,
  table: ConceptTable,
): Coding {
  const name = keptText(reading, parts, SYSTEM)
  const display = keptText(reading, parts, TEXT)
  const coding: Element = { system: localCodes(reading.sender, name === '' ? field : name), code }
  if (display !== '') coding['display'] = display
  takeKept(reading, parts, TEXT, coding, 'display')
  takeKept(reading, parts, SYSTEM, coding, 'system')
  refuseKept(reading, parts, CODE, `a code that is not in ${table.name}`)
  flag(reading, 'CODE_UNKNOWN', parts.firsts[CODE]!)
  return coding
}
