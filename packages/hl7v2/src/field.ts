/**
 * Reads fields where they stand in the text. A region of length 0 is empty; undefined is absent.
 * Source: HL7 v2.5.1 chapter 2.5.3 (fields) and 2.15.9 (MSH: the separator itself is MSH-1).
 */
import type { Message, Region, Segment } from './message.ts'

/**
 * SEG-n, with all its repetitions; n = 0 is the segment name. Time grows with the distance of the
 * field from the start of its segment.
 */
export function field(message: Message, segment: Segment, n: number): Region | undefined {
  const { text } = message
  const { start, end } = segment
  let at = start + segment.name.length
  if (n === 0) return { start, end: at }
  const separator = message.delimiters.field
  let number = 0
  if (segment.index === 0) {
    if (n === 1) return { start: at, end: at + 1 }
    number = 1
  }
  // `at` stands on the separator in front of field number + 1, or at the end.
  while (at < end) {
    const from = at + 1
    number++
    at = nextSeparator(text, separator, from, end)
    if (number === n) return { start: from, end: at }
  }
  return undefined
}

/** All fields; the index is the number, so index 0 is the name and MSH-1 the separator itself. */
export function fields(message: Message, segment: Segment): readonly Region[] {
  const { text } = message
  const { start, end } = segment
  const separator = message.delimiters.field
  let at = start + segment.name.length
  const found: Region[] = [{ start, end: at }]
  if (segment.index === 0) found.push({ start: at, end: at + 1 })
  while (at < end) {
    const from = at + 1
    at = nextSeparator(text, separator, from, end)
    found.push({ start: from, end: at })
  }
  return found
}

/**
 * The native search is faster than a loop over characters. It may look past the segment, but only
 * to the next separator of the text, which for all segments but one stands in the next line.
 */
function nextSeparator(text: string, separator: string, from: number, end: number): number {
  const found = text.indexOf(separator, from)
  return found === -1 || found > end ? end : found
}
