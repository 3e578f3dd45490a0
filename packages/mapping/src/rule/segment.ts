/**
 * Segments as tables of rules. A rule reads one or more fields and states slots of one draft; it
 * has a name, so that a layer (the UK one) can replace it or add others. Compiled once, a segment
 * is a list of closures.
 */
import type { Extension } from '@almoner/fhir'
import { compileDatatype, type Datatype, type ReadRepetition } from './datatype.ts'
import { type Claim, clearSlot, type DraftBuilder, setSlot } from './draft-builder.ts'
import { FIELDS_PER_SEGMENT } from './leaves.ts'
import type { Lens } from './lens.ts'
import {
  fieldFrom,
  fieldTo,
  flag,
  isNullLeaf,
  pass,
  type Reading,
  refuse,
  repetitionEnd,
  take,
  trimmedText,
  wholeText,
} from './reading.ts'
import { type RuleBook, type RuleSite, ruleSite } from './rule-book.ts'

/** Reads fields of the segment with this index and states slots of the draft. */
export type RunRule = (reading: Reading, segment: number, draft: DraftBuilder) => void

export type SegmentRule = {
  /** `PID-16`: a layer replaces a rule by this name. */
  readonly name: string
  readonly compile: (site: RuleSite) => RunRule | PassedFields
}

/** Rule numbers by field, for the leaves that no other rule of the segment reads. */
export type PassedFields = ReadonlyMap<number, number>

export type SegmentRules = {
  /** `PID` */
  readonly segment: string
  /** Resource or element that the rules write: `Patient`. */
  readonly target: string
  readonly source: string
  readonly rules: readonly SegmentRule[]
}

export const defineSegment = (rules: SegmentRules): SegmentRules => rules

/** The rules of `base`, with those of the same name replaced and new ones added. */
export function layerSegment(base: SegmentRules, rules: readonly SegmentRule[]): SegmentRules {
  const over = new Map(rules.map((rule) => [rule.name, rule]))
  const kept = base.rules.map((rule) => over.get(rule.name) ?? rule)
  const names = new Set(base.rules.map(({ name }) => name))
  return { ...base, rules: [...kept, ...rules.filter(({ name }) => !names.has(name))] }
}

/** Runs all rules of one segment. */
export type SegmentReader = (reading: Reading, segment: number, draft: DraftBuilder) => void

export function compileSegment(rules: SegmentRules, book: RuleBook): SegmentReader {
  const site = ruleSite(book, rules.segment, rules.target, rules.source)
  const runs: RunRule[] = []
  const passed: number[] = new Array<number>(FIELDS_PER_SEGMENT).fill(0)
  for (const rule of rules.rules) {
    const compiled = rule.compile(site)
    if (typeof compiled === 'function') runs.push(compiled)
    else for (const [field, number] of compiled) passed[field] = number
  }
  return (reading, segment, draft) => {
    if (reading.leaves.segmentTo[segment] === 0) return
    for (const run of runs) run(reading, segment, draft)
    passFields(reading, segment, passed)
  }
}

/** What is left unread takes the rule of its field that says why. */
function passFields(reading: Reading, segment: number, passed: readonly number[]): void {
  const { segmentFrom, segmentTo, fields } = reading.leaves
  const to = segmentTo[segment]!
  for (let leaf = segmentFrom[segment]!; leaf < to; leaf++) {
    if (reading.marks[leaf] === 0) reading.marks[leaf] = passed[fields[leaf]!] ?? 0
  }
}

export type RuleOptions = {
  readonly oneWay?: string
  readonly source?: string
  readonly claim?: Claim
}

const fieldName = (site: RuleSite, n: number): string => `${site.segment}-${n}`

/**
 * One after the last leaf of the primitive value in the first repetition of a field, or 0. Free
 * text may hold delimiters that the sender forgot to escape; anything else is one leaf.
 */
export function primitiveEnd(reading: Reading, segment: number, n: number, lens: Lens): number {
  const to = fieldTo(reading, segment, n)
  if (to === 0) return 0
  const { repetitions, components, subcomponents } = reading.leaves
  const from = fieldFrom(reading, segment, n)
  if (repetitions[from] !== 1) return 0
  if (lens.isText === true) return repetitionEnd(reading, from, to)
  return components[from] === 1 && subcomponents[from] === 1 ? from + 1 : 0
}

/** The text of the leaves that `primitiveEnd` delimits. */
export function primitiveText(reading: Reading, from: number, to: number): string {
  const { components, subcomponents } = reading.leaves
  const skipped = components[from]! + subcomponents[from]! - 2
  if (to - from === 1 && skipped === 0) return trimmedText(reading, from)
  return wholeText(reading, from, to, skipped).trim()
}

