/**
 * The account of a message: every populated leaf is mapped (to which element, by which rule),
 * ignored (by which rule, why) or unmapped (why). Totals and the paths of what is unmapped are
 * made at once, because every message is stored with them; the entries only when somebody asks.
 */
import type { Draft } from '@almoner/fhir'
import { forEachLeaf, formatLeaf } from '@almoner/hl7v2'
import type { Reading } from './reading.ts'
import type { Fate, RuleBook } from './rule-book.ts'
import { createTargetPaths } from './target-path.ts'

export type LedgerEntry = {
  /** `PID-3[2].1` */
  readonly path: string
  /** Half-open range in the text of the message. */
  readonly start: number
  readonly end: number
  readonly fate: Fate
  /** Id of the rule, or `none`. */
  readonly rule: string
  /** `patient.identifier[0].value`: draft, and element in the resource that the draft makes alone. */
  readonly target?: string
  readonly why?: string
}

export type Ledger = {
  readonly mapped: number
  readonly ignored: number
  readonly unmapped: number
  readonly entries: () => readonly LedgerEntry[]
  /** Paths of the unmapped leaves in the order of the message. Paths, never values. */
  readonly unmappedPaths: readonly string[]
}

/** What the ledger keeps of a reading: the scratch of the scan goes on to the next message. */
export type Marks = Pick<Reading, 'message' | 'marks' | 'holders' | 'keys'>

export type LedgerRules = {
  readonly book: RuleBook
  /** Segments for which there are rules in this kind of message. */
  readonly segments: ReadonlySet<string>
}

export function createLedger(
  reading: Reading,
  drafts: readonly Draft[],
  rules: LedgerRules,
): Ledger {
  const { message, marks, holders, keys } = reading
  const kept: Marks = { message, marks, holders, keys }
  const { book } = rules
  let mapped = 0
  let ignored = 0
  for (let leaf = 0; leaf < marks.length; leaf++) {
    const mark = marks[leaf]!
    if (mark <= 0) continue
    const { fate } = book.row(mark)
    if (fate === 'mapped') mapped++
    else if (fate === 'ignored') ignored++
  }
  return {
    mapped,
    ignored,
    unmapped: marks.length - mapped - ignored,
    entries: () => listEntries(kept, drafts, rules),
    unmappedPaths: listUnmapped(reading, book),
  }
}

const fateOf = (mark: number, book: RuleBook): Fate => (mark > 0 ? book.row(mark).fate : 'unmapped')

function listUnmapped({ message, leaves, marks }: Reading, book: RuleBook): readonly string[] {
  const paths: string[] = []
  for (let leaf = 0; leaf < marks.length; leaf++) {
    if (fateOf(marks[leaf]!, book) !== 'unmapped') continue
    paths.push(
      formatLeaf(
        message,
        message.segments[leaves.segments[leaf]!]!,
        leaves.fields[leaf]!,
        leaves.repetitions[leaf]!,
        leaves.components[leaf]!,
        leaves.subcomponents[leaf]!,
      ),
    )
  }
  return paths
}

function listEntries(
  kept: Marks,
  drafts: readonly Draft[],
  rules: LedgerRules,
): readonly LedgerEntry[] {
  const { message, marks } = kept
  const targets = createTargetPaths(drafts)
  const entries: LedgerEntry[] = []
  forEachLeaf(message, (start, end, segment, field, repetition, component, subcomponent) => {
    const leaf = entries.length
    const mark = marks[leaf]!
    const fate = fateOf(mark, rules.book)
    const isNull = end - start === 2 && message.text.startsWith('""', start)
    const why = reasonOf(kept, leaf, rules, fate, isNull, segment.name)
    const target =
      fate === 'mapped' ? targets(kept.holders[leaf], kept.keys[leaf] ?? '') : undefined
    entries.push({
      path: formatLeaf(message, segment, field, repetition, component, subcomponent),
      start,
      end,
      fate,
      rule: mark === 0 ? 'none' : rules.book.row(Math.abs(mark)).id,
      ...(target === undefined ? {} : { target }),
      ...(why === undefined ? {} : { why }),
    })
  })
  return entries
}

function reasonOf(
  { marks, holders }: Marks,
  leaf: number,
  { book, segments }: LedgerRules,
  fate: Fate,
  isNull: boolean,
  segment: string,
): string | undefined {
  const mark = marks[leaf]!
  if (mark < 0) return String(holders[leaf])
  if (fate === 'mapped') return isNull ? 'null: the sender deletes the value' : undefined
  if (mark > 0) return book.row(mark).why
  return segments.has(segment)
    ? 'no rule reads this part of the segment'
    : 'no rule knows a segment that begins like this line'
}
