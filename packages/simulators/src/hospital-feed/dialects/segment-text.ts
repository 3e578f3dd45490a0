/**
 * Writes segments with the standard delimiters. Field values arrive encoded: `pieces` and `plain`
 * escape what they are given. Source: HL7 v2.5.1 chapter 2.5.
 */
import type { Delimiters } from '@almoner/hl7v2'
import { escapeText } from '@almoner/hl7v2'

const STANDARD: Delimiters = {
  field: '|',
  component: '^',
  repetition: '~',
  escape: '\\',
  subcomponent: '&',
}

/** The HL7 null: what stood here is deleted. An empty field leaves it as it was. */
export const DELETED = '""'

/** One text as a value. */
export const plain = (text: string): string => escapeText(STANDARD, text)

/** Texts as components, without empty ones at the end. */
export const pieces = (...texts: readonly string[]): string =>
  texts.map(plain).join('^').replace(/\^+$/, '')

/** As `pieces`, of components that are encoded already. */
export const encodedPieces = (...components: readonly string[]): string =>
  components.join('^').replace(/\^+$/, '')

export const subpieces = (...texts: readonly string[]): string =>
  texts.map(plain).join('&').replace(/&+$/, '')

/** Encoded repetitions; empty ones are left out. */
export const repetitions = (...fields: readonly string[]): string =>
  fields.filter((field) => field !== '').join('~')

/** Lines of a formatted text (FT). */
export const formattedLines = (lines: readonly string[]): string => lines.map(plain).join('\\.br\\')

/** Encoded fields by their number in the segment. */
export type Fields = Readonly<Record<number, string>>

export function segment(name: string, fields: Fields): string {
  const numbers = Object.entries(fields)
    .filter(([, encoded]) => encoded !== '')
    .map(([number]) => Number(number))
  const last = Math.max(0, ...numbers)
  const texts = Array.from({ length: last }, (_, at) => fields[at + 1] ?? '')
  return [name, ...texts].join('|')
}

/** MSH-1 is the separator itself: fields are counted from MSH-3 on. */
export function header(fields: Fields): string {
  const rest = segment('MSH', { ...fields, 1: '', 2: '' }).slice('MSH||'.length)
  return `MSH|^~\\&${rest}`
}

/** Segments as a message, each ended by CR. */
export const message = (segments: readonly string[]): string =>
  segments
    .filter((one) => one !== '')
    .map((one) => `${one}\r`)
    .join('')
