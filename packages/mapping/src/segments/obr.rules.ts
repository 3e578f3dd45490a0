/**
 * OBR, and ORC before it ⇄ DiagnosticReport. Source: v2-to-FHIR IG, OBR[DiagnosticReport] and
 * ORC[DiagnosticReport]; HL7 v2.5.1 chapter 7.4.1; UK Core DiagnosticReport-Lab 2.0.1.
 */
import type { Identifier } from '@almoner/fhir'
import { compileDatatype, type ReadRepetition } from '../rule/datatype.ts'
import { type DraftBuilder, setSlot, uniteSlot } from '../rule/draft-builder.ts'
import { derivedSystem, urnPart } from '../rule/names.ts'
import {
  fieldFrom,
  fieldTo,
  firstText,
  leafAt,
  type Reading,
  refuse,
  repetitionEnd,
  take,
  trimmedText,
} from '../rule/reading.ts'
import {
  defineSegment,
  ignored,
  isNullField,
  notMapped,
  type SegmentRule,
  value,
} from '../rule/segment.ts'
import { DIAGNOSTIC_SECTION, OTHER_SECTIONS, REPORT_STATUS } from '../tables/result.ts'
import { cwe } from '../types/cwe.ts'
import { instant } from '../types/date-time.ts'
import { ei } from '../types/ei.ts'
import { ndl } from '../types/xcn.ts'
import { v2Table } from '../uk/systems.ts'
import { reportTimesRule } from './effective.rules.ts'
import { practitioners } from './parties.ts'
import { readParties } from './pd1.rules.ts'
import { resultStatusRule } from './result-status.rules.ts'

const kindOfNumber = (code: string, display: string) => ({
  coding: [{ system: v2Table('0203'), code, display }],
})
const PLACER = kindOfNumber('PLAC', 'Placer Identifier')
const FILLER = kindOfNumber('FILL', 'Filler Identifier')

const ORDER = 'The order itself: no ServiceRequest is made yet.'
const SPECIMEN = 'The specimen: no Specimen is made yet.'

/** OBR-2 or ORC-2 (placer), OBR-3 or ORC-3 (filler). */
const orderNumberRule = (n: number, type: typeof PLACER): SegmentRule => ({
  name: `order number ${n}`,
  compile(site) {
    const read = compileDatatype(ei, site, `${site.segment}-${n}`, 'identifier')
    return (reading, segment, draft) => addNumber(reading, segment, n, read, type, draft)
  },
})

/**
 * ORC and OBR repeat the same numbers, and some laboratories use one number for placer and filler:
 * what is equal is one identifier.
 */
function addNumber(
  reading: Reading,
  segment: number,
  n: number,
  read: ReadRepetition<Identifier>,
  type: typeof PLACER,
  draft: DraftBuilder,
): void {
  const to = fieldTo(reading, segment, n)
  if (to === 0) return
  const from = fieldFrom(reading, segment, n)
  const end = repetitionEnd(reading, from, to)
  const identifier = read(reading, from, end)
  if (identifier === undefined) return
  const known = draft.slots
    .filter(({ path }) => path === 'identifier')
    .flatMap((slot) => slot.value as readonly Identifier[])
    .find((one) => one.system === identifier.system && one.value === identifier.value)
  if (known === undefined) {
    identifier.type = type
    uniteSlot(draft, 'identifier', [identifier])
    return
  }
  for (let leaf = from; leaf < end; leaf++) {
    const mark = reading.marks[leaf]!
    if (mark <= 0) continue
    if (reading.holders[leaf] === identifier) take(reading, leaf, mark, known, reading.keys[leaf]!)
    else refuse(reading, leaf, mark, 'the same number stands in the message with other details')
  }
}

export const orcToReport = defineSegment({
  segment: 'ORC',
  target: 'DiagnosticReport',
  source: 'v2-to-FHIR IG, ORC[DiagnosticReport]',
  rules: [
    ignored(1, 'In a result it can only say that a result follows.'),
    orderNumberRule(2, PLACER),
    orderNumberRule(3, FILLER),
    notMapped(
      [4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25],
      ORDER,
    ),
    notMapped([26, 27, 28, 29, 30, 31, 32, 33, 34], ORDER),
  ],
})

const NO_CODE = {
  coding: [
    {
      system: 'http://terminology.hl7.org/CodeSystem/data-absent-reason',
      code: 'unknown',
      display: 'Unknown',
    },
  ],
}

