/** The ledger of a message as table rows, by fate, unmapped first. */
import { raw } from '@almoner/hl7v2'
import type { Explained, Fate } from './explained.ts'
import type { LinkedLeaf, LinkedSides } from './linked-sides.ts'
import { ledgerId } from './message-side.ts'
import { shorten, visible } from './safe-html.ts'

export type LedgerRow = {
  readonly id: string
  readonly leafId: string
  readonly path: string
  readonly value: string
  readonly rule: string
  readonly target: string | undefined
  readonly why: string | undefined
}

export type LedgerGroup = {
  readonly fate: Fate
  readonly count: number
  readonly rows: readonly LedgerRow[]
  readonly leftOutCount: number
}

const FATES: readonly Fate[] = ['unmapped', 'ignored', 'mapped']
const ROWS_MAX = 2_000
const VALUE_CHARS_MAX = 120

export function ledgerGroups(
  explained: Explained,
  sides: LinkedSides,
  nameOf: (target: string) => string,
): readonly LedgerGroup[] {
  return FATES.map((fate) => {
    const leaves = sides.leaves.filter((leaf) => leaf.fate === fate)
    const rows = leaves.slice(0, ROWS_MAX).map((leaf) => toRow(explained, leaf, nameOf))
    return { fate, count: leaves.length, rows, leftOutCount: leaves.length - rows.length }
  })
}

function toRow(
  explained: Explained,
  leaf: LinkedLeaf,
  nameOf: (target: string) => string,
): LedgerRow {
  const { text, leftOutCount } = shorten(raw(explained.message, leaf), VALUE_CHARS_MAX)
  const targets = leaf.entries.flatMap(({ target }) => (target === undefined ? [] : [target]))
  const reasons = leaf.entries.flatMap(({ why }) => (why === undefined ? [] : [why]))
  return {
    id: ledgerId(leaf),
    leafId: leaf.id,
    path: leaf.path,
    value: visible(leftOutCount === 0 ? text : `${text}…`),
    rule: [...new Set(leaf.entries.map(({ rule }) => rule))].join(', '),
    target: targets.length === 0 ? undefined : [...new Set(targets)].map(nameOf).join(', '),
    why: reasons.length === 0 ? undefined : [...new Set(reasons)].join('; '),
  }
}
