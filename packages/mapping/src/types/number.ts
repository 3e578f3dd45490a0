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

const PATTERN = /^[+-]?(?:\d+\.?\d*|\.\d+)$/

/** More significant digits than this do not fit a JavaScript number. */
const DIGITS_MAX = 15

/** Undefined when it is not a plain decimal number, or has too many digits to be held exactly. */
export function parseDecimal(text: string): Decimal | undefined {
  if (!PATTERN.test(text)) return undefined
  const digits = text.replace(/^[+-]?0*\.?0*/, '').replace('.', '')
  if (digits.length > DIGITS_MAX) return undefined
  const value = Number(text)
  const point = text.indexOf('.')
  const places = point === -1 ? 0 : text.length - point - 1
  const shown = String(value)
  const shownPoint = shown.indexOf('.')
  const shownPlaces = shownPoint === -1 ? 0 : shown.length - shownPoint - 1
  return { value, places: places > shownPlaces ? places : undefined }
}

export const QUANTITY_PRECISION = 'http://hl7.org/fhir/StructureDefinition/quantity-precision'

export const precisionExtension = (places: number): readonly Extension[] => [
  { url: QUANTITY_PRECISION, valueInteger: places },
]
