/** An agreement in lines for people: what `almoner check` and the desk print. */
import type { Agreement } from './agreement.ts'
import { isLive } from './decide.ts'
import { GOVERNANCE_ERRORS } from './errors.ts'

/** Lines without line ends; the first says whether it is live at `atMs`, and if not, why. */
export function describeAgreement(agreement: Agreement, atMs: number): readonly string[] {
  const { id, purpose, lawfulBasis, recipients, categories, validFrom, validTo } = agreement
  const liveness = isLive(agreement, atMs)
  const state = liveness.live
    ? 'live'
    : `not live (${liveness.why}): ${GOVERNANCE_ERRORS.table[liveness.why].safe}`
  return [
    `${id}: ${state}`,
    `  days: ${validFrom} to ${validTo}, both included`,
    `  purpose: ${purpose}`,
    `  lawful basis: UK GDPR ${lawfulBasis.article6} and ${lawfulBasis.article9}, ${lawfulBasis.confidentiality}`,
    `  recipients: ${recipients.join(', ')}`,
    `  categories: ${categories.join(', ')}`,
    ...agreement.parties.map(
      (party) =>
        `  party: ${party.ods} ${party.name}, ${party.role}, ${signedText(agreement, party.ods)}`,
    ),
  ]
}

function signedText(agreement: Agreement, ods: string): string {
  const signature = agreement.signed.find(({ party }) => party === ods)
  if (signature === undefined) return 'not signed'
  return `signed by ${signature.name} (${signature.role}) on ${signature.on}`
}
