/**
 * The NHS number in every shape that UK feeds send. A number counts as one only if the message
 * says so and its check digit is right; a wrong one is kept, but never as an NHS number.
 * Source: NHS Data Dictionary, NHS NUMBER; ITK HL7 v2 message specifications 1.0.15, PID-3;
 * HL7 UK A.3; shapes seen in published feeds.
 */
import type { AssigningAuthority } from '../types/hd.ts'
import { CHI_NUMBER, NHS_NUMBER, NHS_NUMBER_OID } from './systems.ts'

const NHS_AUTHORITIES: ReadonlySet<string> = new Set(['NHS', 'NHSNBR'])
/** `NH` is HL7 UK, `NHSNMBR` and `NHS` are suppliers' own words in the same place. */
const NHS_TYPES: ReadonlySet<string> = new Set(['NH', 'NHS', 'NHSNMBR'])
/** Word of a supplier that is only understood beside the authority NHS. */
const TRANSPOSED_TYPE = 'HN'

export type NationalKind = 'nhs' | 'chi' | 'none'

/** What an identifier claims to be, by its authority (CX.4) and type (CX.5). */
export function nationalKind(authority: AssigningAuthority, type: string): NationalKind {
  const name = authority.namespace.toUpperCase()
  if (name === 'CHI') return 'chi'
  if (NHS_AUTHORITIES.has(name) || authority.universalId === NHS_NUMBER_OID) return 'nhs'
  return NHS_TYPES.has(type.toUpperCase()) ? 'nhs' : 'none'
}

export const NATIONAL_SYSTEMS = { nhs: NHS_NUMBER, chi: CHI_NUMBER } as const

/** True for a type (CX.5) that only repeats that the number is a national one. */
export const isNationalType = (type: string): boolean =>
  NHS_TYPES.has(type.toUpperCase()) || type.toUpperCase() === TRANSPOSED_TYPE

/** The ten digits of a number written as `943 476 5919` or `943-476-5919`; undefined otherwise. */
export function tenDigits(text: string): string | undefined {
  let digits = ''
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code >= 0x30 && code <= 0x39) digits += text[at]
    else if (code !== 0x20 && code !== 0x2d && code !== 0xa0) return undefined
  }
  return digits.length === 10 ? digits : undefined
}

/**
 * Ten equal digits pass the check, but are what people type when they have no number. Those that
 * begin with 3, 4, 6 or 7 lie in the ranges that are issued, so they may be someone's.
 */
const PLACEHOLDER = /^([012589])\1{9}$/

/** Modulus 11 over ten digits. */
export function hasRightCheckDigit(digits: string): boolean {
  let sum = 0
  for (let at = 0; at < 9; at++) sum += (digits.charCodeAt(at) - 0x30) * (10 - at)
  const check = 11 - (sum % 11)
  return check !== 10 && check % 11 === digits.charCodeAt(9) - 0x30
}

/** The number as ten digits when it can be one, else undefined. */
export function validNationalNumber(text: string, kind: 'nhs' | 'chi'): string | undefined {
  const digits = tenDigits(text)
  if (digits === undefined || !hasRightCheckDigit(digits)) return undefined
  return kind === 'nhs' && PLACEHOLDER.test(digits) ? undefined : digits
}

/** What a number is, whoever sent it. */
export type RecognisedNumber =
  | { readonly kind: 'local' }
  | { readonly kind: 'national'; readonly system: string; readonly value: string }
  /** Sent as a national number, but it cannot be one. */
  | { readonly kind: 'invalid' }

const LOCAL: RecognisedNumber = { kind: 'local' }
const INVALID: RecognisedNumber = { kind: 'invalid' }

export function recogniseNumber(
  text: string,
  authority: AssigningAuthority,
  type: string,
): RecognisedNumber {
  const kind = nationalKind(authority, type)
  if (kind === 'none') return LOCAL
  const value = validNationalNumber(text, kind)
  return value === undefined ? INVALID : { kind: 'national', system: NATIONAL_SYSTEMS[kind], value }
}

/**
 * PID-2 was the place of the national number before PID-3 could repeat. A bare ten-digit number
 * there with the right check digit is taken for the NHS number, flagged; elsewhere never.
 */
export function recogniseExternalNumber(
  text: string,
  authority: AssigningAuthority,
  type: string,
): RecognisedNumber {
  const isBare = authority.namespace === '' && authority.universalId === '' && type === ''
  if (!isBare) return recogniseNumber(text, authority, type)
  const value = validNationalNumber(text, 'nhs')
  return value === undefined ? LOCAL : { kind: 'national', system: NHS_NUMBER, value }
}
