/**
 * CE and CWE ⇄ CodeableConcept. The original coding is always kept. Where the field has a table, a
 * code of the table gets the codings of the table; any other code stays as the sender's own coding
 * and its leaf stays unmapped. Source: v2-to-FHIR IG, CE and CWE[CodeableConcept]; HL7 v2.5.1
 * chapter 2A.13.
 */
import type { CodeableConcept, Coding } from '@almoner/fhir'
import { type ConceptTable, conceptLens } from '../rule/code-table.ts'
import {
  type Datatype,
  dropElement,
  type Element,
  hasKept,
  type Kept,
  kept,
  keptText,
  refuseKept,
  takeKept,
} from '../rule/datatype.ts'
import { text, token } from '../rule/lens.ts'
import { localCodes } from '../rule/names.ts'
import { flag, type Reading } from '../rule/reading.ts'
import { knownCodeSystem } from '../tables/code-systems.ts'

/** Parts of one of the three codings: code, text, system, version. */
type Places = readonly [code: number, text: number, system: number, version: number]
const FIRST: Places = [0, 1, 2, 6]
const SECOND: Places = [3, 4, 5, 7]
const THIRD: Places = [9, 10, 11, 12]
const ORIGINAL_TEXT = 8

const LOCAL_NAME = 'A name that only the sender knows becomes a URN; it is taken out of it again.'

/** @param field names the sender's own codes where it names no system: `PID-22` */
export const cwe = (field: string, table?: ConceptTable): Datatype<CodeableConcept> => ({
  name: 'CWE',
  fhir: 'CodeableConcept',
  source: table?.source ?? 'v2-to-FHIR IG, CWE[CodeableConcept]',
  parts: [
    kept('1', 'coding.code', table === undefined ? token : conceptLens(table)),
    kept('2', 'coding.display', text),
    kept('3', 'coding.system', token, { oneWay: LOCAL_NAME }),
    kept('4', 'coding.code', token),
    kept('5', 'coding.display', text),
    kept('6', 'coding.system', token, { oneWay: LOCAL_NAME }),
    kept('7', 'coding.version', token),
    kept('8', 'coding.version', token),
    kept('9', 'text', text),
    kept('10', 'coding.code', token),
    kept('11', 'coding.display', text),
    kept('12', 'coding.system', token, { oneWay: LOCAL_NAME }),
    kept('13', 'coding.version', token),
  ],
  finish(reading, element, parts, from, to) {
    const concept: Element = element
    writeOriginalText(reading, concept, parts)
    writeCoding(reading, concept, parts, FIRST, field, table)
    if (hasKept(parts, SECOND[0]) || hasKept(parts, SECOND[1]) || hasKept(parts, SECOND[2])) {
      writeCoding(reading, concept, parts, SECOND, field, undefined)
    }
    if (hasKept(parts, THIRD[0]) || hasKept(parts, THIRD[1])) {
      writeCoding(reading, concept, parts, THIRD, field, undefined)
    }
    if (concept['coding'] !== undefined || concept['text'] !== undefined) return concept
    return dropElement(reading, parts, from, to, 'neither a code nor a text stands beside it')
  },
})

function writeOriginalText(reading: Reading, concept: Element, parts: Kept): void {
  const value = keptText(reading, parts, ORIGINAL_TEXT)
  if (value !== '') concept['text'] = value
  takeKept(reading, parts, ORIGINAL_TEXT, concept, 'text')
}

function writeCoding(
  reading: Reading,
  concept: Element,
  parts: Kept,
  places: Places,
  field: string,
  table: ConceptTable | undefined,
): void {
  const [codeAt, textAt, systemAt, versionAt] = places
  const code = keptText(reading, parts, codeAt)
  const display = keptText(reading, parts, textAt)
  const name = keptText(reading, parts, systemAt)
  if (code === '') {
    writeText(reading, concept, parts, places, display)
    return
  }
  const known = name === '' ? undefined : knownCodeSystem(name, code)
  const listed = isOfTable(name, known) ? table?.concepts.get(code) : undefined
  if (listed !== undefined) {
    writeListed(reading, concept, parts, places, listed, display)
    return
  }
  const system = known ?? localCodes(reading.sender, name === '' ? field : name)
  const version = keptText(reading, parts, versionAt)
  const coding = localCoding(system, version, code, display)
  addCoding(concept, coding)
  takeKept(reading, parts, codeAt, coding, 'code')
  takeKept(reading, parts, textAt, coding, 'display')
  takeKept(reading, parts, systemAt, coding, 'system')
  takeKept(reading, parts, versionAt, coding, 'version')
  if (table === undefined || (known !== undefined && !isOfTable(name, known))) return
  refuseKept(reading, parts, codeAt, `a code that is not in ${table.name}`)
  flag(reading, 'CODE_UNKNOWN', parts.firsts[codeAt]!)
}

/** Whole literals: an object that grows member by member takes several times the memory. */
function localCoding(system: string, version: string, code: string, display: string): Coding {
  if (version === '') return display === '' ? { system, code } : { system, code, display }
  return display === '' ? { system, version, code } : { system, version, code, display }
}

function addCoding(concept: Element, coding: Coding): void {
  const codings = concept['coding']
  if (Array.isArray(codings)) codings.push(coding)
  else concept['coding'] = [coding]
}

/** The table of the field holds for bare codes, and for codes said to be of an HL7 table. */
const isOfTable = (name: string, known: string | undefined): boolean =>
  name === '' || (known?.startsWith('http://terminology.hl7.org/CodeSystem/v2-') ?? false)

function writeListed(
  reading: Reading,
  concept: Element,
  parts: Kept,
  places: Places,
  listed: readonly Coding[],
  display: string,
): void {
  const [codeAt, textAt, systemAt, versionAt] = places
  // Copied, because marks find a value by the object that holds it.
  const copies = listed.map((coding) => ({ ...coding }))
  for (const copy of copies) addCoding(concept, copy)
  const first = copies[0]!
  takeKept(reading, parts, codeAt, first, 'code')
  takeKept(reading, parts, systemAt, first, 'system')
  refuseKept(reading, parts, versionAt, 'the table of the field says which codes these are')
  if (display === '') {
    takeKept(reading, parts, textAt, first, 'display')
    return
  }
  if (concept['text'] === undefined) {
    concept['text'] = display
    takeKept(reading, parts, textAt, concept, 'text')
    return
  }
  first.display = display
  takeKept(reading, parts, textAt, first, 'display')
}

/** A text without a code is the text of the concept. */
function writeText(
  reading: Reading,
  concept: Element,
  parts: Kept,
  [codeAt, textAt, systemAt, versionAt]: Places,
  display: string,
): void {
  takeKept(reading, parts, codeAt, concept, 'coding')
  refuseKept(reading, parts, systemAt, 'a code system without a code')
  refuseKept(reading, parts, versionAt, 'a code system version without a code')
  if (display === '') {
    takeKept(reading, parts, textAt, concept, 'text')
    return
  }
  if (concept['text'] !== undefined && concept['text'] !== display) {
    refuseKept(reading, parts, textAt, 'another text already stands for the concept')
    return
  }
  concept['text'] = display
  takeKept(reading, parts, textAt, concept, 'text')
}
