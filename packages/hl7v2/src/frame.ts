/** Writes an MLLP frame. Source: HL7 MLLP Release 1, chapter 2 (block format). */
import { HL7_ERRORS } from './errors.ts'

export const START_BLOCK = 0x0b
export const END_BLOCK = 0x1c
export const CARRIAGE_RETURN = 0x0d

/**
 * 0x0B, the bytes, 0x1C 0x0D.
 * @throws HL7_NOT_FRAMEABLE when the bytes hold 0x0B, or 0x1C 0x0D: a receiver would take less
 *   than the whole for the message
 */
export function frame(bytes: Uint8Array): Uint8Array {
  if (bytes.includes(START_BLOCK) || hasEndBlock(bytes)) throw HL7_ERRORS.error('HL7_NOT_FRAMEABLE')
  const framed = new Uint8Array(bytes.length + 3)
  framed[0] = START_BLOCK
  framed.set(bytes, 1)
  framed[bytes.length + 1] = END_BLOCK
  framed[bytes.length + 2] = CARRIAGE_RETURN
  return framed
}

function hasEndBlock(bytes: Uint8Array): boolean {
  let at = bytes.indexOf(END_BLOCK)
  while (at !== -1) {
    if (bytes[at + 1] === CARRIAGE_RETURN) return true
    at = bytes.indexOf(END_BLOCK, at + 1)
  }
  return false
}
