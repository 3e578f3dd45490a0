/**
 * An agreement as data: which organisations agreed that what may go to whom, for what, on which
 * legal grounds, from when to when. It is written in the site's repository and checked here.
 * Source: ICO data sharing code of practice; UK GDPR articles 6 and 9; the common law duty of
 * confidentiality as a ground of its own, beside the UK GDPR.
 */
import { isDay } from './calendar-day.ts'
import { CATEGORIES, type Category } from './category.ts'
import { GOVERNANCE_ERRORS } from './errors.ts'

export const PURPOSES = [
  'direct-care',
  'administration',
  'audit',
  'planning',
  'research',
  'public-health',
  'payment',
] as const
export type Purpose = (typeof PURPOSES)[number]

export const PARTY_ROLES = [
  'controller',
  'joint-controller',
  'processor',
  'sub-processor',
  'recipient',
] as const
export type PartyRole = (typeof PARTY_ROLES)[number]

/** Why the duty of confidentiality allows it. `section-251`: regulations 2 and 5 of COPI 2002. */
export const CONFIDENTIALITY_GROUNDS = [
  'implied-consent',
  'explicit-consent',
  'legal-obligation',
  'section-251',
  'copi-regulation-3',
  'public-interest',
] as const
export type ConfidentialityGround = (typeof CONFIDENTIALITY_GROUNDS)[number]

const ARTICLE_6 = ['6(1)(a)', '6(1)(b)', '6(1)(c)', '6(1)(d)', '6(1)(e)', '6(1)(f)'] as const
const ARTICLE_9 = [
  '9(2)(a)',
  '9(2)(b)',
  '9(2)(c)',
  '9(2)(d)',
  '9(2)(e)',
  '9(2)(f)',
  '9(2)(g)',
  '9(2)(h)',
  '9(2)(i)',
  '9(2)(j)',
] as const

export type Party = {
  /** ODS code of the organisation. */
  readonly ods: string
  readonly name: string
  readonly role: PartyRole
}

export type Signature = {
  /** ODS code of the party for which it was given. */
  readonly party: string
  readonly name: string
  /** The office of the signatory: `Caldicott Guardian`. */
  readonly role: string
  /** Day of signing; it counts from this day on. */
  readonly on: string
}

export type AgreementText = {
  readonly id: string
  readonly parties: readonly Party[]
  readonly purpose: Purpose
  /** ODS codes of those who may receive. */
  readonly recipients: readonly string[]
  readonly categories: readonly Category[]
  readonly lawfulBasis: {
    readonly article6: (typeof ARTICLE_6)[number]
    readonly article9: (typeof ARTICLE_9)[number]
    readonly confidentiality: ConfidentialityGround
  }
  /** First and last day, both included, in British time. */
  readonly validFrom: string
  readonly validTo: string
  readonly signed: readonly Signature[]
  readonly suspended?: boolean | undefined
}

declare const checked: unique symbol

/** A checked agreement. Only `defineAgreement` makes one; nothing in it can be changed. */
export type Agreement = AgreementText & { readonly [checked]: true }

/** The texts that each part must have: sites are not type-checked when they run. */
const SHAPE = {
  texts: ['id', 'purpose', 'validFrom', 'validTo'],
  lists: ['recipients', 'categories'],
  records: { lawfulBasis: ['article6', 'article9', 'confidentiality'] },
  recordLists: { parties: ['ods', 'name', 'role'], signed: ['party', 'name', 'role', 'on'] },
} as const

const KEYS: readonly string[] = [
  ...SHAPE.texts,
  ...SHAPE.lists,
  ...Object.keys(SHAPE.records),
  ...Object.keys(SHAPE.recordLists),
  'suspended',
]

const ODS_CODE = /^[A-Z0-9]{3,12}$/
const AGREEMENT_ID = /^[A-Z0-9](?:[A-Z0-9-]{1,62})[A-Z0-9]$/

/**
 * Checks an agreement and freezes a copy of it.
 * @throws GOVERNANCE_AGREEMENT_INVALID with the place of the first fault.
 */
export function defineAgreement(text: AgreementText): Agreement {
  const fault = faultOf(text)
  if (fault !== undefined) {
    const id = isText(text.id) && AGREEMENT_ID.test(text.id) ? text.id : 'agreement'
    throw GOVERNANCE_ERRORS.error('GOVERNANCE_AGREEMENT_INVALID', { where: `${id}: ${fault}` })
  }
  // The one place where the mark of a checked agreement is given.
  return freeze(structuredClone(text)) as Agreement
}

/** The first fault as a place and what belongs there, or undefined. */
function faultOf(text: AgreementText): string | undefined {
  const shape = shapeFault(text)
  if (shape !== undefined) return shape
  if (!AGREEMENT_ID.test(text.id)) return 'id must be capitals, digits and hyphens'
  return (
    partiesFault(text.parties) ??
    scopeFault(text) ??
    basisFault(text) ??
    daysFault(text) ??
    signaturesFault(text)
  )
}

