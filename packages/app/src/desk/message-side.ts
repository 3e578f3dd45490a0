/**
 * The left side of a message: the v2 text segment by segment, each populated leaf a link to what
 * became of it. The text between leaves (delimiters, names) is kept, so that what is shown is what
 * came.
 */
import type { Segment } from '@almoner/hl7v2'
import type { Explained } from './explained.ts'
import { leftOut } from './fhir-side.ts'
import type { LinkedLeaf, LinkedSides } from './linked-sides.ts'
import { escapeHtml, shorten } from './safe-html.ts'

const LEAF_CHARS_MAX = 400

export type MessageSideOptions = {
  readonly sides: LinkedSides
  readonly elementOfTarget: ReadonlyMap<string, string>
  readonly nameOf: (target: string) => string
}

/** One HTML string for each segment, in order. */
export function renderMessageSide(
  explained: Explained,
  options: MessageSideOptions,
): readonly string[] {
  const { text, segments } = explained.message
  let next = 0
  return segments.map((segment) => {
    const leaves: LinkedLeaf[] = []
    for (; next < options.sides.leaves.length; next++) {
      const leaf = options.sides.leaves[next]!
      if (leaf.start >= segment.end) break
      if (leaf.start >= segment.start && leaf.end <= segment.end) leaves.push(leaf)
    }
    return renderSegment(text, segment, leaves, options)
  })
}

function renderSegment(
  text: string,
  segment: Segment,
  leaves: readonly LinkedLeaf[],
  options: MessageSideOptions,
): string {
  // A line without a segment name starts with content, which is a leaf of its own.
  const hasName = leaves[0]?.start !== segment.start
  const parts = hasName ? [`<b class="segment-name">${escapeHtml(segment.name)}</b>`] : []
  let at = hasName ? segment.start + segment.name.length : segment.start
  for (const leaf of leaves) {
    if (leaf.start > at) parts.push(between(text.slice(at, leaf.start)))
    parts.push(renderLeaf(text, leaf, options))
    at = Math.max(at, leaf.end)
  }
  if (at < segment.end) parts.push(between(text.slice(at, segment.end)))
  return parts.join('')
}

/** Delimiters, and leaves without a link when the page has no room for all. */
function between(text: string): string {
  const { text: shown, leftOutCount } = shorten(text, 2_000)
  const rest = leftOutCount === 0 ? '' : leftOut(leftOutCount)
  // A line may break after a delimiter, never inside a value that fits on a line.
  return `<span class="delimiters">${escapeHtml(shown)}</span><wbr>${rest}`
}

function renderLeaf(text: string, leaf: LinkedLeaf, options: MessageSideOptions): string {
  const { text: shown, leftOutCount } = shorten(text.slice(leaf.start, leaf.end), LEAF_CHARS_MAX)
  const elements = leaf.entries
    .map(({ target }) => (target === undefined ? undefined : options.elementOfTarget.get(target)))
    .filter((id) => id !== undefined)
  const href = elements[0] ?? ledgerId(leaf)
  const value = escapeHtml(shown)
  const told = escapeHtml(tellLeaf(leaf, options.nameOf))
  return (
    `<a class="leaf leaf-${leaf.fate}" id="${leaf.id}" href="#${href}" ` +
    `data-partners="${elements.join(' ')}" data-told="${told}" ` +
    `aria-label="${value}, ${told}">${value}</a>${leftOutCount === 0 ? '' : leftOut(leftOutCount)}`
  )
}

/** Id of the leaf's row in the ledger table. */
export const ledgerId = (leaf: Pick<LinkedLeaf, 'id'>): string => `ledger-${leaf.id}`

/** `PID-5.1 → Patient.name[0].family by rule XPN.1`, or why it went nowhere. */
export function tellLeaf(leaf: LinkedLeaf, nameOf: (target: string) => string): string {
  const told = leaf.entries.map(({ fate, target, rule, why }) => {
    if (fate === 'mapped') {
      return target === undefined ? `mapped by rule ${rule}` : `→ ${nameOf(target)} by rule ${rule}`
    }
    const reason = why === undefined ? '' : `: ${why}`
    if (fate === 'ignored') return `ignored by rule ${rule}${reason}`
    return `unmapped${reason}`
  })
  return `${leaf.path} ${[...new Set(told)].join('; ')}`
}
