/**
 * Riverside, an acute trust that does not exist: wards, consultants, general practices and the
 * people who type. The ODS code is passed in; RIVERSIDE is one that nobody holds. Treatment
 * function codes: NHS Data Model and Dictionary, TREATMENT FUNCTION CODE.
 */

/** A code of the shape that NHS trusts have, which the Organisation Data Service has not given. */
export const RIVERSIDE = 'RZZ'

/**
 * The OID of the same trust, below 2.999, which is kept for examples (ITU-T X.660). The patient
 * administration system and the laboratory name the trust's numbers by its ODS code, the record
 * system by this: a site has to know that they are one authority.
 */
export const RIVERSIDE_OID = '2.999.60'

/** A person with a national code: consultants C, general practitioners G, others a local id. */
export type Staff = { readonly code: string; readonly family: string; readonly given: string }

export type Consultant = Staff & { readonly treatmentFunction: string }

export type Practice = {
  readonly odsCode: string
  readonly name: string
  readonly partner: Staff
}

export type Ward = {
  readonly code: string
  readonly name: string
  readonly treatmentFunction: string
}

export const EMERGENCY: Ward = {
  code: 'ED',
  name: 'the Emergency Department',
  treatmentFunction: '180',
}

export const ADMISSIONS: Ward = {
  code: 'AMU',
  name: 'the Acute Medical Unit',
  treatmentFunction: '326',
}

export const WARDS: readonly Ward[] = [
  { code: '3E', name: 'Ward 3E', treatmentFunction: '320' },
  { code: '4B', name: 'Ward 4B', treatmentFunction: '340' },
  { code: '5A', name: 'Ward 5A', treatmentFunction: '100' },
  { code: '6C', name: 'Ward 6C', treatmentFunction: '110' },
  { code: '7D', name: 'Ward 7D', treatmentFunction: '430' },
]

export const CONSULTANTS: readonly Consultant[] = [
  { code: 'C9900018', family: 'Marsden', given: 'Helen', treatmentFunction: '100' },
  { code: 'C9900029', family: 'Adeyemi', given: 'Tunde', treatmentFunction: '110' },
  { code: 'C9900031', family: 'Prescott', given: 'Alan', treatmentFunction: '180' },
  { code: 'C9900042', family: 'Venkatesan', given: 'Meera', treatmentFunction: '320' },
  { code: 'C9900053', family: 'Gallagher', given: 'Nuala', treatmentFunction: '326' },
  { code: 'C9900064', family: 'Lindqvist', given: 'Erik', treatmentFunction: '340' },
  { code: 'C9900075', family: 'Hussain', given: 'Samira', treatmentFunction: '430' },
]

/** The consultant who takes patients of a ward. */
export function consultantOf(ward: Ward): Consultant {
  const found = CONSULTANTS.find((one) => one.treatmentFunction === ward.treatmentFunction)
  if (found === undefined) throw new RangeError(`${ward.code} has no consultant`)
  return found
}

export const RADIOLOGISTS: readonly Staff[] = [
  { code: 'C9900086', family: 'Kowalczyk', given: 'Ewa' },
  { code: 'C9900097', family: 'Tremayne', given: 'Giles' },
]

export const PRACTICES: readonly Practice[] = [
  {
    odsCode: 'Z99901',
    name: 'Otter Lane Surgery',
    partner: { code: 'G9900014', family: 'Rowntree', given: 'Susan' },
  },
  {
    odsCode: 'Z99902',
    name: 'Mill Street Medical Centre',
    partner: { code: 'G9900025', family: 'Iqbal', given: 'Naveed' },
  },
  {
    odsCode: 'Z99903',
    name: 'Hay & Barrow Partnership',
    partner: { code: 'G9900036', family: 'Morgan', given: 'Dewi' },
  },
  {
    odsCode: 'Z99904',
    name: 'The Old Bakery Surgery',
    partner: { code: 'G9900047', family: 'Chen', given: 'Lucy' },
  },
]

export const CLERKS: readonly Staff[] = [
  { code: 'RZZ5501', family: 'Fielding', given: 'Joan' },
  { code: 'RZZ5502', family: 'Osei', given: 'Grace' },
  { code: 'RZZ5503', family: 'Patel', given: 'Dinesh' },
]