function shapeFault(text: Readonly<Record<string, unknown>>): string | undefined {
  // A misspelt `suspended` must not leave an agreement in force.
  const unknown = Object.keys(text).find((key) => !KEYS.includes(key))
  if (unknown !== undefined) return `${unknown} is not a part of an agreement`
  if (typeof (text['suspended'] ?? false) !== 'boolean') return 'suspended must be true or false'
  const missing = SHAPE.texts.find((key) => !isText(text[key]))
  if (missing !== undefined) return `${missing} is missing`
  for (const key of SHAPE.lists) {
    const list = text[key]
    if (!Array.isArray(list) || !list.every(isText)) return `${key} must be a list of texts`
  }
  for (const [key, names] of Object.entries(SHAPE.records)) {
    const name = missingText(text[key], names)
    if (name !== undefined) return `${key}.${name} is missing`
  }
  for (const [key, names] of Object.entries(SHAPE.recordLists)) {
    const list = text[key]
    if (!Array.isArray(list)) return `${key} must be a list`
    for (const [index, record] of list.entries()) {
      const name = missingText(record, names)
      if (name !== undefined) return `${key}[${index}].${name} is missing`
    }
  }
  return undefined
}

const isText = (value: unknown): value is string => typeof value === 'string' && value.trim() !== ''

/** The first of these members that is no text. */
function missingText(record: unknown, names: readonly string[]): string | undefined {
  const members = new Map(Object.entries(record ?? {}))
  return names.find((name) => !isText(members.get(name)))
}

function partiesFault(parties: readonly Party[]): string | undefined {
  if (parties.length < 2) return 'parties must be two or more'
  for (const [index, party] of parties.entries()) {
    if (!ODS_CODE.test(party.ods)) return `parties[${index}].ods must be an ODS code`
    if (!PARTY_ROLES.includes(party.role)) {
      return `parties[${index}].role must be one of ${PARTY_ROLES.join(', ')}`
    }
  }
  const repeated = repeatOf(parties.map((party) => party.ods))
  if (repeated !== undefined) return `parties[${repeated}].ods is there twice`
  const hasController = parties.some(({ role }) => /controller$/.test(role))
  return hasController ? undefined : 'parties must include a controller'
}

function scopeFault(text: AgreementText): string | undefined {
  if (!PURPOSES.includes(text.purpose)) return `purpose must be one of ${PURPOSES.join(', ')}`
  if (text.recipients.length === 0) return 'recipients must name somebody'
  const notOds = text.recipients.findIndex((code) => !ODS_CODE.test(code))
  if (notOds !== -1) return `recipients[${notOds}] must be an ODS code`
  const twice = repeatOf(text.recipients)
  if (twice !== undefined) return `recipients[${twice}] is there twice`
  if (text.categories.length === 0) return 'categories must name something'
  const unknown = text.categories.findIndex((category) => !CATEGORIES.includes(category))
  if (unknown !== -1) return `categories[${unknown}] must be one of ${CATEGORIES.join(', ')}`
  const again = repeatOf(text.categories)
  return again === undefined ? undefined : `categories[${again}] is there twice`
}

function basisFault({ lawfulBasis, purpose }: AgreementText): string | undefined {
  const { article6, article9, confidentiality } = lawfulBasis
  if (!ARTICLE_6.includes(article6)) return 'lawfulBasis.article6 must be like 6(1)(e)'
  if (!ARTICLE_9.includes(article9)) return 'lawfulBasis.article9 must be like 9(2)(h)'
  if (!CONFIDENTIALITY_GROUNDS.includes(confidentiality)) {
    return `lawfulBasis.confidentiality must be one of ${CONFIDENTIALITY_GROUNDS.join(', ')}`
  }
  // Patients expect that those who treat them share; they are taken to agree to nothing else.
  return confidentiality === 'implied-consent' && purpose !== 'direct-care'
    ? 'lawfulBasis.confidentiality: implied consent holds for direct care alone'
    : undefined
}

function daysFault({ validFrom, validTo }: AgreementText): string | undefined {
  if (!isDay(validFrom)) return 'validFrom must be a day like 2026-01-01'
  if (!isDay(validTo)) return 'validTo must be a day like 2028-12-31'
  return validTo < validFrom ? 'validTo is before validFrom' : undefined
}

function signaturesFault({ signed, parties }: AgreementText): string | undefined {
  for (const [index, signature] of signed.entries()) {
    const place = `signed[${index}]`
    if (!parties.some(({ ods }) => ods === signature.party)) return `${place}.party is no party`
    if (!isDay(signature.on)) return `${place}.on must be a day like 2026-01-01`
  }
  const twice = repeatOf(signed.map(({ party }) => party))
  return twice === undefined ? undefined : `signed[${twice}].party has signed already`
}

/** The index of the first item that is there before, or undefined. */
function repeatOf(items: readonly string[]): number | undefined {
  const at = items.findIndex((item, index) => items.indexOf(item) < index)
  return at === -1 ? undefined : at
}

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const inner of Object.values(value)) freeze(inner)
    Object.freeze(value)
  }
  return value
}