function refusePrimitive(
  reading: Reading,
  from: number,
  to: number,
  rule: number,
  lens: Lens,
): void {
  flag(reading, 'VALUE_REFUSED', from)
  for (let leaf = from; leaf < to; leaf++) refuse(reading, leaf, rule, lens.refuses)
}

/** One leaf ⇄ one primitive element. */
export function value(
  name: string,
  n: number,
  path: string,
  lens: Lens,
  options: RuleOptions = {},
): SegmentRule {
  return {
    name,
    compile(site) {
      const rule = site.add({
        v2: fieldName(site, n),
        fhir: path,
        lens: lens.name,
        codes: lens.codes,
        source: options.source,
        oneWay: options.oneWay ?? lens.oneWay,
      })
      return (reading, segment, draft) => {
        const to = primitiveEnd(reading, segment, n, lens)
        if (to === 0) return
        const leaf = fieldFrom(reading, segment, n)
        const isNull = isNullLeaf(reading, leaf)
        const read = isNull ? undefined : lens.get(primitiveText(reading, leaf, to), reading, leaf)
        if (read === undefined && !isNull) return refusePrimitive(reading, leaf, to, rule, lens)
        const slot = setSlot(draft, path, read)
        for (let at = leaf; at < to; at++) take(reading, at, rule, slot, '')
      }
    },
  }
}

/** A code-typed element. An unknown code stays visible in the extension for alternate codes. */
export function code(
  name: string,
  n: number,
  path: string,
  lens: Lens,
  options: RuleOptions & { readonly system: string },
): SegmentRule {
  return {
    name,
    compile(site) {
      const rule = site.add({
        v2: fieldName(site, n),
        fhir: path,
        lens: lens.name,
        codes: lens.codes,
        source: options.source,
        oneWay: options.oneWay ?? lens.oneWay,
      })
      return (reading, segment, draft) => {
        if (primitiveEnd(reading, segment, n, lens) === 0) return
        const leaf = fieldFrom(reading, segment, n)
        const isNull = isNullLeaf(reading, leaf)
        const sent = isNull ? '' : trimmedText(reading, leaf)
        const read = isNull ? undefined : lens.get(sent, reading, leaf)
        const slot = setSlot(draft, path, read)
        const isUnknown = read === undefined && !isNull
        if (isUnknown) setSlot(draft, `_${path}`, alternateCode(options.system, sent))
        else clearSlot(draft, `_${path}`)
        if (!isUnknown) return take(reading, leaf, rule, slot, '')
        flag(reading, 'CODE_UNKNOWN', leaf)
        refuse(reading, leaf, rule, lens.refuses)
      }
    },
  }
}

const ALTERNATE_CODES = 'http://hl7.org/fhir/StructureDefinition/alternate-codes'

/** The code that was sent, beside an element that cannot hold it. */
export const alternateCode = (
  system: string,
  code: string,
): { readonly extension: readonly Extension[] } => ({
  extension: [{ url: ALTERNATE_CODES, valueCodeableConcept: { coding: [{ system, code }] } }],
})

/** One element from the first repetition. Further repetitions have no place. */
export function one<Value extends object>(
  name: string,
  n: number,
  path: string,
  datatype: Datatype<Value>,
  options: RuleOptions = {},
): SegmentRule {
  return {
    name,
    compile(site) {
      const read = compileDatatype(datatype, site, fieldName(site, n), path)
      return (reading, segment, draft) => {
        const to = fieldTo(reading, segment, n)
        if (to === 0) return
        const from = fieldFrom(reading, segment, n)
        const element = read(reading, from, repetitionEnd(reading, from, to))
        if (element !== undefined) setSlot(draft, path, element, options.claim)
        else if (isNullField(reading, segment, n)) deleteSlot(reading, from, draft, path, options)
      }
    },
  }
}

/** The field is `""`: what it owns goes. The leaf was marked when it was read. */
export function deleteSlot(
  reading: Reading,
  leaf: number,
  draft: DraftBuilder,
  path: string,
  options: { readonly claim?: Claim },
): void {
  const slot = setSlot(draft, path, options.claim === undefined ? undefined : [], options.claim)
  const mark = reading.marks[leaf]!
  if (mark > 0) take(reading, leaf, mark, slot, '')
}

/** Reads all repetitions of a field. */
export function readRepetitions<Value extends object>(
  reading: Reading,
  read: ReadRepetition<Value>,
  segment: number,
  n: number,
): Value[] {
  const to = fieldTo(reading, segment, n)
  if (to === 0) return []
  const from = fieldFrom(reading, segment, n)
  const firstEnd = repetitionEnd(reading, from, to)
  const first = read(reading, from, firstEnd)
  const items = first === undefined ? [] : [first]
  for (let start = firstEnd; start < to; ) {
    const end = repetitionEnd(reading, start, to)
    const item = read(reading, start, end)
    if (item !== undefined) items.push(item)
    start = end
  }
  return items
}

