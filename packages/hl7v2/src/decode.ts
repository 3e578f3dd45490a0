/**
 * Turns escaped text into the text that was meant. Each escape is decoded exactly once; whatever
 * is not an escape (a stray backslash, an unknown sequence) stays as it is. Linear time.
 * Source: HL7 v2.5.1 chapter 2.7, v2.7 chapter 2.7.1 (truncation).
 */
import { truncationCharacter } from './delimiters.ts'
import { formattingText } from './formatted-text.ts'
import { decodeHex, hexBytes } from './hex-escape.ts'
import { delimiterCode, isDelimiterField, type Message, type Region } from './message.ts'

/**
 * The text of a region. Formatting commands such as `\.br\` stay as written: only FT, TX and NTE
 * text may hold them, and `decodeFormatted` reads those.
 */
export const decode = (message: Message, region: Region): string => {
  const escapeCode = delimiterCode(message.delimiters.escape)
  const { text } = message
  const { start, end } = region
  for (let at = start; at < end; at++) {
    if (text.charCodeAt(at) === escapeCode) return decodeFrom(message, region, at, false)
  }
  return text.slice(start, end)
}

/** As `decode`, with formatting commands carried out: `\.br\` and `\.sp\` become line breaks. */
export const decodeFormatted = (message: Message, region: Region): string => {
  const first = nextEscape(message, region.start, region.end)
  return first === region.end
    ? message.text.slice(region.start, region.end)
    : decodeFrom(message, region, first, true)
}

/** Position of the next escape character in [from, end), or `end`. */
function nextEscape(message: Message, from: number, end: number): number {
  const escapeCode = delimiterCode(message.delimiters.escape)
  for (let at = from; at < end; at++) if (message.text.charCodeAt(at) === escapeCode) return at
  return end
}

/** @param first position of the first escape character of the region */
function decodeFrom(message: Message, region: Region, first: number, isFormatted: boolean): string {
  const { text } = message
  const { end } = region
  if (isDelimiterField(message, region)) return text.slice(region.start, end)
  let decoded = text.slice(region.start, first)
  let at = first
  while (at < end) {
    const close = nextEscape(message, at + 1, end)
    if (close === end) return decoded + text.slice(at, end)
    const hex = text[at + 1] === 'X' ? readHexRun(message, at, end) : undefined
    const meant = hex?.text ?? sequenceText(message, text.slice(at + 1, close), isFormatted)
    if (meant === undefined) {
      // Not an escape: its second backslash may still open one, as in `4\5 \T\ 6`.
      decoded += text.slice(at, close)
      at = close
      continue
    }
    const after = hex?.after ?? close + 1
    at = nextEscape(message, after, end)
    decoded += meant + text.slice(after, at)
  }
  return decoded
}

/** What stands for the sequence between two escape characters; undefined when it is none. */
function sequenceText(
  message: Message,
  sequence: string,
  isFormatted: boolean,
): string | undefined {
  if (sequence.length === 1) return letterText(message, sequence)
  if (sequence.startsWith('.')) {
    const meant = formattingText(sequence)
    if (meant === undefined) return undefined
    return isFormatted ? meant : wrap(message, sequence)
  }
  // Other character sets and local escapes are kept as written, never guessed.
  return /^(?:C[0-9A-Fa-f]{4}|M[0-9A-Fa-f]{4}(?:[0-9A-Fa-f]{2})?|Z[0-9A-Za-z]+)$/.test(sequence)
    ? wrap(message, sequence)
    : undefined
}

const wrap = (message: Message, sequence: string): string =>
  `${message.delimiters.escape}${sequence}${message.delimiters.escape}`

function letterText(message: Message, letter: string): string | undefined {
  const { delimiters } = message
  switch (letter) {
    case 'F':
      return delimiters.field
    case 'S':
      return orUndefined(delimiters.component)
    case 'R':
      return orUndefined(delimiters.repetition)
    case 'E':
      return delimiters.escape
    case 'T':
      return orUndefined(delimiters.subcomponent)
    case 'P':
      return orUndefined(truncationCharacter(message))
    case 'H':
    case 'N':
      // Highlighting starts and ends: it changes how the text looks, not what it says.
      return ''
    case 'Z':
      return wrap(message, letter)
    default:
      return undefined
  }
}

/** A delimiter that the message does not declare has no escape either. */
const orUndefined = (delimiter: string): string | undefined =>
  delimiter === '' ? undefined : delimiter

/**
 * Hexadecimal escapes that follow one another without a gap are read together, because some
 * senders escape each byte of a UTF-8 character on its own: `\XC3\\XB8\`.
 */
function readHexRun(
  message: Message,
  start: number,
  end: number,
): { readonly text: string; readonly after: number } | undefined {
  const { text, delimiters } = message
  const bytes: number[] = []
  let at = start
  while (at < end && text[at] === delimiters.escape && text[at + 1] === 'X') {
    const close = nextEscape(message, at + 1, end)
    if (close === end || !hexBytes(text, at + 2, close, bytes)) break
    at = close + 1
  }
  return at === start ? undefined : { text: decodeHex(bytes), after: at }
}
