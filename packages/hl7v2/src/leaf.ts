/**
 * Leaves: the deepest pieces of a message that hold something. Every character of a segment that
 * is neither a delimiter nor the segment name belongs to exactly one leaf, so that a ledger over
 * the leaves can show that nothing was dropped.
 */
import { COMPONENT, delimiterLevels, FIELD, REPETITION, SUBCOMPONENT } from './delimiter-levels.ts'
import { field as fieldOf } from './field.ts'
import type { Message, Segment } from './message.ts'
import { isNameContent } from './segment-name.ts'

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
  const levels = delimiterLevels(message.delimiters)
  for (const segment of message.segments) {
    const nameEnd = segment.start + segment.name.length
    if (segment.index === 0) {
      visit(nameEnd, nameEnd + 1, segment, 1, 1, 1, 1)
      const headerEnd = fieldOf(message, segment, 2)!.end
      if (headerEnd > nameEnd + 1) visit(nameEnd + 1, headerEnd, segment, 2, 1, 1, 1)
      visitPieces(message.text, segment, headerEnd, 2, levels, visit)
    } else {
      const start = isNameContent(segment) ? segment.start : nameEnd
      visitPieces(message.text, segment, start, 0, levels, visit)
    }
  }
}

/** Visits the leaves from `start`, which stands in `firstField` or on the separator after it. */
function visitPieces(
  text: string,
  segment: Segment,
  start: number,
  firstField: number,
  levels: Uint8Array,
  visit: VisitLeaf,
): void {
  const { end } = segment
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
