/**
 * What links the two sides of a message: leaves of the v2 text on the left, elements of the FHIR
 * resources on the right. Ids are small numbers, so that both sides can point at each other.
 */
import type { Explained, ExplainedEntry, Fate } from './explained.ts'

export type LinkedLeaf = {
  /** `leaf-12`: id of its element on the page. */
  readonly id: string
  readonly start: number
  readonly end: number
  readonly path: string
  readonly fate: Fate
  readonly entries: readonly ExplainedEntry[]
}

export type LinkedSides = {
  /** In order of the text; ranges never overlap. */
  readonly leaves: readonly LinkedLeaf[]
  /** Ids of leaves that made the element at a target path (`patient.name[0].family`). */
  readonly leavesOfTarget: ReadonlyMap<string, readonly string[]>
  /** Leaves that the page has no room for; the ledger still lists totals. */
  readonly leftOutCount: number
}

/** Enough for a result with some hundred lines; a page with more would not be read. */
const LEAVES_MAX = 6_000

const WEIGHT: Readonly<Record<Fate, number>> = { mapped: 2, ignored: 1, unmapped: 0 }

export function linkSides(explained: Explained, leavesMax = LEAVES_MAX): LinkedSides {
  const ordered = explained.entries.toSorted((a, b) => a.start - b.start || a.end - b.end)
  const groups: ExplainedEntry[][] = []
  let reached = -1
  for (const entry of ordered) {
    const last = groups.at(-1)
    const isSame = last?.[0]?.start === entry.start && last[0].end === entry.end
    if (isSame) last.push(entry)
    else if (entry.start >= reached) groups.push([entry])
    else continue
    reached = Math.max(reached, entry.end)
  }
  const leaves = groups.slice(0, leavesMax).map((entries, index) => toLeaf(entries, index))
  return {
    leaves,
    leavesOfTarget: groupTargets(leaves),
    leftOutCount: groups.length - leaves.length,
  }
}

function toLeaf(entries: readonly ExplainedEntry[], index: number): LinkedLeaf {
  const first = entries[0]!
  const fate = entries.reduce<Fate>(
    (best, { fate: one }) => (WEIGHT[one] > WEIGHT[best] ? one : best),
    first.fate,
  )
  return {
    id: `leaf-${index}`,
    start: first.start,
    end: first.end,
    path: first.path,
    fate,
    entries,
  }
}

function groupTargets(leaves: readonly LinkedLeaf[]): ReadonlyMap<string, readonly string[]> {
  const map = new Map<string, string[]>()
  for (const leaf of leaves) {
    for (const { target } of leaf.entries) {
      if (target === undefined) continue
      const ids = map.get(target)
      if (ids === undefined) map.set(target, [leaf.id])
      else if (!ids.includes(leaf.id)) ids.push(leaf.id)
    }
  }
  return map
}

/**
 * Target paths as people read them: `patient.name[0].family` becomes `Patient.name[0].family`,
 * and where a message makes several of a type, `Observation 3: valueQuantity.value`.
 */
export function targetNames(explained: Explained): (target: string) => string {
  const byType = Map.groupBy(explained.drafts, ({ resource }) => resource.resourceType)
  const names = new Map<string, string>()
  for (const [type, drafts] of byType) {
    drafts.forEach(({ name }, index) => {
      names.set(name, drafts.length === 1 ? type : `${type} ${index + 1}`)
    })
  }
  return (target) => {
    const { name, path } = splitTarget(target)
    const shown = names.get(name) ?? name
    return path === '' ? shown : `${shown}.${path}`
  }
}

export function splitTarget(target: string): { readonly name: string; readonly path: string } {
  const dot = target.indexOf('.')
  return dot === -1
    ? { name: target, path: '' }
    : { name: target.slice(0, dot), path: target.slice(dot + 1) }
}
