/**
 * Edits: each returns a new message; everything that was not named stays byte-identical.
 * Source: HL7 v2.5.1 chapter 2.5.3 (delimiters between empty elements).
 */
import { truncationCharacter } from './delimiters.ts'
import { HL7_ERRORS } from './errors.ts'
import { escapeWith } from './escape-text.ts'
import { field, fields } from './field.ts'
import { findSegment } from './find.ts'
import type { Message, Region, Segment } from './message.ts'
import { parseMessage } from './parse.ts'
import { checkPath, formatPath, type Path, parsePath } from './path.ts'
import { components, repetitions, subcomponents } from './piece.ts'
import { isSegmentNameAt } from './segment-name.ts'

/** Line ends would start a segment; the frame characters of MLLP would cut the message on the wire. */
const BREAKING = /[\r\n\v\x1c]/

/**
 * Writes a text at a path, escaped; `get` then returns the same text. Missing fields, repetitions
 * and components are made by adding delimiters. The segment itself must exist.
 * @throws HL7_BAD_PATH, HL7_BAD_EDIT
 */
export const setValue = (message: Message, path: string | Path, value: string): Message =>
  setRaw(message, path, escapeWith(message.delimiters, truncationCharacter(message), value))

/**
 * Writes raw text, delimiters and escapes as they are, at a path.
 * @throws HL7_BAD_PATH; HL7_BAD_EDIT when `raw` holds a line end, a frame character or a field
 *   separator (each would move or cut what follows), when there is no such segment, for MSH-1 and MSH-2, and when the
 *   message does not declare the delimiter that the path needs
 */
export function setRaw(message: Message, path: string | Path, raw: string): Message {
  const wanted = typeof path === 'string' ? parsePath(path) : checkPath(path)
  const where = formatPath(wanted)
  if (BREAKING.test(raw) || raw.includes(message.delimiters.field)) throw badEdit(where)
  const segment = findSegment(message, wanted.segment, wanted.occurrence)
  const isReserved = wanted.field < 1 || (segment?.index === 0 && wanted.field < 3)
  if (segment === undefined || isReserved) throw badEdit(where)
  const { region, prefix } = locate(message, segment, wanted, where)
  return replace(message, region, prefix + raw)
}

type Level = {
  readonly delimiter: string
  readonly number: number
  readonly split: (region: Region) => readonly Region[]
}

/** The region to replace, and the delimiters to write in front of the new text. */
function locate(
  message: Message,
  segment: Segment,
  path: Path,
  where: string,
): { readonly region: Region; readonly prefix: string } {
  const { delimiters } = message
  const levels: Level[] = [
    {
      delimiter: delimiters.repetition,
      number: path.repetition,
      split: (region) => repetitions(message, region),
    },
  ]
  if (path.component !== undefined) {
    levels.push({
      delimiter: delimiters.component,
      number: path.component,
      split: (region) => components(message, region),
    })
    if (path.subcomponent !== undefined) {
      levels.push({
        delimiter: delimiters.subcomponent,
        number: path.subcomponent,
        split: (region) => subcomponents(message, region),
      })
    }
  }
  const present = field(message, segment, path.field)
  const lastField = fields(message, segment).length - 1
  let region: Region = present ?? { start: segment.end, end: segment.end }
  let prefix = present === undefined ? delimiters.field.repeat(path.field - lastField) : ''
  for (const level of levels) {
    const pieces: readonly Region[] = prefix === '' ? level.split(region) : [region]
    const found = pieces[level.number - 1]
    if (found !== undefined) {
      region = found
      continue
    }
    if (level.delimiter === '') throw badEdit(where)
    region = { start: region.end, end: region.end }
    prefix += level.delimiter.repeat(level.number - pieces.length)
  }
  return { region, prefix }
}

/**
 * Takes one segment and its line end away.
 * @throws HL7_BAD_EDIT for the MSH segment, or for a segment of another message
 */
export function removeSegment(message: Message, segment: Segment): Message {
  const own = message.segments[segment.index]
  const isOwn = own?.start === segment.start && own.end === segment.end
  if (!isOwn || segment.index === 0) throw badEdit(`segment ${segment.index + 1}`)
  const end = segment.end + lineEndAt(message.text, segment.end).length
  return replace(message, { start: segment.start, end }, '')
}

/**
 * Puts one segment at position `at` of `message.segments`, with the line end of the message.
 * @param text the segment without a line end
 * @throws HL7_BAD_EDIT when `at` is not from 1 to the number of segments, or when `text` is not
 *   exactly one segment or is another MSH
 */
export function insertSegment(message: Message, at: number, text: string): Message {
  const where = `segment ${at + 1}`
  const before = message.segments[at - 1]
  const isOne =
    isSegmentNameAt(text, 0) &&
    !text.startsWith('MSH') &&
    (text.length === 3 || text[3] === message.delimiters.field) &&
    !BREAKING.test(text)
  if (before === undefined || !isOne) throw badEdit(where)
  const ending = lineEndAt(message.text, message.segments[0]!.end) || '\r'
  const next = message.segments[at]
  if (next !== undefined) {
    return replace(message, { start: next.start, end: next.start }, text + ending)
  }
  const lineEnd = lineEndAt(message.text, before.end)
  const position = before.end + lineEnd.length
  const inserted = lineEnd === '' ? ending + text : text + ending
  return replace(message, { start: position, end: position }, inserted)
}

/** The line end that starts at a position: CRLF, CR, LF, or '' where there is none. */
function lineEndAt(text: string, at: number): string {
  if (text.startsWith('\r\n', at)) return '\r\n'
  const one = text[at] ?? ''
  return one === '\r' || one === '\n' ? one : ''
}

function replace(message: Message, region: Region, replacement: string): Message {
  const { text } = message
  const edited = text.slice(0, region.start) + replacement + text.slice(region.end)
  // The message was let in under its own limits; an edit adds at most what its caller holds.
  return parseMessage(edited, {
    charsMax: edited.length,
    segmentsMax: message.segments.length + 1,
  })
}

const badEdit = (where: string) => HL7_ERRORS.error('HL7_BAD_EDIT', { where })
