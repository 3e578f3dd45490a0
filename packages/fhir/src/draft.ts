/**
 * A draft says what one message knows about one resource: how to find it, and what to change in
 * it. Absent means "leave as it is", so a draft is a list of slots and not a whole resource. The
 * store merges it with what it holds, inside the transaction that commits the message.
 */
import assert from 'node:assert/strict'
import { isEmpty, isObject, sameJson, valueAt, withValueAt } from './json.ts'
import type { Resource, ResourceType } from './types.ts'

/** A reference to another draft of the same message; the commit puts the real reference there. */
export const draftReference = (name: string): string => `${DRAFT_SCHEME}${name}`
export const DRAFT_SCHEME = 'urn:draft:'

export type SlotMode =
  /** The slot's items or value take the place of what the slot owned. Empty: it is deleted. */
  | 'replace'
  /** Items join; one with the same `system` and `value` (or else an equal one) is not repeated. */
  | 'union'
  /** Set only where the stored resource has nothing (with a claim: nothing that the slot owns). */
  | 'default'
  /** For a history kept inside a resource: open items elsewhere end at `atTime`, the new follow. */
  | 'succeed'
  /** The open items go, the latest item equal in `location` opens again, else it is appended. */
  | 'revert'

export type Slot = {
  /** Dotted path of the element from the resource: `telecom`, `hospitalization.admitSource`. */
  readonly path: string
  readonly mode: SlotMode
  /**
   * The value of a single element, or the items of an array. Nothing (undefined, null, an empty
   * text, list or object) deletes with `replace` and changes nothing with every other mode.
   */
  readonly value: unknown
  /**
   * In an array, the slot owns only items with these values at these dotted paths. The items that
   * it gives must have them too, or it would not know its own the next time.
   */
  readonly claim?: Readonly<Record<string, string>> | undefined
  /** For `succeed`: when the open items end (FHIR dateTime). */
  readonly atTime?: string | undefined
}

/** One way to find the resource: identifiers of equal strength, the strongest key first. */
export type IdentityKey = {
  readonly system: string
  readonly value: string
  /**
   * `own`: the sender's own number for it, trusted to identify. `shared`: a number that may be
   * wrong or shared (an NHS number): it identifies only if nothing contradicts (see store).
   */
  readonly strength: 'own' | 'shared'
}

export type Draft = {
  /** Unique within the message: `patient`, `encounter`, `observation-3`. */
  readonly name: string
  readonly type: ResourceType
  readonly identity: readonly IdentityKey[]
  /** `hold`: the message waits for a person rather than making a resource nobody can find. */
  readonly ifUnidentified: 'create' | 'hold' | 'skip'
  /** `exact`: take the identified patient itself, even if it was merged into another. */
  readonly follow: 'current' | 'exact'
  readonly slots: readonly Slot[]
}

/** Mostly an object; a text in lists such as `HumanName.given`. */
type Item = unknown

/**
 * The resource after a draft: `stored` is undefined when there is none yet. Returns the very
 * `stored` object when nothing changes, so that the caller can skip the write.
 */
export function applyDraft(stored: Resource | undefined, draft: Draft): Resource {
  const start = (stored ?? { resourceType: draft.type }) as Resource
  let resource: Resource = start
  for (const slot of draft.slots) resource = applySlot(resource, slot)
  return stored !== undefined && sameJson(stored, resource) ? stored : resource
}

function applySlot(resource: Resource, slot: Slot): Resource {
  const current = valueAt(resource, slot.path)
  const next = nextValue(current, slot)
  if (next === current) return resource
  return withValueAt(resource, slot.path, next)
}

function nextValue(current: unknown, slot: Slot): unknown {
  const isList = slot.claim !== undefined || !['default', 'replace'].includes(slot.mode)
  if (isList) return nextItems(listOf(current, slot.path), listOf(slot.value, slot.path), slot)
  return slot.mode === 'replace' || isEmpty(current) ? slot.value : current
}

/** A single value where a list belongs is a bug in a rule: going on would destroy the value. */
function listOf(value: unknown, path: string): readonly Item[] {
  if (value === undefined || value === null) return []
  assert(Array.isArray(value), `a list belongs at ${path}`)
  return value
}

