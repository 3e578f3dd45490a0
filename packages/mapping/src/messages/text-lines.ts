/**
 * Reports sent line by line: consecutive TX or FT rows of one test are one text, as long as
 * nothing but the line differs. Source: HL7 v2.5.1 chapter 7.4.2.5; DHCW and WinPath feeds send one
 * OBX per line.
 */
import { type Group, segmentOf } from '../rule/group.ts'
import {
  fieldFrom,
  fieldTo,
  firstText,
  hasField,
  mirror,
  type Reading,
  rawText,
} from '../rule/reading.ts'

/** One result: the row that leads, and the rows that carry on its text. */
export type ResultRows = {
  readonly lead: number
  readonly group: Group
  readonly more: number[]
}

const LINE_TYPES: ReadonlySet<string> = new Set(['TX', 'FT'])
const VALUE_TYPE = 2
const TEST = 3
const VALUE = 5
const FIELD_MAX = 33

/** The OBSERVATION groups of a report as results. */
export function joinLines(reading: Reading, groups: readonly Group[]): readonly ResultRows[] {
  const results: ResultRows[] = []
  for (const group of groups) {
    const index = segmentOf(group, 'OBX')!.index
    const last = results.at(-1)
    if (last !== undefined && continues(reading, last, index)) {
      last.more.push(index)
      // A comment after the last line belongs to the whole text.
      if (group.segments.length > 1) results.push({ ...results.pop()!, group })
    } else results.push({ lead: index, group, more: [] })
  }
  const continued = results.filter(({ more }) => more.length > 0)
  if (continued.length > 0) {
    reading.continuations = new Map(continued.map(({ lead, more }) => [lead, more]))
  }
  return results
}

function continues(reading: Reading, { lead, group }: ResultRows, index: number): boolean {
  if (!LINE_TYPES.has(firstText(reading, index, VALUE_TYPE))) return false
  // What was commented on is complete.
  if (group.segments.length > 1) return false
  for (let n = VALUE_TYPE; n <= FIELD_MAX; n++) {
    if (n === VALUE || !hasField(reading, index, n)) continue
    if (rawField(reading, index, n) !== rawField(reading, lead, n)) return false
  }
  // The test itself must be named again; what else is missing is as in the line before.
  return hasField(reading, index, TEST)
}

const rawField = (reading: Reading, segment: number, n: number): string => {
  const to = fieldTo(reading, segment, n)
  if (to === 0) return ''
  const from = fieldFrom(reading, segment, n)
  // The place of the first piece too: `^A` is not `A`.
  return `${reading.leaves.components[from]}|${rawText(reading, from, to)}`
}

/** The other fields of a line are equal to those of the leading row: their values stand there. */
export function mirrorLines(reading: Reading, { lead, more }: ResultRows): void {
  for (const index of more) {
    for (let n = VALUE_TYPE; n <= FIELD_MAX; n++) {
      if (n === VALUE || !hasField(reading, index, n)) continue
      const from = fieldFrom(reading, index, n)
      mirror(reading, from, fieldTo(reading, index, n), fieldFrom(reading, lead, n))
    }
  }
}
