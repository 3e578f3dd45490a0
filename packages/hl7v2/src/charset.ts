/**
 * Bytes to text and back. What MSH-18 declares is held against the real bytes: a wrong name must
 * not turn a patient's name into other letters unnoticed.
 * Source: HL7 v2.5.1 chapter 2.15.9.18 (MSH-18), table 0211; WHATWG Encoding (windows-1252).
 */
import { Buffer, isAscii, isUtf8 } from 'node:buffer'
import { declaredCharset, readDeclared } from './declared-charset.ts'
import { HL7_ERRORS } from './errors.ts'
import type { Leniency } from './message.ts'
import type { ProblemCode } from './problem-sentences.ts'
import { decodeWindows1252, encodeWindows1252 } from './windows-1252.ts'

export type Charset = 'utf-8' | 'iso-8859-1' | 'windows-1252'

export type DecodedBytes = {
  readonly text: string
  /** How the bytes were read; `encodeText` with it gives the same bytes, UTF-16 and its kind apart. */
  readonly charset: Charset
  /** MSH-18 as written, '' when there is none; at most 100 characters. */
  readonly declared: string
  readonly problems: readonly Leniency[]
}

/**
 * Reads the bytes of one message. It never throws: bytes that fit no declaration are read as
 * windows-1252, in which every byte is a character, and the mismatch is listed in `problems`:
 * - CHARSET_MISMATCH: the bytes are not what MSH-18 says
 * - CHARSET_UNDECLARED: MSH-18 is empty and the bytes are neither plain ASCII nor in the fallback
 * - CHARSET_UNKNOWN: MSH-18 names a character set that is not known here
 * - CHARSET_WINDOWS_1252: declared as ISO 8859-1, but with characters that only windows-1252 has
 * - CHARSET_UTF_16: the bytes are UTF-16
 * @param options.fallback the character set of a sender that declares none; its UTF-8 is still
 *   recognised by its bytes
 */
export function decodeBytes(
  bytes: Uint8Array,
  options: { readonly fallback?: Charset | undefined } = {},
): DecodedBytes {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const wide = decodeUtf16(buffer)
  if (wide !== undefined) {
    const declared = readDeclared(Buffer.from(wide.slice(0, HEADER_CHARS_MAX), 'utf8'))
    return { text: wide, charset: 'utf-8', declared, problems: [problem('CHARSET_UTF_16')] }
  }
  const declared = readDeclared(buffer)
  const wanted = declaredCharset(declared)
  if (isAscii(buffer)) {
    const isKnown = wanted !== 'none' && wanted !== 'unknown' && wanted !== 'ascii'
    const charset = isKnown ? wanted : (options.fallback ?? 'utf-8')
    return { text: buffer.toString('latin1'), charset, declared, problems: [] }
  }
  const charset = realCharset(buffer, wanted, options.fallback)
  return {
    text: decodeAs(buffer, charset),
    charset,
    declared,
    problems: findProblems(wanted, charset, options.fallback),
  }
}

/** Enough of a message to hold its MSH segment. */
const HEADER_CHARS_MAX = 10_000

type Wanted = ReturnType<typeof declaredCharset>

function realCharset(buffer: Buffer, wanted: Wanted, fallback: Charset | undefined): Charset {
  // Text in an 8-bit set is practically never valid UTF-8 by chance.
  if (isUtf8(buffer)) return 'utf-8'
  const says = wanted === 'none' ? fallback : wanted
  return says === 'iso-8859-1' && !hasControlBytes(buffer) ? 'iso-8859-1' : 'windows-1252'
}

function findProblems(
  wanted: Wanted,
  charset: Charset,
  fallback: Charset | undefined,
): readonly Leniency[] {
  if (wanted === charset || (wanted === 'none' && fallback === charset)) return []
  if (wanted === 'none') return [problem('CHARSET_UNDECLARED')]
  if (wanted === 'unknown') return [problem('CHARSET_UNKNOWN')]
  const isSuperset = wanted === 'iso-8859-1' && charset === 'windows-1252'
  return [problem(isSuperset ? 'CHARSET_WINDOWS_1252' : 'CHARSET_MISMATCH')]
}

const problem = (code: ProblemCode): Leniency => ({ code, where: 'MSH-18' })

/** ISO 8859-1 has only control characters at 0x80 to 0x9F: real text there is windows-1252. */
function hasControlBytes(buffer: Buffer): boolean {
  for (const byte of buffer) if (byte >= 0x80 && byte <= 0x9f) return true
  return false
}

function decodeAs(buffer: Buffer, charset: Charset): string {
  if (charset === 'utf-8') return buffer.toString('utf8')
  return charset === 'iso-8859-1' ? buffer.toString('latin1') : decodeWindows1252(buffer)
}

/** UTF-16 with its byte order mark, or plainly `M S H` in 16-bit units. */
function decodeUtf16(buffer: Buffer): string | undefined {
  const start = buffer.subarray(0, 6).toString('latin1')
  const isLittle = start.startsWith('\xff\xfe') || start === 'M\0S\0H\0'
  const isBig = start.startsWith('\xfe\xff') || start === '\0M\0S\0H'
  if (!isLittle && !isBig) return undefined
  return new TextDecoder(isLittle ? 'utf-16le' : 'utf-16be', { ignoreBOM: true }).decode(buffer)
}

/**
 * Writes text as bytes.
 * @throws HL7_NOT_ENCODABLE when the character set lacks a character: replacing it would change a
 *   name or a result without anybody knowing
 */
export function encodeText(text: string, charset: Charset): Uint8Array {
  if (charset === 'utf-8') {
    if (!text.isWellFormed()) throw notEncodable(text.search(/\p{Surrogate}/u))
    return UTF_8.encode(text)
  }
  if (charset === 'windows-1252') {
    const encoded = encodeWindows1252(text)
    if (typeof encoded === 'number') throw notEncodable(encoded)
    return encoded
  }
  const outside = text.search(/[^\0-\xff]/)
  if (outside !== -1) throw notEncodable(outside)
  const bytes = new Uint8Array(text.length)
  Buffer.from(bytes.buffer).write(text, 'latin1')
  return bytes
}

const UTF_8 = new TextEncoder()

const notEncodable = (index: number) =>
  HL7_ERRORS.error('HL7_NOT_ENCODABLE', { where: `character ${index + 1}` })
