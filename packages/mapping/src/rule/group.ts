/**
 * A small grammar for messages: which segment opens which group, which segments a group holds.
 * Senders put segments in odd places and add their own; a segment belongs to the innermost open
 * group that knows it, and one that no group knows changes nothing.
 * Source: HL7 v2.5.1 chapter 2.12 (message structure).
 */
import type { Message, Segment } from '@almoner/hl7v2'

export type GroupSpec = {
  /** `ORDER_OBSERVATION`, as the standard names it. */
  readonly name: string
  /**
   * Segments that begin an occurrence, in their order: OBR after ORC still belongs to the group
   * that ORC began, a second OBR begins another.
   */
  readonly opens: readonly string[]
  readonly holds: readonly string[]
  /** What is made from an occurrence, for the documentation. */
  readonly makes: readonly string[]
  readonly groups: readonly GroupSpec[]
}

export type Group = {
  readonly spec: GroupSpec
  readonly segments: Segment[]
  readonly groups: Group[]
  /** Place in `opens` of the last segment that counts as an opening one. */
  opened: number
}

const createGroup = (spec: GroupSpec, ...segments: Segment[]): Group => ({
  spec,
  segments,
  groups: [],
  opened: -1,
})

/** The message as a tree of groups under one root. */
export function groupSegments(message: Message, root: GroupSpec): Group {
  const tree = createGroup(root)
  const open: Group[] = [tree]
  for (const segment of message.segments) attach(open, segment)
  return tree
}

function attach(open: Group[], segment: Segment): void {
  for (let depth = open.length - 1; depth >= 0; depth--) {
    const group = open[depth]!
    const place = group.spec.opens.indexOf(segment.name)
    if (place > group.opened) group.opened = place
    else if (!group.spec.holds.includes(segment.name)) {
      if (!openChild(open, depth, segment)) continue
      return
    }
    group.segments.push(segment)
    closeTo(open, depth)
    return
  }
}

/** Closes the groups inside the one at `depth`. */
function closeTo(open: Group[], depth: number): void {
  while (open.length > depth + 1) open.pop()
}

function openChild(open: Group[], depth: number, segment: Segment): boolean {
  const parent = open[depth]!
  const spec = parent.spec.groups.find(({ opens }) => opens.includes(segment.name))
  if (spec === undefined) return false
  const child = createGroup(spec, segment)
  child.opened = spec.opens.indexOf(segment.name)
  parent.groups.push(child)
  closeTo(open, depth)
  open.push(child)
  return true
}

/** The first segment of the group with this name. */
export const segmentOf = (group: Group, name: string): Segment | undefined =>
  group.segments.find((segment) => segment.name === name)

export const segmentsOf = (group: Group, name: string): readonly Segment[] =>
  group.segments.filter((segment) => segment.name === name)

/** All segment names that a grammar knows. */
export const namesOf = (spec: GroupSpec): readonly string[] => [
  ...spec.opens,
  ...spec.holds,
  ...spec.groups.flatMap(namesOf),
]
