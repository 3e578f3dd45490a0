/**
 * The one decision on whether data may leave: pure, fast, and no unless everything says yes. It
 * is asked when a message is committed and again when it is sent, because an agreement can end
 * while a message waits.
 */
import type { Agreement } from './agreement.ts'
import { dayAt } from './calendar-day.ts'
import type { Classified } from './category.ts'
import { GOVERNANCE_ERRORS, type GovernanceCode } from './errors.ts'

type Denial = {
  readonly code: GovernanceCode
  /** What exactly is missing: ids, ODS codes, days and categories, never patient data. */
  readonly where: string
}

export type Liveness =
  | { readonly live: true }
  | { readonly live: false; readonly why: GovernanceCode; readonly where: string }

export type DecisionRequest = {
  /** Id of the agreement that the route names. */
  readonly agreement: string
  readonly purpose: string
  /** ODS code of the receiver. */
  readonly recipient: string
  /** What would leave, from `categoriesOf`. */
  readonly categories: readonly Classified[]
  readonly atMs: number
}

export type Decision =
  | {
      readonly permit: true
      readonly agreement: string
      /** What must be done before sending. Nothing yet: what would need it is refused. */
      readonly obligations: readonly []
    }
  | {
      readonly permit: false
      readonly code: GovernanceCode
      readonly where: string
      /** The sentence of the code with what is missing, for people. */
      readonly why: string
    }

/**
 * Live is computed, never written down: not suspended, every party signed, and today within the
 * days of the agreement.
 */
export function isLive(agreement: Agreement, atMs: number): Liveness {
  const denial = deadBecause(agreement, dayAt(atMs))
  if (denial === undefined) return { live: true }
  return { live: false, why: denial.code, where: denial.where }
}

function deadBecause(agreement: Agreement, today: string): Denial | undefined {
  const { id, validFrom, validTo } = agreement
  if (agreement.suspended === true) return { code: 'GOVERNANCE_AGREEMENT_SUSPENDED', where: id }
  const missing = agreement.parties.filter(
    ({ ods }) => !agreement.signed.some(({ party, on }) => party === ods && on <= today),
  )
  if (missing.length > 0) {
    const codes = missing.map(({ ods }) => ods).join(', ')
    return { code: 'GOVERNANCE_AGREEMENT_UNSIGNED', where: `${id}: ${codes}` }
  }
  if (today < validFrom) {
    return { code: 'GOVERNANCE_AGREEMENT_NOT_YET', where: `${id}: from ${validFrom}` }
  }
  if (today > validTo) {
    return { code: 'GOVERNANCE_AGREEMENT_EXPIRED', where: `${id}: until ${validTo}` }
  }
  return undefined
}

/** Decides one request. O(agreements). */
export function decide(agreements: readonly Agreement[], request: DecisionRequest): Decision {
  const named = agreements.filter(({ id }) => id === request.agreement)
  const [agreement] = named
  if (agreement === undefined) {
    return refuse({ code: 'GOVERNANCE_AGREEMENT_UNKNOWN', where: request.agreement })
  }
  if (named.length > 1) {
    return refuse({ code: 'GOVERNANCE_AGREEMENT_DUPLICATE', where: request.agreement })
  }
  const denial = deadBecause(agreement, dayAt(request.atMs)) ?? uncovered(agreement, request)
  if (denial !== undefined) return refuse(denial)
  return { permit: true, agreement: agreement.id, obligations: [] }
}

function uncovered(agreement: Agreement, request: DecisionRequest): Denial | undefined {
  const { id, purpose, recipients, lawfulBasis } = agreement
  if (purpose !== request.purpose) {
    return { code: 'GOVERNANCE_PURPOSE_NOT_COVERED', where: `${id}: ${request.purpose}` }
  }
  if (!recipients.includes(request.recipient)) {
    return { code: 'GOVERNANCE_RECIPIENT_NOT_COVERED', where: `${id}: ${request.recipient}` }
  }
  // Nothing named is not nothing sent.
  if (request.categories.length === 0 || request.categories.includes('unclassified')) {
    return { code: 'GOVERNANCE_CONTENT_UNCLASSIFIED', where: id }
  }
  const extra = request.categories.filter(
    (category) => !agreement.categories.some((covered) => covered === category),
  )
  if (extra.length > 0) {
    return { code: 'GOVERNANCE_CATEGORY_NOT_COVERED', where: `${id}: ${extra.join(', ')}` }
  }
  // National data opt-out: owed for uses beyond direct care that rest on section 251.
  if (purpose !== 'direct-care' && lawfulBasis.confidentiality === 'section-251') {
    return { code: 'GOVERNANCE_OPT_OUT_NOT_APPLIED', where: id }
  }
  return undefined
}

function refuse({ code, where }: Denial): Decision {
  return { permit: false, code, where, why: GOVERNANCE_ERRORS.error(code, { where }).message }
}
