/**
 * windows-1252, the superset of ISO 8859-1 that Windows systems write. The five bytes it leaves
 * free stand for the control character of the same number, so that every byte has a character
 * and comes back as the same byte. Source: WHATWG Encoding, index windows-1252.
 */
import type { Buffer } from 'node:buffer'

/** Characters of the bytes 0x80 to 0x9F. */
const HIGH =
  '\u20ac\x81\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\x8d\u017d\x8f' +
  '\x90\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\x9d\u017e\u0178'

const BYTES: ReadonlyMap<string, number> = new Map(
  Array.from(HIGH, (character, index) => [character, 0x80 + index]),
)

export const decodeWindows1252 = (buffer: Buffer): string =>
  buffer
    .toString('latin1')
    .replace(/[\x80-\x9f]/g, (character) => HIGH[character.charCodeAt(0) - 0x80]!)

/** The bytes, or the index of the first character that windows-1252 does not have. */
export function encodeWindows1252(text: string): Uint8Array | number {
  const bytes = new Uint8Array(text.length)
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    const isSame = code < 0x80 || (code >= 0xa0 && code <= 0xff)
    const byte = isSame ? code : BYTES.get(text[index]!)
    if (byte === undefined) return index
    bytes[index] = byte
  }
  return bytes
}
