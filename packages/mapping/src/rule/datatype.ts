/**
 * Data types as tables of parts. A repetition is read in one walk over its leaves: each leaf finds
 * its part by component and subcomponent. Parts that several leaves decide together (a number and
 * its authority) are kept until the end, where `finish` puts them together.
 */
import { compileElementPath, type WriteElement } from './element-path.ts'
import type { Lens } from './lens.ts'
import {
  isNullLeaf,
  type Reading,
  refuse,
  refuseRange,
  take,
  trimmedText,
  wholeText,
} from './reading.ts'
import type { RuleSite } from './rule-book.ts'

/** One row: component (`1`) or subcomponent (`4.2`), FHIR path, lens. */
export type Part = {
  readonly at: string
  readonly path: string
  readonly lens: Lens
  /** Set: the leaf is kept for `finish`, which decides where it goes. */
  readonly keep?: boolean
  readonly oneWay?: string
  readonly source?: string
}

export type PartOptions = { readonly oneWay?: string; readonly source?: string }

export const part = (at: string, path: string, lens: Lens, options: PartOptions = {}): Part => ({
  at,
  path,
  lens,
  ...options,
})

export const kept = (at: string, path: string, lens: Lens, options: PartOptions = {}): Part => ({
  at,
  path,
  lens,
  keep: true,
  ...options,
})

/** The leaves of the kept parts, in the order of the rows; -1 where the part is empty. */
export type Kept = {
  readonly firsts: Int32Array
  /** One after the last leaf. */
  readonly lasts: Int32Array
  readonly rules: readonly number[]
  /** True for text of a whole component, whatever divides it. */
  readonly wholes: readonly boolean[]
  /** Row for `""` in place of one piece. */
  readonly nullRule: number
}

export type Element = Record<string, unknown>

export type Datatype<Value extends object = Element> = {
  readonly name: string
  /** FHIR type that it makes. */
  readonly fhir: string
  readonly source: string
  readonly parts: readonly Part[]
  /** Why `""` in place of the whole repetition deletes nothing. */
  readonly keepsNull?: string
  /** Undefined: the repetition says nothing that can be stored; its marks are refused here too. */
  readonly finish?: (
    reading: Reading,
    element: Element,
    kept: Kept,
    from: number,
    to: number,
  ) => Value | undefined
}

/** Reads the leaves [from, to) of one repetition, into a new element or one that is begun. */
export type ReadRepetition<Value extends object = Element> = (
  reading: Reading,
  from: number,
  to: number,
  into?: Element,
) => Value | undefined

type CompiledPart = {
  readonly rule: number
  readonly lens: Lens
  /** Text of a whole component, whatever divides it. */
  readonly isWhole: boolean
  /** Place in `Kept`, or -1. */
  readonly keep: number
  readonly write: WriteElement
}

const SUBCOMPONENTS = 16
const COMPONENTS = 32

/**
 * @param v2 path of the field, `PID-3`
 * @param fhir path of the element, `identifier`
 */
export function compileDatatype<Value extends object>(
  datatype: Datatype<Value>,
  site: RuleSite,
  v2: string,
  fhir: string,
): ReadRepetition<Value> {
  const table: (CompiledPart | undefined)[] = new Array(COMPONENTS * SUBCOMPONENTS)
  const keptParts: CompiledPart[] = []
  for (const row of datatype.parts) {
    const compiled = compilePart(row, datatype, site, v2, fhir, keptParts.length)
    if (compiled.keep >= 0) keptParts.push(compiled)
    const [component = 0, subcomponent] = row.at.split('.').map(Number)
    if (compiled.isWhole) {
      for (let sub = 1; sub < SUBCOMPONENTS; sub++)
        table[component * SUBCOMPONENTS + sub] = compiled
    } else {
      table[component * SUBCOMPONENTS + (subcomponent ?? 1)] = compiled
    }
  }
  return readerOf(datatype, table, {
    firsts: new Int32Array(keptParts.length),
    lasts: new Int32Array(keptParts.length),
    rules: keptParts.map(({ rule }) => rule),
    wholes: keptParts.map(({ isWhole }) => isWhole),
    nullRule: site.add({ v2: 'null piece', fate: 'ignored', why: NULL_PIECE }),
  })
}

const NULL_PIECE =
  'A piece that the sender deletes is left out of the element; a snapshot loses it with that.'

function compilePart(
  row: Part,
  datatype: Datatype<object>,
  site: RuleSite,
  v2: string,
  fhir: string,
  keep: number,
): CompiledPart {
  const rule = site.add({
    v2: `${v2}/${datatype.name}.${row.at}`,
    fhir: row.path === '' ? fhir : fhir === '' ? row.path : `${fhir}.${row.path}`,
    lens: row.lens.name,
    codes: row.lens.codes,
    source: row.source ?? datatype.source,
    oneWay: row.oneWay ?? row.lens.oneWay,
  })
  return {
    rule,
    lens: row.lens,
    isWhole: row.lens.isText === true && !row.at.includes('.'),
    keep: row.keep === true ? keep : -1,
    write: compileElementPath(row.path),
  }
}

