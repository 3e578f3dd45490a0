/**
 * Finds the segments of one message, and nothing else: fields are read where they stand when they
 * are asked for. Time and memory grow with the length of the text.
 * Source: HL7 v2.5.1 chapter 2.5 and 2.6 (a segment ends with CR).
 */
import { LIMITS } from '@almoner/core'
import { isStandard, readDelimiters } from './delimiters.ts'
import { HL7_ERRORS } from './errors.ts'
import type { Leniency, Message, Region, Segment } from './message.ts'
import { findMessageBounds } from './message-bounds.ts'
import type { ProblemCode } from './problem-sentences.ts'
import { isSegmentNameAt, readName } from './segment-name.ts'

export type ParseLimits = { readonly charsMax: number; readonly segmentsMax: number }

export const PARSE_LIMITS: ParseLimits = {
  charsMax: LIMITS.messageBytesMax,
  segmentsMax: LIMITS.segmentsMax,
}

const CR = 0x0d
const LF = 0x0a

/**
 * Parses one message. What was odd but understood is listed in `leniencies`; nothing of the text
 * is lost or changed. A line without a segment name is kept as a segment of its own.
 * @throws HL7_NO_MSH, HL7_BAD_DELIMITERS, HL7_TOO_LARGE, HL7_TOO_MANY_SEGMENTS, HL7_MANY_MESSAGES
 */
export function parseMessage(text: string, limits: ParseLimits = PARSE_LIMITS): Message {
  if (text.length > limits.charsMax) {
    throw HL7_ERRORS.error('HL7_TOO_LARGE', {
      where: `${text.length} characters, at most ${limits.charsMax}`,
    })
  }
  const leniencies: Leniency[] = []
  const bounds = findMessageBounds(text, leniencies)
  const lineEnd = findLineEnd(text, bounds.start, bounds.end)
  const delimiters = readDelimiters(text, bounds.start, lineEnd)
  if (!isStandard(text, bounds.start, lineEnd)) {
    leniencies.push({ code: 'HL7_ODD_DELIMITERS', where: 'MSH-2' })
  }
  const scan = text.includes('\n') ? scanMixedLines : scanLines
  const segments = scan(text, bounds, delimiters.field, limits.segmentsMax, leniencies)
  return { text, delimiters, segments, leniencies }
}

function findLineEnd(text: string, start: number, end: number): number {
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at)
    if (code === CR || code === LF) return at
  }
  return end
}

/** The ordinary case: CR ends every line, so that one search per segment is all there is to do. */
function scanLines(
  text: string,
  bounds: Region,
  separator: string,
  segmentsMax: number,
  leniencies: Leniency[],
): readonly Segment[] {
  const lines = createLineTaker(text, separator, segmentsMax, leniencies)
  let at = bounds.start
  while (at < bounds.end) {
    let end = text.indexOf('\r', at)
    if (end === -1 || end > bounds.end) end = bounds.end
    lines.take(at, end)
    at = end + 1
  }
  return lines.segments
}

/** CR, LF and CRLF each end a line. Each search result is kept until it is passed: linear time. */
function scanMixedLines(
  text: string,
  bounds: Region,
  separator: string,
  segmentsMax: number,
  leniencies: Leniency[],
): readonly Segment[] {
  const lines = createLineTaker(text, separator, segmentsMax, leniencies)
  const find = (character: string, from: number): number => {
    const found = text.indexOf(character, from)
    return found === -1 || found > bounds.end ? bounds.end : found
  }
  let hasCr = false
  let hasLf = false
  let hasPair = false
  let cr = find('\r', bounds.start)
  let lf = find('\n', bounds.start)
  let at = bounds.start
  while (at < bounds.end) {
    if (cr < at) cr = find('\r', at)
    if (lf < at) lf = find('\n', at)
    const end = Math.min(cr, lf)
    lines.take(at, end)
    if (end === bounds.end) break
    const isPair = end === cr && text.charCodeAt(cr + 1) === LF
    if (isPair) hasPair = true
    else if (end === lf) hasLf = true
    else hasCr = true
    at = end + (isPair ? 2 : 1)
  }
  const note = (code: ProblemCode): void => void leniencies.push({ code, where: 'message' })
  if (hasLf) note('HL7_LF_LINE_ENDS')
  if (hasPair) note('HL7_CRLF_LINE_ENDS')
  if (Number(hasCr) + Number(hasLf) + Number(hasPair) > 1) note('HL7_MIXED_LINE_ENDS')
  return lines.segments
}

function createLineTaker(
  text: string,
  separator: string,
  segmentsMax: number,
  leniencies: Leniency[],
): { readonly segments: readonly Segment[]; readonly take: (start: number, end: number) => void } {
  const segments: Segment[] = []
  const separatorCode = separator.charCodeAt(0)
  const noted = new Set<ProblemCode>()
  const note = (code: ProblemCode): void => {
    if (noted.has(code)) return
    noted.add(code)
    leniencies.push({ code, where: `segment ${segments.length + 1}` })
  }

  const take = (start: number, end: number): void => {
    const hasName =
      end - start >= 3 &&
      isSegmentNameAt(text, start) &&
      (end - start === 3 || text.charCodeAt(start + 3) === separatorCode)
    if (!hasName) {
      if (isBlank(text, start, end)) {
        note('HL7_BLANK_LINE')
        return
      }
      if (isOtherHeader(text, start) && segments.length > 0) throw manyMessages(segments)
      note('HL7_NO_SEGMENT_NAME')
    }
    if (segments.length >= segmentsMax) {
      throw HL7_ERRORS.error('HL7_TOO_MANY_SEGMENTS', { where: `more than ${segmentsMax}` })
    }
    const nameEnd = hasName ? start + 3 : findSeparator(text, separatorCode, start, end)
    const name = hasName ? readName(text, start) : text.slice(start, nameEnd)
    if (name === 'MSH' && segments.length > 0) throw manyMessages(segments)
    segments.push({ start, end, name, index: segments.length })
  }
  return { segments, take }
}

const manyMessages = (segments: readonly Segment[]) =>
  HL7_ERRORS.error('HL7_MANY_MESSAGES', { where: `segment ${segments.length + 1}` })

function findSeparator(text: string, separatorCode: number, start: number, end: number): number {
  for (let at = start; at < end; at++) if (text.charCodeAt(at) === separatorCode) return at
  return end
}

function isBlank(text: string, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at)
    if (code !== 0x20 && code !== 0x09) return false
  }
  return true
}

/** The header of another message that declares other delimiters. Prose such as "MSH is" is not. */
const isOtherHeader = (text: string, start: number): boolean =>
  text.startsWith('MSH', start) && !/[0-9A-Za-z ]/.test(text[start + 3]!)
