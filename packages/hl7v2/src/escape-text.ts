/**
 * Writes any text as a value that no reader can take for structure.
 * Source: HL7 v2.5.1 chapter 2.7.4.
 */
import { HL7_ERRORS } from './errors.ts'
import type { Delimiters } from './message.ts'

/**
 * Delimiters become `\F\`, `\S\`, `\R\`, `\T\`, `\E\`. Line ends and the frame characters of MLLP
 * become hexadecimal escapes, so that free text can never start a segment or end a frame.
 * @throws HL7_BAD_EDIT when something has to be escaped and the message declares no escape character
 */
export const escapeText = (delimiters: Delimiters, value: string): string =>
  escapeWith(delimiters, '', value)

/** @param truncation the truncation character of v2.7, or '' */
export function escapeWith(delimiters: Delimiters, truncation: string, value: string): string {
  let escaped = ''
  let from = 0
  for (let at = 0; at < value.length; at++) {
    const sequence = sequenceFor(delimiters, truncation, value[at]!)
    if (sequence === '') continue
    const mark = delimiters.escape
    if (mark === '') throw HL7_ERRORS.error('HL7_BAD_EDIT', { where: 'no escape character' })
    escaped += `${value.slice(from, at)}${mark}${sequence}${mark}`
    from = at + 1
  }
  return from === 0 ? value : escaped + value.slice(from)
}

function sequenceFor(delimiters: Delimiters, truncation: string, character: string): string {
  switch (character) {
    case delimiters.field:
      return 'F'
    case delimiters.component:
      return 'S'
    case delimiters.repetition:
      return 'R'
    case delimiters.escape:
      return 'E'
    case delimiters.subcomponent:
      return 'T'
    case truncation:
      return 'P'
    case '\r':
      return 'X0D'
    case '\n':
      return 'X0A'
    case '\v':
      return 'X0B'
    case '\x1c':
      return 'X1C'
    default:
      return ''
  }
}
