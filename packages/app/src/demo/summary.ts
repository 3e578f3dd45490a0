/** The figures of a played day, and whether they add up. */
import { parseMessage } from '@almoner/hl7v2'
import { toFhir, ukCore } from '@almoner/mapping'
import { RIVERSIDE } from '@almoner/simulators'
import type { AuditVerdict, Counts } from '@almoner/store'

export type Played = {
  readonly sent: number
  readonly acknowledged: number
  readonly refused: number
  readonly receivedByHub: number
  /** Leaves of the day that no rule names. */
  readonly unexplained: number
  readonly counts: Counts
  readonly audit: AuditVerdict
}

/** What does not add up, as sentences; none when everything does. */
export function faultsOf(played: Played): readonly string[] {
  const { counts, audit } = played
  const { messages, deliveries } = counts
  const checks: readonly (readonly [boolean, string])[] = [
    [played.sent === played.acknowledged, 'a message that was sent was not acknowledged'],
    [played.refused === 0, 'a message was refused'],
    [messages.done === played.acknowledged, 'a message that was acknowledged was not processed'],
    [messages.held + messages.dead === 0, 'a message is held or dead'],
    [deliveries.delivered === played.receivedByHub, 'deliveries and arrivals differ'],
    [deliveries.waiting + deliveries.sending === 0, 'a delivery has not left'],
    [deliveries.held + deliveries.dead === 0, 'a delivery is held or dead'],
    [played.unexplained === 0, 'a leaf of a message was left out without a named reason'],
    [audit.broken === undefined, 'the audit chain is broken'],
  ]
  return checks.filter(([isRight]) => !isRight).map(([, fault]) => fault)
}

export function describePlayed(played: Played): readonly string[] {
  const { counts, audit } = played
  const { messages, deliveries, ledger } = counts
  const resources = Object.entries(counts.resources)
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([type, count]) => `${count} ${type}`)
  return [
    `messages     ${played.sent} received = ${played.acknowledged} acknowledged = ${messages.done} processed`,
    `resources    ${resources.join(', ')}`,
    `deliveries   ${deliveries.delivered} delivered, ${deliveries.held + deliveries.dead} dead letters`,
    `stopped      ${messages.held} held, ${messages.dead} dead letters`,
    `ledger       ${ledger.mapped} leaves mapped, ${ledger.ignored} ignored by a named rule, ${ledger.unmapped} unmapped, ${played.unexplained} of them without a named reason`,
    `audit        ${audit.entries} entries, ${audit.broken === undefined ? 'chain verified' : `BROKEN at ${audit.broken.seq}`}`,
  ]
}

/** Leaves that are unmapped although no rule says why. */
export function unexplainedLeaves(messages: readonly { readonly text: string }[]): number {
  const mapper = toFhir(ukCore)
  const context = { organisation: RIVERSIDE, timeZone: 'Europe/London' }
  const entries = messages.flatMap(({ text }) =>
    mapper.map(parseMessage(text), context).ledger.entries(),
  )
  return entries.filter(({ fate, rule }) => fate === 'unmapped' && rule === 'none').length
}
