/**
 * What MSH-18 declares, found in the bytes before they can be read as text.
 * Source: HL7 v2.5.1 chapter 2.15.9.18 and table 0211.
 */
import type { Buffer } from 'node:buffer'

const CR = 0x0d
const LF = 0x0a
const MSH_18_SEPARATORS = 17
const DECLARED_CHARS_MAX = 100

/** MSH-18 with its repetitions, as written; '' when there is none or no MSH segment. */
export function readDeclared(buffer: Buffer): string {
  const start = findHeader(buffer)
  if (start === -1) return ''
  const separator = buffer[start + 3]
  if (separator === undefined) return ''
  let seen = 0
  let from = -1
  for (let at = start + 3; at < buffer.length; at++) {
    const byte = buffer[at]
    const isEnd = byte === CR || byte === LF
    if (from !== -1 && (isEnd || byte === separator)) return slice(buffer, from, at)
    if (isEnd) return ''
    if (byte === separator && ++seen === MSH_18_SEPARATORS) from = at + 1
  }
  return from === -1 ? '' : slice(buffer, from, buffer.length)
}

const slice = (buffer: Buffer, start: number, end: number): string =>
  buffer.toString('latin1', start, Math.min(end, start + DECLARED_CHARS_MAX))

/** Start of the first line that begins with MSH: a batch has headers of its own in front. */
function findHeader(buffer: Buffer): number {
  let at = buffer.indexOf('MSH', 0, 'latin1')
  while (at > 0) {
    const before = buffer[at - 1]!
    // A line end, a blank, the start byte of MLLP, or the last byte of a byte order mark.
    if (before <= 0x20 || (at === 3 && before === 0xbf)) return at
    at = buffer.indexOf('MSH', at + 3, 'latin1')
  }
  return at
}

/** The character set that a declaration means. */
export type DeclaredCharset = 'utf-8' | 'iso-8859-1' | 'windows-1252' | 'ascii' | 'none' | 'unknown'

const KNOWN: ReadonlyMap<string, DeclaredCharset> = new Map([
  ['UNICODE UTF-8', 'utf-8'],
  ['UTF-8', 'utf-8'],
  ['UTF8', 'utf-8'],
  // v2.3.1 to v2.5 name no encoding with it; what senders mean by it on a byte stream is UTF-8.
  ['UNICODE', 'utf-8'],
  ['8859/1', 'iso-8859-1'],
  ['ISO-8859-1', 'iso-8859-1'],
  ['ISO8859-1', 'iso-8859-1'],
  ['ISO IR100', 'iso-8859-1'],
  ['WINDOWS-1252', 'windows-1252'],
  ['CP1252', 'windows-1252'],
  ['ASCII', 'ascii'],
  ['US-ASCII', 'ascii'],
  ['ISO IR6', 'ascii'],
])

/**
 * The first repetition that says something counts: it is the one the message starts in. Further
 * ones are alternates to which only escape sequences switch.
 */
export function declaredCharset(declared: string): DeclaredCharset {
  // `~` separates in every message that declares more than one set; no name holds it.
  for (const part of declared.split('~')) {
    const name = part.trim().toUpperCase()
    if (name !== '' && name !== '""') return KNOWN.get(name) ?? 'unknown'
  }
  return 'none'
}
