/**
 * OBX-2, OBX-5, OBX-6 and OBX-7 ⇄ the value of an Observation and its reference range. The type of
 * the value is what OBX-2 says. Text keeps its white space; a value that is not of its type is
 * kept as text, and its leaf stays unmapped.
 * Source: v2-to-FHIR IG, OBX[Observation]; HL7 v2.5.1 chapter 7.4.2.
 */
import type { CodeableConcept } from '@almoner/fhir'
import { compileDatatype, type Element, type ReadRepetition } from '../rule/datatype.ts'
import { clearSlot, type DraftBuilder, setSlot } from '../rule/draft-builder.ts'
import type { Lens } from '../rule/lens.ts'
import {
  fieldFrom,
  fieldTo,
  firstText,
  flag,
  hasField,
  isNullLeaf,
  leafAt,
  pass,
  type Reading,
  refuse,
  repetitionEnd,
  take,
  trimmedText,
  wholeFormattedText,
  wholeText,
} from '../rule/reading.ts'
import { isNullField, type SegmentRule } from '../rule/segment.ts'
import { cwe } from '../types/cwe.ts'
import { dateTime, time } from '../types/date-time.ts'
import {
  complex,
  primitive,
  readNumeric,
  readStructuredNumeric,
  type Span,
  VALUE_MEMBERS,
  type ValueMember,
  type ValueRead,
} from '../types/sn.ts'
import { units } from '../types/units.ts'
import { writeReferenceRange } from './reference-range.ts'

type ReadValue = (reading: Reading, from: number, to: number, rule: number) => ValueRead | undefined

/** Text types: all repetitions are lines of one text. */
const TEXT_TYPES: ReadonlySet<string> = new Set(['ST', 'TX', 'FT'])
const FORMATTED_TYPES: ReadonlySet<string> = new Set(['TX', 'FT'])
const CODED_TYPES: ReadonlySet<string> = new Set(['CE', 'CWE', 'CNE', 'CF', 'IS', 'ID'])
/** Types that FHIR has no element for here; a person must look at the message. */
const DOCUMENT_TYPES: ReadonlySet<string> = new Set(['ED', 'RP'])

const single =
  (lens: Lens, member: ValueMember): ReadValue =>
  (reading, from, to, rule) => {
    const leaf = leafAt(reading, from, to, 1)
    if (leaf === -1 || to - from !== 1) return undefined
    const value = lens.get(trimmedText(reading, leaf), reading, leaf)
    if (value === undefined) return undefined
    take(reading, leaf, rule, undefined, '')
    return primitive(member, value, [{ from, to }])
  }

const READERS: ReadonlyMap<string, ReadValue> = new Map([
  ['NM', readNumeric],
  ['SN', readStructuredNumeric],
  ['DT', single(dateTime, 'valueDateTime')],
  ['TS', single(dateTime, 'valueDateTime')],
  ['DTM', single(dateTime, 'valueDateTime')],
  ['TM', single(time, 'valueTime')],
])

export const valueRule: SegmentRule = {
  name: 'OBX-2 OBX-5 OBX-6 OBX-7',
  compile(site) {
    const type = site.add({
      v2: 'OBX-2',
      fate: 'ignored',
      why: 'It says how OBX-5 is written; the element that holds the value shows it.',
    })
    const value = site.add({
      v2: 'OBX-5',
      fhir: 'value[x]',
      lens: 'by OBX-2',
      oneWay: 'OBX-2 follows from the element; text that stood for a number is sent as text.',
    })
    const document = site.add({
      v2: 'OBX-5 of type ED or RP',
      fate: 'unmapped',
      why: 'Documents and pointers to them are not carried over yet; the message holds them.',
    })
    const unit = site.add({ v2: 'OBX-6 of a text', fhir: 'valueString', lens: 'text' })
    const range = site.add({
      v2: 'OBX-7',
      fhir: 'referenceRange.text',
      lens: 'text, with low and high where it is two numbers',
      oneWay: 'Sent back as the text that came.',
    })
    const compiled: Compiled = {
      value,
      document,
      unit,
      range,
      readCoded: compileDatatype(cwe('OBX-5'), site, 'OBX-5', 'valueCodeableConcept'),
      readUnits: compileDatatype(units, site, 'OBX-6', 'valueQuantity'),
    }
    return (reading, segment, draft) => {
      passField(reading, segment, 2, type)
      writeValue(reading, segment, draft, compiled)
    }
  },
}

