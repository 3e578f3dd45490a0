/**
 * Leaves: the deepest pieces of a message that hold something. Every character of a message that
 * is neither a delimiter, a segment name nor a line end belongs to exactly one leaf, so that a
 * ledger over the leaves can show that nothing was dropped.
 */

import { COMPONENT, delimiterLevels, FIELD, REPETITION, SUBCOMPONENT } from './delimiter-levels.ts'
import { field as fieldOf } from './field.ts'
import type { Message, Segment } from './message.ts'
import { formatPath, type Path } from './path.ts'
import {
  component as componentOf,
  repetition as repetitionOf,
  subcomponent as subcomponentOf,
} from './piece.ts'
import { isNameContent, pathName } from './segment-name.ts'

export type VisitLeaf = (
  start: number,
  end: number,
  segment: Segment,
  field: number,
  repetition: number,
  component: number,
  subcomponent: number,
) => void

/**
 * Visits every populated leaf in the order of the text: one scan, no allocation per leaf.
 * Component and subcomponent are 1 where the field is not split. MSH-1 and MSH-2 are leaves. A
 * line without a segment name starts with content: that is visited as field 0.
 */
export function forEachLeaf(message: Message, visit: VisitLeaf): void {
  for (const segment of message.segments) {
    const nameEnd = segment.start + segment.name.length
    if (segment.index === 0) {
      visit(nameEnd, nameEnd + 1, segment, 1, 1, 1, 1)
      const headerEnd = fieldOf(message, segment, 2)?.end ?? segment.end
      if (headerEnd > nameEnd + 1) visit(nameEnd + 1, headerEnd, segment, 2, 1, 1, 1)
      visitPieces(message, segment, headerEnd, 2, visit)
    } else if (isNameContent(segment)) {
      visitPieces(message, segment, segment.start, 0, visit)
    } else {
      visitPieces(message, segment, nameEnd, 0, visit)
    }
  }
}

/** Visits the leaves from `start`, which stands in field `firstField` or on the separator after it. */
function visitPieces(
  message: Message,
  segment: Segment,
  start: number,
  firstField: number,
  visit: VisitLeaf,
): void {
  const { text } = message
  const { end } = segment
  const levels = delimiterLevels(message.delimiters)
  const levelCount = levels.length
  let field = firstField
  let repetition = 1
  let component = 1
  let subcomponent = 1
  let from = start
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at)
    const level = code < levelCount ? levels[code]! : 0
    if (level === 0) continue
    if (at > from) visit(from, at, segment, field, repetition, component, subcomponent)
    from = at + 1
    subcomponent = level === SUBCOMPONENT ? subcomponent + 1 : 1
    if (level === COMPONENT) component++
    else if (level > COMPONENT) component = 1
    if (level === REPETITION) repetition++
    else if (level === FIELD) {
      repetition = 1
      field++
    }
  }
  if (end > from) visit(from, end, segment, field, repetition, component, subcomponent)
}

/**
 * The path of a leaf in its shortest form: `PID-8`, `PID-5.1`, `PID-3[2].4.2`, `OBX[3]-5`. It
 * never holds a value: a line without a segment name is called `???`.
 */
export const formatLeaf = (
  message: Message,
  segment: Segment,
  field: number,
  repetition: number,
  component: number,
  subcomponent: number,
): string => formatPath(leafPlace(message, segment, field, repetition, component, subcomponent))

/** The path of a leaf: component and subcomponent are undefined where nothing is split. */
export function leafPlace(
  message: Message,
  segment: Segment,
  field: number,
  repetition: number,
  component: number,
  subcomponent: number,
): Path {
  const whole = fieldOf(message, segment, field)
  const one = whole && repetitionOf(message, whole, repetition)
  const part = one && componentOf(message, one, component)
  const isComponentSplit = part !== undefined && subcomponentOf(message, part, 2) !== undefined
  const isFieldSplit = one !== undefined && componentOf(message, one, 2) !== undefined
  return {
    segment: pathName(segment),
    occurrence: occurrenceOf(message, segment),
    field,
    repetition,
    component: isFieldSplit || isComponentSplit ? component : undefined,
    subcomponent: isComponentSplit ? subcomponent : undefined,
  }
}

/** Memo of a pure answer; without it the paths of all leaves would take quadratic time. */
const occurrences = new WeakMap<Message, Uint32Array>()

/** Which of the segments with its name this is, counted from 1. */
export function occurrenceOf(message: Message, segment: Segment): number {
  let known = occurrences.get(message)
  if (known === undefined) {
    known = countOccurrences(message)
    occurrences.set(message, known)
  }
  return known[segment.index] ?? 1
}

function countOccurrences(message: Message): Uint32Array {
  const counts = new Map<string, number>()
  return Uint32Array.from(message.segments, (segment) => {
    const key = pathName(segment)
    const count = (counts.get(key) ?? 0) + 1
    counts.set(key, count)
    return count
  })
}
