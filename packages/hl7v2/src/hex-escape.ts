/**
 * The bytes of `\Xhh..\`. HL7 leaves their meaning to the two parties; a line end (`\X0D\`) is by
 * far the most common use. Source: HL7 v2.5.1 chapter 2.7.5 (hexadecimal) and 2.7.3 (local data).
 */
import { Buffer, isUtf8 } from 'node:buffer'

/**
 * Appends the bytes of the hexadecimal digits in [start, end).
 * @returns false, with nothing appended, when these are not pairs of hexadecimal digits
 */
export function hexBytes(text: string, start: number, end: number, bytes: number[]): boolean {
  const digitCount = end - start
  if (digitCount === 0 || digitCount % 2 === 1) return false
  const found: number[] = []
  for (let at = start; at < end; at += 2) {
    const high = digitValue(text.charCodeAt(at))
    const low = digitValue(text.charCodeAt(at + 1))
    if (high === -1 || low === -1) return false
    found.push(high * 16 + low)
  }
  for (const byte of withoutHighZeros(found)) bytes.push(byte)
  return true
}

/** UTF-8 when the bytes are valid UTF-8, otherwise ISO 8859-1. */
export function decodeHex(bytes: readonly number[]): string {
  const buffer = Buffer.from(bytes)
  return buffer.toString(isUtf8(buffer) ? 'utf8' : 'latin1')
}

/** Some senders write 16-bit characters (`\X000D\`): a NUL in front of each is not text. */
function withoutHighZeros(bytes: readonly number[]): readonly number[] {
  const isWide =
    bytes.length % 2 === 0 && bytes.every((byte, index) => index % 2 === 1 || byte === 0)
  return isWide ? bytes.filter((_byte, index) => index % 2 === 1) : bytes
}

function digitValue(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30
  if (code >= 0x41 && code <= 0x46) return code - 0x37
  if (code >= 0x61 && code <= 0x66) return code - 0x57
  return -1
}