type Compiled = {
  readonly value: number
  readonly document: number
  readonly unit: number
  readonly range: number
  readonly readCoded: ReadRepetition<CodeableConcept>
  readonly readUnits: ReadRepetition
}

const passField = (reading: Reading, segment: number, n: number, rule: number): void =>
  pass(reading, fieldFrom(reading, segment, n), fieldTo(reading, segment, n), rule)

function writeValue(reading: Reading, segment: number, draft: DraftBuilder, rules: Compiled): void {
  const type = firstText(reading, segment, 2)
  const hasValue = hasField(reading, segment, 5) || reading.continuations.has(segment)
  const values = hasValue ? readValues(reading, segment, type, rules) : []
  if (values.length === 1) setValue(reading, draft, values[0]!)
  else if (values.length > 1) setComponents(reading, draft, values)
  else if (hasField(reading, segment, 5)) writeNoValue(reading, segment, draft, rules, type)
  const [only] = values
  const quantities =
    only !== undefined && values.length === 1
      ? only.quantities
      : values.flatMap((read) => read.quantities)
  if (hasField(reading, segment, 6)) writeUnits(reading, segment, draft, quantities, rules)
  writeReferenceRange(reading, segment, draft, rules.range, quantities[0])
}

/** Stating one element of the choice clears the others: a number may have become a text. */
function setValue(
  reading: Reading,
  draft: DraftBuilder,
  { member, value, spans }: ValueRead,
): void {
  placeSpans(reading, spans, setSlot(draft, member, value), '')
  clearOthers(draft, member)
  clearSlot(draft, 'component')
  clearSlot(draft, 'dataAbsentReason')
}

function placeSpans(
  reading: Reading,
  spans: readonly Span[],
  holder: object | undefined,
  key: string,
): void {
  for (const { from, to } of spans) {
    for (let leaf = from; leaf < to; leaf++) {
      const mark = reading.marks[leaf]!
      if (mark > 0) take(reading, leaf, mark, holder, key)
    }
  }
}

function clearOthers(draft: DraftBuilder, member: string): void {
  for (const other of VALUE_MEMBERS) if (other !== member) clearSlot(draft, other)
}

/** Several values of one test: each is a component with the code of the test. */
function setComponents(reading: Reading, draft: DraftBuilder, values: readonly ValueRead[]): void {
  const code = draft.slots.find(({ path }) => path === 'code')?.value
  const components = values.map(({ member, value, spans }) => {
    const component = { code, [member]: value }
    placeSpans(reading, spans, component, member)
    return component
  })
  setSlot(draft, 'component', components)
  clearOthers(draft, 'component')
  clearSlot(draft, 'dataAbsentReason')
}

function readValues(
  reading: Reading,
  segment: number,
  type: string,
  rules: Compiled,
): readonly ValueRead[] {
  const from = fieldFrom(reading, segment, 5)
  const to = fieldTo(reading, segment, 5)
  if (isNullField(reading, segment, 5) || DOCUMENT_TYPES.has(type)) return []
  if (TEXT_TYPES.has(type)) return [readText(reading, segment, type, rules.value)]
  const firstEnd = repetitionEnd(reading, from, to)
  const first = readOne(reading, from, firstEnd, type, rules)
  const values = first === undefined ? [] : [first]
  for (let start = firstEnd; start < to; ) {
    const end = repetitionEnd(reading, start, to)
    const read = readOne(reading, start, end, type, rules)
    if (read !== undefined) values.push(read)
    start = end
  }
  return values
}

function readOne(
  reading: Reading,
  from: number,
  to: number,
  type: string,
  rules: Compiled,
): ValueRead | undefined {
  if (CODED_TYPES.has(type)) {
    const concept = rules.readCoded(reading, from, to)
    return concept === undefined ? undefined : complex('valueCodeableConcept', concept)
  }
  const read = READERS.get(type)?.(reading, from, to, rules.value)
  return read ?? keepAsText(reading, from, to, type, rules.value)
}

