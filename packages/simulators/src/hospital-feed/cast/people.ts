/**
 * Invented people. A person follows from the seed and a number alone, so any part of the feed
 * can be made on its own. Codes: NHS Data Model and Dictionary (PERSON STATED GENDER CODE, ETHNIC
 * CATEGORY, PERSON MARITAL STATUS); HSCIC ITK HL7 v2 Reference Tables v1.0.14.
 */
import type { Draw } from '../draw.ts'
import { drawFrom } from '../draw.ts'
import {
  COUNTIES,
  FAMILY_NAMES,
  FEMALE_NAMES,
  MALE_NAMES,
  STREETS,
  TOWNS,
  VILLAGES,
} from './names.ts'
import { nhsNumberOf, PERSONS_MAX } from './nhs-number.ts'
import type { Practice } from './trust.ts'
import { PRACTICES } from './trust.ts'

export type Address = {
  readonly line: string
  readonly village: string
  readonly town: string
  readonly county: string
  readonly postcode: string
}

/** `1` male, `2` female, `9` not specified, `0` not known. */
export type SexCode = '1' | '2' | '9' | '0'

export type Kin = {
  readonly family: string
  readonly given: string
  readonly title: string
  readonly relationship: 'spouse' | 'carer'
  readonly sex: SexCode
  readonly phone: string
  readonly address: Address
}

/** What the hospital holds about a patient at one moment. */
export type PatientRecord = {
  /** NHS number, or empty where it is not known. */
  readonly nhsNumber: string
  /** NHS number status, `01` to `08`. */
  readonly nhsNumberStatus: string
  /** Hospital number. */
  readonly mrn: string
  readonly family: string
  readonly given: string
  readonly middle: string
  readonly title: string
  /** What the patient likes to be called, or empty. */
  readonly preferred: string
  readonly sex: SexCode
  /** `YYYYMMDD`, or empty. */
  readonly birthDate: string
  readonly birthPlace: string
  readonly ethnicCategory: string
  readonly maritalStatus: string
  readonly religion: string
  readonly language: string
  readonly nationality: string
  readonly address: Address | undefined
  readonly homePhone: string
  readonly mobilePhone: string
  readonly workPhone: string
  readonly email: string
  readonly practice: Practice | undefined
  readonly kin: Kin | undefined
  readonly diedAtMs: number | undefined
}

/** Keeps the draws that make a person apart from other draws. */
const PERSON = 1

/**
 * The person with a number, 0 or more. From PERSONS_MAX on they are visitors from abroad: the
 * test range has no NHS number left for them.
 * @param thisYear adults only: the youngest turn 19 in that year.
 */
export function personOf(seed: number, number: number, thisYear: number): PatientRecord {
  const draw = drawFrom(seed, PERSON, number)
  const hasNhsNumber = number < PERSONS_MAX
  const sex = draw.pick(['1', '2', '1', '2', '1', '2', '1', '2', '9'] as const)
  const given = drawGivenName(draw, sex)
  const family = draw.pick(FAMILY_NAMES)
  const address = drawAddress(draw)
  return {
    nhsNumber: hasNhsNumber ? nhsNumberOf(number) : '',
    nhsNumberStatus: hasNhsNumber ? draw.pick(['01', '01', '01', '01', '02']) : '07',
    mrn: `RV${1_000_000 + number}`,
    family,
    given,
    middle: draw.chance(0.6) ? drawGivenName(draw, sex) : '',
    title: { '1': 'Mr', '2': draw.pick(['Mrs', 'Miss', 'Ms']), '9': 'Mx', '0': '' }[sex],
    preferred: draw.chance(0.2) ? drawGivenName(draw, sex) : '',
    sex,
    birthDate: drawBirthDate(draw, thisYear),
    birthPlace: draw.chance(0.5) ? draw.pick(TOWNS) : '',
    ethnicCategory: draw.pick([
      'A',
      'A',
      'A',
      'B',
      'C',
      'D',
      'G',
      'H',
      'J',
      'K',
      'M',
      'N',
      'R',
      'Z',
    ]),
    maritalStatus: draw.pick(['S', 'M', 'M', 'D', 'W', 'P', 'N', '9']),
    religion: draw.pick(['C', 'C', 'G', 'D', 'I', 'L', 'L', 'M']),
    ...drawOrigin(draw),
    address,
    homePhone: `01632 960${String(draw.whole(0, 999)).padStart(3, '0')}`,
    mobilePhone: draw.chance(0.8) ? drawMobile(draw) : '',
    workPhone: draw.chance(0.3) ? `020 7946 0${String(draw.whole(0, 999)).padStart(3, '0')}` : '',
    email: draw.chance(0.6) ? `patient.${1_000_000 + number}@example.org` : '',
    practice: draw.pick(PRACTICES),
    kin: draw.chance(0.9) ? drawKin(draw, family, address) : undefined,
    diedAtMs: undefined,
  }
}