function nextItems(before: readonly Item[], given: readonly Item[], slot: Slot): readonly Item[] {
  const { claim = {}, atTime } = slot
  const isOwned = (item: Item): boolean =>
    Object.entries(claim).every(([path, value]) => valueAt(item, path) === value)
  assert(given.every(isOwned), `every item given at ${slot.path} must match the claim of the slot`)
  switch (slot.mode) {
    case 'replace':
      return replaceOwned(before, given, isOwned)
    case 'default':
      return before.some(isOwned) ? before : [...before, ...given]
    case 'union':
      return given.reduce(unite, before)
    case 'succeed':
      return succeed(before, given, atTime)
    case 'revert':
      return revert(before, given)
  }
}

/** Owned items go, the given ones take the place of the first of them. */
function replaceOwned(
  before: readonly Item[],
  given: readonly Item[],
  isOwned: (item: Item) => boolean,
): readonly Item[] {
  const at = before.findIndex(isOwned)
  // Everything before the first owned item is kept, so its position is the place among the kept.
  const kept = before.filter((item) => !isOwned(item))
  const place = at === -1 ? kept.length : at
  return [...kept.slice(0, place), ...given, ...kept.slice(place)]
}

function unite(items: readonly Item[], item: Item): readonly Item[] {
  const isKeyed =
    typeof partOf(item, 'system') === 'string' && typeof partOf(item, 'value') === 'string'
  const at = items.findIndex((one) =>
    isKeyed
      ? partOf(one, 'system') === partOf(item, 'system') &&
        partOf(one, 'value') === partOf(item, 'value')
      : sameJson(one, item),
  )
  if (at === -1) return [...items, item]
  return isKeyed ? items.with(at, { ...membersOf(items[at]), ...membersOf(item) }) : items
}

const membersOf = (item: Item): Readonly<Record<string, unknown>> => (isObject(item) ? item : {})
const partOf = (item: Item, name: string): unknown => membersOf(item)[name]
const isOpen = (item: Item): boolean => partOf(item, 'status') === 'active'
const isSamePlace = (one: Item, other: Item): boolean =>
  sameJson(partOf(one, 'location'), partOf(other, 'location'))

function succeed(
  before: readonly Item[],
  given: readonly Item[],
  atTime: string | undefined,
): readonly Item[] {
  const opening = given.filter(
    (item) => !before.some((one) => sameJson(one, item) || (isOpen(one) && isSamePlace(one, item))),
  )
  if (opening.length === 0) return before
  const end = atTime === undefined ? {} : { end: atTime }
  const ended = before.map((item) =>
    isOpen(item) && !given.some((one) => isSamePlace(one, item))
      ? withPeriod({ ...membersOf(item), status: 'completed' }, { ...periodOf(item), ...end })
      : item,
  )
  return [...ended, ...opening]
}

function revert(before: readonly Item[], given: readonly Item[]): readonly Item[] {
  assert(given.length <= 1, 'a history goes back to one item')
  const target = given[0]
  if (target === undefined) return before
  if (before.some((one) => isOpen(one) && isSamePlace(one, target))) return before
  const past = before.filter((item) => !isOpen(item))
  const at = past.findLastIndex((item) => isSamePlace(item, target))
  if (at === -1) return [...past, { ...membersOf(target), status: 'active' }]
  const { end: _end, ...period } = periodOf(past[at])
  return past.with(at, withPeriod({ ...membersOf(past[at]), status: 'active' }, period))
}

const periodOf = (item: Item): Readonly<Record<string, unknown>> =>
  membersOf(partOf(item, 'period'))
const withPeriod = (item: object, period: object): object => withValueAt(item, 'period', period)

/** Every draft reference in a resource replaced by what `resolve` gives for its name. */
export function resolveReferences<T>(value: T, resolve: (name: string) => string | undefined): T {
  if (Array.isArray(value)) return value.map((item) => resolveReferences(item, resolve)) as T
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, inner]) => {
    if (key !== 'reference' || typeof inner !== 'string' || !inner.startsWith(DRAFT_SCHEME)) {
      return [key, resolveReferences(inner, resolve)]
    }
    return [key, resolve(inner.slice(DRAFT_SCHEME.length)) ?? inner]
  })
  return Object.fromEntries(entries) as T
}
