/**
 * Where the message stands inside a text that may still carry what surrounded it: a byte order
 * mark, blanks, or the frame characters of MLLP in a file that somebody saved from the wire.
 */
import { HL7_ERRORS } from './errors.ts'
import type { Leniency, Region } from './message.ts'
import type { ProblemCode } from './problem-sentences.ts'

const isBlankCode = (code: number): boolean =>
  code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d

/**
 * @returns from the M of MSH to the end of what can be segments
 * @throws HL7_NO_MSH
 */
export function findMessageBounds(text: string, leniencies: Leniency[]): Region {
  const start = findStart(text, leniencies)
  if (!text.startsWith('MSH', start)) throw HL7_ERRORS.error('HL7_NO_MSH')
  if (text.includes('\0')) leniencies.push({ code: 'HL7_NUL_CHARACTER', where: 'message' })
  return { start, end: findEnd(text, leniencies) }
}

function findStart(text: string, leniencies: Leniency[]): number {
  if (text.charCodeAt(0) === 0x4d) return 0
  let at = 0
  const codes = new Set<ProblemCode>()
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 0xfeff) codes.add('HL7_BYTE_ORDER_MARK')
    else if (code === 0x0b) codes.add('HL7_FRAME_CHARACTER')
    else if (isBlankCode(code)) codes.add('HL7_LEADING_BLANKS')
    else break
  }
  for (const code of codes) leniencies.push({ code, where: 'before segment 1' })
  return at
}

/** Without a final 0x1C, which is the end mark of MLLP and no part of the last field. */
function findEnd(text: string, leniencies: Leniency[]): number {
  let end = text.length
  while (end > 0 && (text.charCodeAt(end - 1) === 0x0d || text.charCodeAt(end - 1) === 0x0a)) end--
  if (text.charCodeAt(end - 1) === 0x1c) {
    leniencies.push({ code: 'HL7_FRAME_CHARACTER', where: 'after the last segment' })
    return end - 1
  }
  if (end === text.length) leniencies.push({ code: 'HL7_NO_FINAL_CR', where: 'last segment' })
  return text.length
}
