/**
 * Numbers of people who care. Which national number it is, is told by the authority together with
 * the shape; a number without an authority is the sender's own.
 * Source: NHS Data Dictionary, CONSULTANT CODE, GENERAL MEDICAL PRACTITIONER CODE, GMC reference
 * number; ITK HL7 v2 message specifications 1.0.15, XCN (`C3456789^Darwin^Samuel^^^Dr^^^GMC`).
 */
import { CONSULTANT_CODE, GMC_NUMBER, GMP_NUMBER } from './systems.ts'

const SHAPES: readonly (readonly [shape: RegExp, system: string])[] = [
  [/^C\d{7}$/, CONSULTANT_CODE],
  [/^G\d{7}$/, GMP_NUMBER],
  [/^\d{7}$/, GMC_NUMBER],
]

/** Undefined when authority and shape do not tell a national number. */
export function practitionerSystem(number: string, authority: string): string | undefined {
  if (authority !== 'GMC') return undefined
  return SHAPES.find(([shape]) => shape.test(number))?.[1]
}