/** True when the whole field is `""`. */
export function isNullField(reading: Reading, segment: number, n: number): boolean {
  const from = fieldFrom(reading, segment, n)
  return fieldTo(reading, segment, n) === from + 1 && isNullLeaf(reading, from)
}

/** One item per repetition; the items of the claim are a snapshot of the field. */
export function list<Value extends object>(
  name: string,
  n: number,
  path: string,
  datatype: Datatype<Value>,
  options: RuleOptions = {},
): SegmentRule {
  return {
    name,
    compile(site) {
      const read = compileDatatype(datatype, site, fieldName(site, n), path)
      return (reading, segment, draft) => {
        if (fieldTo(reading, segment, n) === 0) return
        const items = readRepetitions(reading, read, segment, n)
        if (items.length > 0) setSlot(draft, path, items, options.claim)
        else if (isNullField(reading, segment, n)) {
          deleteSlot(reading, fieldFrom(reading, segment, n), draft, path, options)
        }
      }
    },
  }
}

/** An extension with one complex value, from the first repetition. It claims its own url. */
export function extensionOf<Value extends object>(
  name: string,
  n: number,
  path: string,
  url: string,
  member: `value${string}`,
  datatype: Datatype<Value>,
  options: RuleOptions = {},
): SegmentRule {
  return {
    name,
    compile(site) {
      const read = compileDatatype(datatype, site, fieldName(site, n), `${path}(${url}).${member}`)
      const claim = options.claim ?? { url }
      return (reading, segment, draft) => {
        const to = fieldTo(reading, segment, n)
        if (to === 0) return
        const from = fieldFrom(reading, segment, n)
        const element = read(reading, from, repetitionEnd(reading, from, to))
        if (element !== undefined) setSlot(draft, path, [{ url, [member]: element }], claim)
        else if (isNullField(reading, segment, n)) {
          deleteSlot(reading, from, draft, path, { claim })
        }
      }
    },
  }
}

/** An extension with one primitive value. */
export function extensionValue(
  name: string,
  n: number,
  path: string,
  url: string,
  member: `value${string}`,
  lens: Lens,
): SegmentRule {
  return {
    name,
    compile(site) {
      const rule = site.add({
        v2: fieldName(site, n),
        fhir: `${path}(${url}).${member}`,
        lens: lens.name,
        codes: lens.codes,
        oneWay: lens.oneWay,
      })
      const claim = { url }
      return (reading, segment, draft) => {
        const to = primitiveEnd(reading, segment, n, lens)
        if (to === 0) return
        const leaf = fieldFrom(reading, segment, n)
        if (isNullLeaf(reading, leaf)) {
          return take(reading, leaf, rule, setSlot(draft, path, [], claim), '')
        }
        const read = lens.get(primitiveText(reading, leaf, to), reading, leaf)
        if (read === undefined) return refusePrimitive(reading, leaf, to, rule, lens)
        const extension = { url, [member]: read }
        setSlot(draft, path, [extension], claim)
        for (let at = leaf; at < to; at++) take(reading, at, rule, extension, member)
      }
    },
  }
}

function passing(
  fate: 'ignored' | 'unmapped',
  fields: number | readonly number[],
  why: string,
  options: { readonly name?: string; readonly source?: string } = {},
): SegmentRule {
  const numbers = typeof fields === 'number' ? [fields] : fields
  return {
    name: options.name ?? `${fate} ${numbers.join(' ')}`,
    compile(site) {
      return new Map(
        numbers.map((n) => [
          n,
          site.add({ v2: fieldName(site, n), fate, why, source: options.source }),
        ]),
      )
    },
  }
}

/** Fields that are left out on purpose. */
export const ignored = (
  fields: number | readonly number[],
  why: string,
  options: { readonly name?: string; readonly source?: string } = {},
): SegmentRule => passing('ignored', fields, why, options)

/** Fields that hold something which is not carried over, with the reason. */
export const notMapped = (
  fields: number | readonly number[],
  why: string,
  options: { readonly name?: string; readonly source?: string } = {},
): SegmentRule => passing('unmapped', fields, why, options)

/** Marks every leaf of a segment that no rule has read yet. */
export function passSegment(reading: Reading, segment: number, rule: number): void {
  const { segmentFrom, segmentTo } = reading.leaves
  if (segmentTo[segment] !== 0) pass(reading, segmentFrom[segment]!, segmentTo[segment]!, rule)
}