/** Somebody who came in without a name: nothing is known but what can be seen. */
export function unidentifiedPatient(temporaryNumber: string, sex: SexCode): PatientRecord {
  return {
    nhsNumber: '',
    nhsNumberStatus: '03',
    mrn: temporaryNumber,
    family: UNIDENTIFIED,
    given: { '1': 'MALE', '2': 'FEMALE', '9': 'PERSON', '0': 'PERSON' }[sex],
    middle: '',
    title: '',
    preferred: '',
    sex,
    birthDate: '',
    birthPlace: '',
    ethnicCategory: '99',
    maritalStatus: '9',
    religion: '',
    language: '',
    nationality: '',
    address: undefined,
    homePhone: '',
    mobilePhone: '',
    workPhone: '',
    email: '',
    practice: undefined,
    kin: undefined,
    diedAtMs: undefined,
  }
}

/** Family name of every patient that nobody could name yet. */
export const UNIDENTIFIED = 'UNKNOWN'

/** The record after a move to another address. */
export function movedHouse(record: PatientRecord, draw: Draw): PatientRecord {
  return { ...record, address: drawAddress(draw) }
}

function drawGivenName(draw: Draw, sex: SexCode): string {
  if (sex === '9') return draw.pick([...MALE_NAMES, ...FEMALE_NAMES])
  return draw.pick(sex === '1' ? MALE_NAMES : FEMALE_NAMES)
}

function drawBirthDate(draw: Draw, thisYear: number): string {
  const year = thisYear - 19 - draw.whole(0, 75)
  const month = String(draw.whole(1, 12)).padStart(2, '0')
  return `${year}${month}${String(draw.whole(1, 28)).padStart(2, '0')}`
}

function drawOrigin(draw: Draw): { readonly language: string; readonly nationality: string } {
  return draw.pick([
    { language: 'EN', nationality: 'GBR' },
    { language: 'EN', nationality: 'GBR' },
    { language: 'EN', nationality: 'GBR' },
    { language: 'CY', nationality: 'GBR' },
    { language: 'EN', nationality: 'IRL' },
    { language: 'PL', nationality: 'POL' },
    { language: 'UR', nationality: 'PAK' },
  ])
}

function drawAddress(draw: Draw): Address {
  // The letters of an inward code leave out C, I, K, M, O and V.
  const inward = () => draw.pick([...'ABDEFGHJLNPQRSTUWXY'])
  return {
    line: `${draw.whole(1, 180)} ${draw.pick(STREETS)}`,
    village: draw.chance(0.4) ? draw.pick(VILLAGES) : '',
    town: draw.pick(TOWNS),
    county: draw.pick(COUNTIES),
    postcode: `ZZ99 ${draw.whole(1, 9)}${inward()}${inward()}`,
  }
}

function drawKin(draw: Draw, family: string, shared: Address): Kin {
  const sex = draw.pick(['1', '2'] as const)
  const relationship = draw.pick(['spouse', 'spouse', 'carer'] as const)
  return {
    family: relationship === 'spouse' ? family : draw.pick(FAMILY_NAMES),
    given: drawGivenName(draw, sex),
    title: sex === '1' ? 'Mr' : 'Mrs',
    relationship,
    sex,
    phone: drawMobile(draw),
    address: draw.chance(0.7) ? shared : drawAddress(draw),
  }
}

const drawMobile = (draw: Draw): string => `07700 900${String(draw.whole(0, 999)).padStart(3, '0')}`
