/**
 * Every way in which governance refuses. Each denial of `decide` is a row: whoever reads a held
 * delivery reads why, and what to do about it.
 */
import { defineErrors } from '@almoner/core'

export const GOVERNANCE_ERRORS = defineErrors('governance', {
  GOVERNANCE_AGREEMENT_INVALID: {
    retry: 'operator',
    http: 500,
    ack: 'AE',
    safe: 'An agreement is not written as an agreement must be.',
    operator: 'Correct the named place of the agreement, then run `almoner check`.',
  },
  GOVERNANCE_AGREEMENT_UNKNOWN: {
    retry: 'operator',
    http: 403,
    ack: 'AR',
    safe: 'No agreement of this name is known, so nothing may leave under it.',
    operator: 'Correct the agreement that the route names, or add the agreement to the site.',
  },
  GOVERNANCE_AGREEMENT_DUPLICATE: {
    retry: 'operator',
    http: 403,
    ack: 'AR',
    safe: 'Two agreements have the same name, so it is not known which one counts.',
    operator: 'Give each agreement its own id.',
  },
  GOVERNANCE_AGREEMENT_SUSPENDED: {
    retry: 'operator',
    http: 403,
    ack: 'AR',
    safe: 'The agreement is suspended.',
    operator: 'Ask the information governance lead; release what is held once it is lifted.',
  },
  GOVERNANCE_AGREEMENT_UNSIGNED: {
    retry: 'operator',
    http: 403,
    ack: 'AR',
    safe: 'Not every party has signed the agreement.',
    operator: 'Obtain the missing signature and record it in the agreement.',
  },
  GOVERNANCE_AGREEMENT_NOT_YET: {
    retry: 'operator',
    http: 403,
    ack: 'AR',
    safe: 'The agreement is not in force yet.',
    operator: 'Wait for its first day, or have the parties agree an earlier one.',
  },
  GOVERNANCE_AGREEMENT_EXPIRED: {
    retry: 'operator',
    http: 403,
    ack: 'AR',
    safe: 'The agreement has ended.',
    operator: 'Have the parties renew it; release what is held once it is in force.',
  },
  GOVERNANCE_PURPOSE_NOT_COVERED: {
    retry: 'operator',
    http: 403,
    ack: 'AR',
    safe: 'The agreement does not cover this purpose.',
    operator: 'Use the agreement that was made for the purpose of the route.',
  },
  GOVERNANCE_RECIPIENT_NOT_COVERED: {
    retry: 'operator',
    http: 403,
    ack: 'AR',
    safe: 'The agreement does not name this recipient.',
    operator: 'Check the ODS code of the destination, or have the recipient added.',
  },
  GOVERNANCE_CATEGORY_NOT_COVERED: {
    retry: 'operator',
    http: 403,
    ack: 'AR',
    safe: 'The agreement does not cover all that the message holds.',
    operator: 'Leave out what is not covered, or have the named categories added.',
  },
  GOVERNANCE_CONTENT_UNCLASSIFIED: {
    retry: 'operator',
    http: 403,
    ack: 'AR',
    safe: 'It is not known what kind of data this is, so no agreement can cover it.',
    operator: 'Do not forward this type of message; report the type that has no category.',
  },
  GOVERNANCE_OPT_OUT_NOT_APPLIED: {
    retry: 'operator',
    http: 403,
    ack: 'AR',
    safe: 'The national data opt-out applies to this use, and it has not been applied.',
    operator: 'Do not send under section 251 until the opt-out is applied to this flow.',
  },
})

export type GovernanceCode = keyof typeof GOVERNANCE_ERRORS.table