/** The lines of the segment and of those that carry on its text. */
function readText(reading: Reading, segment: number, type: string, rule: number): ValueRead {
  const lines: string[] = []
  const spans: Span[] = []
  const isFormatted = FORMATTED_TYPES.has(type)
  for (const index of [segment, ...(reading.continuations.get(segment) ?? [])]) {
    const to = fieldTo(reading, index, 5)
    const from = fieldFrom(reading, index, 5)
    // A line without text is an empty line, and the lines below keep their places.
    if (to === 0) {
      lines.push('')
      continue
    }
    for (let start = from; start < to; ) {
      const end = repetitionEnd(reading, start, to)
      lines.push(lineText(reading, start, end, isFormatted))
      start = end
    }
    for (let leaf = from; leaf < to; leaf++) take(reading, leaf, rule, undefined, '')
    spans.push({ from, to })
  }
  return primitive('valueString', lines.join('\n'), spans)
}

export function lineText(reading: Reading, from: number, to: number, isFormatted: boolean): string {
  if (isFormatted) return wholeFormattedText(reading, from, to)
  const { components, subcomponents } = reading.leaves
  return wholeText(reading, from, to, components[from]! + subcomponents[from]! - 2)
}

/** A value that is not of its type, or of a type without a reader: shown, but not understood. */
function keepAsText(
  reading: Reading,
  from: number,
  to: number,
  type: string,
  rule: number,
): ValueRead {
  const value = lineText(reading, from, to, false)
  const isTyped = READERS.has(type)
  flag(reading, isTyped ? 'VALUE_REFUSED' : 'VALUE_TYPE_UNKNOWN', from)
  for (let leaf = from; leaf < to; leaf++) {
    if (isTyped) refuse(reading, leaf, rule, `not a value of type ${type}; kept as text`)
    else take(reading, leaf, rule, undefined, '')
  }
  return primitive('valueString', value, [{ from, to }])
}

function writeNoValue(
  reading: Reading,
  segment: number,
  draft: DraftBuilder,
  rules: Compiled,
  type: string,
): void {
  if (DOCUMENT_TYPES.has(type)) {
    passField(reading, segment, 5, rules.document)
    clearOthers(draft, '')
    setSlot(draft, 'dataAbsentReason', UNSUPPORTED)
    return
  }
  if (!isNullField(reading, segment, 5)) return
  const leaf = fieldFrom(reading, segment, 5)
  take(reading, leaf, rules.value, setSlot(draft, 'valueString', undefined), '')
  clearOthers(draft, 'valueString')
  clearSlot(draft, 'component')
}

/** Says that the sender gave a value which is not here. */
const UNSUPPORTED = {
  coding: [
    {
      system: 'http://terminology.hl7.org/CodeSystem/data-absent-reason',
      code: 'unsupported',
      display: 'Unsupported',
    },
  ],
  text: 'The value was sent as a document, which is not carried over',
}

function writeUnits(
  reading: Reading,
  segment: number,
  draft: DraftBuilder,
  quantities: readonly Element[],
  rules: Compiled,
): void {
  const from = fieldFrom(reading, segment, 6)
  const to = fieldTo(reading, segment, 6)
  const end = repetitionEnd(reading, from, to)
  const [first, ...others] = quantities
  if (first === undefined) {
    writeTextUnit(reading, from, end, draft, rules.unit)
    return
  }
  if (rules.readUnits(reading, from, end, first) === undefined) return
  for (const other of others) {
    for (const key of ['unit', 'system', 'code']) {
      if (first[key] !== undefined) other[key] = first[key]
    }
  }
}

/** `<5` sent as text with the unit mg/L is shown as `<5 mg/L`: a value without unit is a hazard. */
function writeTextUnit(
  reading: Reading,
  from: number,
  to: number,
  draft: DraftBuilder,
  rule: number,
): void {
  const at = draft.slots.findLastIndex(
    ({ path, value }) => path === 'valueString' && value !== undefined,
  )
  const slot = draft.slots[at]
  const leaf = leafAt(reading, from, to, 2) === -1 ? from : leafAt(reading, from, to, 2)
  if (slot === undefined || String(slot.value).includes('\n') || isNullLeaf(reading, leaf)) {
    for (let one = from; one < to; one++) refuse(reading, one, rule, 'no value that has a unit')
    return
  }
  const united = { ...slot, value: `${String(slot.value)} ${trimmedText(reading, leaf)}` }
  draft.slots[at] = united
  // The value itself now stands in the new slot too.
  reading.holders.forEach((holder, one) => {
    if (holder === slot) take(reading, one, reading.marks[one]!, united, '')
  })
  for (let one = from; one < to; one++) {
    if (one === leaf) take(reading, one, rule, united, '')
    else refuse(reading, one, rule, 'a text takes only the word for its unit')
  }
}
