/**
 * The delimiters that a message declares for itself. They are taken as declared, even in an odd
 * order: what the sender wrote is known, what it meant is not.
 * Source: HL7 v2.5.1 chapter 2.5.4, v2.7 chapter 2.5.5.2 (truncation character).
 */
import { HL7_ERRORS } from './errors.ts'
import type { Delimiters, Message } from './message.ts'

export const STANDARD_DELIMITERS: Delimiters = {
  field: '|',
  component: '^',
  repetition: '~',
  escape: '\\',
  subcomponent: '&',
}

const isAlphanumeric = (code: number): boolean =>
  (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a)

/**
 * Letters, digits and blanks belong to names and values; NUL, LF, VT, FS and CR have another
 * meaning; half of a surrogate pair is no character.
 */
function isUsable(code: number): boolean {
  if (isAlphanumeric(code) || code === 0x20 || code === 0x22) return false
  if (code === 0 || code === 0x0a || code === 0x0b || code === 0x0d || code === 0x1c) return false
  return code < 0xd800 || code > 0xdfff
}

/**
 * Reads MSH-1 and MSH-2.
 * @param start position of `MSH`
 * @param end end of the MSH segment
 * @throws HL7_NO_MSH when nothing follows the name, HL7_BAD_DELIMITERS for an unusable MSH-1
 */
export function readDelimiters(text: string, start: number, end: number): Delimiters {
  if (start + 3 >= end) throw HL7_ERRORS.error('HL7_NO_MSH')
  if (isStandard(text, start, end)) return STANDARD_DELIMITERS
  const field = text[start + 3]!
  if (!isUsable(field.charCodeAt(0))) {
    throw HL7_ERRORS.error('HL7_BAD_DELIMITERS', { where: 'MSH-1' })
  }
  const next = text.slice(start, end).indexOf(field, 4)
  const encoding = text.slice(start + 4, next === -1 ? end : start + next)
  const taken = [field]
  const take = (index: number): string => {
    const one = encoding[index] ?? ''
    if (one === '' || !isUsable(one.charCodeAt(0)) || taken.includes(one)) return ''
    taken.push(one)
    return one
  }
  return {
    field,
    component: take(0),
    repetition: take(1),
    escape: take(2),
    subcomponent: take(3),
  }
}

/** `|^~\&`, alone or with the truncation character of v2.7. */
export function isStandard(text: string, start: number, end: number): boolean {
  if (!text.startsWith('|^~\\&', start + 3)) return false
  const isEndAt = (at: number): boolean => at >= end || text[at] === '|'
  return isEndAt(start + 8) || (text[start + 8] === '#' && isEndAt(start + 9))
}

/** The truncation character: the fifth of MSH-2, or '' when there is none. */
export function truncationCharacter(message: Message): string {
  const { start, end } = message.segments[0]!
  const encoding = message.text.slice(start + 4, Math.min(end, start + 9))
  const character = encoding[4] ?? ''
  if (character === '' || encoding.includes(message.delimiters.field)) return ''
  const isTaken = Object.values(message.delimiters).includes(character)
  return isUsable(character.charCodeAt(0)) && !isTaken ? character : ''
}
