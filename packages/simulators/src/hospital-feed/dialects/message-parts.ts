/** Data types that the systems of the hospital write in the same way. */

import type { Address, Kin, PatientRecord } from '../cast/people.ts'
import type { Staff } from '../cast/trust.ts'
import type { Bed } from '../course/journey.ts'
import { pieces, repetitions } from './segment-text.ts'

/** Who writes the message, and its place in the feed. */
export type Origin = {
  readonly seed: number
  /** ODS code of the trust; its site is that code with `01`. */
  readonly organisation: string
  readonly controlId: string
}

/** XPN repetitions: the legal name, then what the patient likes to be called. */
export function patientNames(record: PatientRecord, preferredType: string): string {
  const { family, given, middle, title, preferred } = record
  const legal = pieces(family, given, middle, '', title, '', 'L')
  const alias = preferred === '' ? '' : pieces(family, preferred, '', '', '', '', preferredType)
  return repetitions(legal, alias)
}

export const kinName = (kin: Kin): string =>
  pieces(kin.family, kin.given, '', '', kin.title, '', 'L')

/** XAD with the NHS layout: the postcode in the fifth component. */
export const address = (at: Address | undefined): string =>
  at === undefined ? '' : pieces(at.line, at.village, at.town, at.county, at.postcode, 'GBR', 'H')

/** XCN of a doctor with a national code. */
export const doctor = (staff: Staff | undefined): string =>
  staff === undefined
    ? ''
    : pieces(staff.code, staff.family, staff.given, '', '', 'Dr', '', '', 'GMC')

/** PL: ward, bay, bed, site. */
export const location = (bed: Bed | undefined, organisation: string): string =>
  bed === undefined ? '' : pieces(bed.ward.code, bed.bay, bed.bed, `${organisation}01`)
