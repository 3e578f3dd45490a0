/**
 * Segments that are read by no rule yet, each with its reason, so that nothing of them is left out
 * without a line in the ledger. Source: HL7 v2.5.1 chapters 2, 3, 4, 6, 7; ITK HL7 v2 message
 * specifications 1.0.15 (ZU1 to ZU8).
 */
import type { Reading } from '../rule/reading.ts'
import { type RuleBook, ruleSite } from '../rule/rule-book.ts'
import { passSegment } from '../rule/segment.ts'

const CLINICAL = 'Clinical data beside the visit: no resource is made of it yet.'
const MONEY = 'Payment and insurance: no Account or Coverage is made yet.'
const ORDER = 'The order itself: no ServiceRequest is made yet.'
const RECORD = 'Who recorded it, and with what: no Provenance is made yet.'
const PEOPLE = 'Further people in the care: only the doctors of PV1 and PD1 are kept yet.'
const ZU = 'An NHS ITK segment for which there are no rules yet.'
const LOCAL = 'A segment of the sender alone: nobody else knows what it means.'

const REASONS: ReadonlyMap<string, string> = new Map([
  ...['AL1', 'IAM', 'DG1', 'DRG', 'PR1', 'DB1', 'ACC', 'PDA', 'OBX', 'IAR'].map(
    (name) => [name, CLINICAL] as const,
  ),
  ...['GT1', 'IN1', 'IN2', 'IN3', 'FT1', 'UB1', 'UB2'].map((name) => [name, MONEY] as const),
  ...['ORC', 'OBR', 'TQ1', 'TQ2', 'CTD', 'CTI', 'BLG', 'SPM', 'SAC'].map(
    (name) => [name, ORDER] as const,
  ),
  ...['SFT', 'UAC', 'DSC', 'ARV', 'NTE', 'MSA', 'ERR'].map((name) => [name, RECORD] as const),
  ...['ROL', 'PRT', 'STF'].map((name) => [name, PEOPLE] as const),
  ...[1, 2, 3, 4, 5, 6, 7, 8].map((n) => [`ZU${n}`, ZU] as const),
])

export type PassOthers = (reading: Reading, known: ReadonlySet<string>) => void

/** Marks the segments that the grammar of the message does not know. */
export function compileOthers(book: RuleBook): PassOthers {
  const source = 'HL7 v2.5.1; ITK HL7 v2 message specifications 1.0.15'
  const row = (name: string, why: string): number =>
    ruleSite(book, name, 'none', source).add({ v2: name, fate: 'unmapped', why })
  const rules = new Map([...REASONS].map(([name, why]) => [name, row(name, why)]))
  const local = row('Z segment', LOCAL)
  return (reading, known) => {
    for (const { name, index } of reading.message.segments) {
      if (known.has(name)) continue
      const rule = rules.get(name) ?? (isLocal(name) ? local : undefined)
      if (rule !== undefined) passSegment(reading, index, rule)
    }
  }
}

/** A name of three characters that begins with Z; a wrapped line of text is no such name. */
const isLocal = (name: string): boolean => name.length === 3 && name.startsWith('Z')