function readerOf<Value extends object>(
  datatype: Datatype<Value>,
  table: readonly (CompiledPart | undefined)[],
  keptParts: Kept,
): ReadRepetition<Value> {
  const { finish, keepsNull } = datatype
  const first = table[SUBCOMPONENTS + 1]!
  return (reading, from, to, into) => {
    if (to - from === 1 && isNullLeaf(reading, from)) {
      if (keepsNull === undefined) take(reading, from, first.rule, undefined, '')
      else refuse(reading, from, first.rule, keepsNull)
      return undefined
    }
    const { components, subcomponents } = reading.leaves
    const element: Element = into ?? {}
    keptParts.firsts.fill(-1)
    let isEmpty = true
    let leaf = from
    while (leaf < to) {
      const component = components[leaf]!
      const subcomponent = subcomponents[leaf]!
      let next = leaf + 1
      const found =
        component < COMPONENTS && subcomponent < SUBCOMPONENTS
          ? table[component * SUBCOMPONENTS + subcomponent]
          : undefined
      if (found !== undefined) {
        if (found.isWhole) while (next < to && components[next] === component) next++
        if (found.keep >= 0) {
          keptParts.firsts[found.keep] = leaf
          keptParts.lasts[found.keep] = next
        } else if (isNullLeaf(reading, leaf)) reading.marks[leaf] = keptParts.nullRule
        else if (readPart(reading, found, leaf, next, element)) isEmpty = false
      }
      leaf = next
    }
    if (finish !== undefined) return finish(reading, element, keptParts, from, to)
    // Without `finish` the rows alone make the element: they are its type.
    return isEmpty ? undefined : (element as Value)
  }
}

/** True when the element got a value. */
function readPart(
  reading: Reading,
  found: CompiledPart,
  from: number,
  to: number,
  element: Element,
): boolean {
  const text = found.isWhole ? wholePart(reading, from, to) : trimmedText(reading, from)
  const value = found.lens.get(text, reading, from)
  if (value === undefined) {
    for (let leaf = from; leaf < to; leaf++) refuse(reading, leaf, found.rule, found.lens.refuses)
    return false
  }
  found.write(reading, from, to, found.rule, element, value)
  return true
}

function wholePart(reading: Reading, from: number, to: number): string {
  const skipped = reading.leaves.subcomponents[from]! - 1
  if (to - from === 1 && skipped === 0) return trimmedText(reading, from)
  return wholeText(reading, from, to, skipped).trim()
}

/** Text of a kept part; '' when it is empty or null. */
export function keptText(reading: Reading, parts: Kept, at: number): string {
  const from = parts.firsts[at]!
  if (from === -1 || isNullLeaf(reading, from)) return ''
  return parts.wholes[at] === true
    ? wholePart(reading, from, parts.lasts[at]!)
    : trimmedText(reading, from)
}

export const hasKept = (parts: Kept, at: number): boolean => parts.firsts[at] !== -1

/** Marks a kept part: its value is in `holder[key]`. */
export function takeKept(
  reading: Reading,
  parts: Kept,
  at: number,
  holder: object,
  key: string | number,
): void {
  const from = parts.firsts[at]!
  if (from === -1 || passNothing(reading, parts, at)) return
  for (let leaf = from; leaf < parts.lasts[at]!; leaf++) {
    take(reading, leaf, parts.rules[at]!, holder, key)
  }
}

/** What says nothing is in no output: `""`, and white space alone. */
function passNothing(reading: Reading, parts: Kept, at: number): boolean {
  const leaf = parts.firsts[at]!
  if (isNullLeaf(reading, leaf)) {
    reading.marks[leaf] = parts.nullRule
    return true
  }
  if (keptText(reading, parts, at) !== '') return false
  refuse(reading, leaf, parts.rules[at]!, 'only white space')
  return true
}

export function refuseKept(reading: Reading, parts: Kept, at: number, why: string): void {
  const from = parts.firsts[at]!
  if (from === -1 || passNothing(reading, parts, at)) return
  for (let leaf = from; leaf < parts.lasts[at]!; leaf++) {
    refuse(reading, leaf, parts.rules[at]!, why)
  }
}

/** The repetition cannot be stored: nothing that was read from it is in the output. */
export function dropElement(
  reading: Reading,
  parts: Kept,
  from: number,
  to: number,
  why: string,
): undefined {
  for (let at = 0; at < parts.rules.length; at++) refuseKept(reading, parts, at, why)
  refuseRange(reading, from, to, why)
}