/** `code` of a report or result is demanded by FHIR. */
export const resultCodeRule = (n: number): SegmentRule => ({
  name: 'code',
  compile(site) {
    const field = `${site.segment}-${n}`
    const read = compileDatatype(cwe(field), site, field, 'code')
    return (reading, segment, draft) => {
      const to = fieldTo(reading, segment, n)
      const from = fieldFrom(reading, segment, n)
      const isNull = to !== 0 && isNullField(reading, segment, n)
      const code = to === 0 ? undefined : read(reading, from, repetitionEnd(reading, from, to))
      if (isNull) refuse(reading, from, reading.marks[from]!, 'a result always has a code')
      setSlot(draft, 'code', code ?? NO_CODE)
    }
  },
})

const LABORATORY = {
  coding: [{ system: v2Table('0074'), code: 'LAB', display: 'Laboratory' }],
}

/** True unless OBR-24 names a department that is no laboratory. */
export const isLaboratory = (reading: Reading, segment: number): boolean =>
  !OTHER_SECTIONS.has(firstText(reading, segment, 24))

const categoryRule: SegmentRule = {
  name: 'OBR-24',
  compile(site) {
    const read = compileDatatype(cwe('OBR-24', DIAGNOSTIC_SECTION), site, 'OBR-24', 'category')
    return (reading, segment, draft) => {
      const to = fieldTo(reading, segment, 24)
      const from = fieldFrom(reading, segment, 24)
      const section = to === 0 ? undefined : read(reading, from, repetitionEnd(reading, from, to))
      const categories: object[] = isLaboratory(reading, segment) ? [LABORATORY] : []
      // UK Core allows the category LAB once.
      if (section?.coding?.[0]?.code === 'LAB') categories.length = 0
      if (section !== undefined) categories.push(section)
      const slot = setSlot(draft, 'category', categories)
      if (to !== 0 && isNullField(reading, segment, 24)) {
        take(reading, from, reading.marks[from]!, slot, '')
      }
    }
  },
}

const peopleRule = (n: number, path: string): SegmentRule => ({
  name: `OBR-${n}`,
  compile(site) {
    const read = practitioners(compileDatatype(ndl, site, `OBR-${n}`, `${path}(Practitioner)`))
    return (reading, segment, draft) => {
      const people = readParties(reading, segment, n, read)
      if (people.length > 0) setSlot(draft, path, people)
    }
  },
})

export const obrToReport = defineSegment({
  segment: 'OBR',
  target: 'DiagnosticReport',
  source: 'v2-to-FHIR IG, OBR[DiagnosticReport]',
  rules: [
    ignored(1, 'The position of the segment says which it is.'),
    orderNumberRule(3, FILLER),
    orderNumberRule(2, PLACER),
    resultStatusRule(25, REPORT_STATUS, v2Table('0123')),
    categoryRule,
    resultCodeRule(4),
    reportTimesRule,
    value('OBR-22', 22, 'issued', instant),
    peopleRule(32, 'resultsInterpreter'),
    peopleRule(34, 'performer'),
    notMapped([5, 6, 13, 16, 17, 18, 19, 27, 30, 31, 36], ORDER),
    notMapped([9, 10, 11, 12, 14, 15, 37, 38, 39], SPECIMEN),
    notMapped([20, 21], 'Filler fields: every sender means something else by them.'),
    notMapped([23, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49], 'The IG knows no element for it.'),
    notMapped([26, 29, 50, 51, 52, 53, 54], 'The parent result: reports are not linked yet.'),
    notMapped(28, 'Result copies: nobody is sent a copy from here.'),
    notMapped([33, 35], 'Only who interpreted and who performed is kept.'),
  ],
})

/** What a report is found by: its order number, and what was ordered under it. */
export type ReportKey = { readonly system: string; readonly path: string }

/**
 * Filler number, else placer number, with the code of OBR-4: one order number may cover several
 * reports. Undefined when there is no number at all.
 */
export function reportKey(
  reading: Reading,
  segment: number,
  report: DraftBuilder,
): ReportKey | undefined {
  const numbers = report.slots
    .filter(({ path }) => path === 'identifier')
    .flatMap((slot) => slot.value as readonly Identifier[])
  const number = numbers.find(({ type }) => type === FILLER) ?? numbers[0]
  if (number?.system === undefined || number.value === undefined) return undefined
  const code = codeText(reading, segment, 4)
  return { system: number.system, path: `${urnPart(number.value)}/${urnPart(code)}` }
}

/** The code of a coded field, else its words; what the sender tells results apart by. */
export function codeText(reading: Reading, segment: number, n: number): string {
  const from = fieldFrom(reading, segment, n)
  const to = fieldTo(reading, segment, n)
  for (const component of [1, 2, 4, 5, 9]) {
    const leaf = leafAt(reading, from, to, component)
    if (leaf !== -1) return trimmedText(reading, leaf)
  }
  return ''
}

export const reportIdentifier = (
  kind: 'report' | 'observation',
  key: ReportKey,
  steps = '',
): { readonly system: string; readonly value: string } => ({
  system: derivedSystem(kind, key.system),
  value: key.path + steps,
})
