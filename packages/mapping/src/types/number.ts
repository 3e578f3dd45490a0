/**
 * NM ⇄ decimal. FHIR decimals keep the precision that was measured, JavaScript numbers do not:
 * where trailing zeros would be lost, the count of decimal places travels in the extension that
 * FHIR has for it. Source: HL7 v2.5.1 chapter 2A.47; FHIR R4 decimal, quantity-precision.
 */
import type { Extension } from '@almoner/fhir'

export type Decimal = {
  readonly value: number
  /** Digits after the point, where `value` alone does not show them. */
  readonly places: number | undefined
}

/** More significant digits than this do not fit a JavaScript number. */
const DIGITS_MAX = 15

const ZERO = 0x30
const NINE = 0x39
const POINT = 0x2e

/** Undefined when it is not a plain decimal number, or has too many digits to be held exactly. */
export function parseDecimal(text: string): Decimal | undefined {
  const sign = text[0]
  let at = sign === '+' || sign === '-' ? 1 : 0
  let digits = 0
  let significant = 0
  let places = -1
  let last = 0
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === POINT && places === -1) places = 0
    else if (code >= ZERO && code <= NINE) {
      digits++
      if (significant > 0 || code !== ZERO) significant++
      if (places !== -1) places++
    } else return undefined
    last = code
  }
  if (digits === 0 || significant > DIGITS_MAX) return undefined
  // A number forgets exactly the zeros at the end of its decimal places.
  return { value: Number(text), places: places > 0 && last === ZERO ? places : undefined }
}

export const QUANTITY_PRECISION = 'http://hl7.org/fhir/StructureDefinition/quantity-precision'

export const precisionExtension = (places: number): readonly Extension[] => [
  { url: QUANTITY_PRECISION, valueInteger: places },
]
