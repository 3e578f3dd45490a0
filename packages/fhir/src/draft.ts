/**
 * A draft says what one message knows about one resource: how to find it, and what to change in
 * it. Absent means "leave as it is", so a draft is a list of slots and not a whole resource. The
 * store merges it with what it holds, inside the transaction that commits the message.
 */
import { sameJson, valueAt, withValueAt } from './json.ts'
import type { Identifier, Resource, ResourceType } from './types.ts'

/** A reference to another draft of the same message; the commit puts the real reference there. */
export const draftReference = (name: string): string => `${DRAFT_SCHEME}${name}`
export const DRAFT_SCHEME = 'urn:draft:'

export type SlotMode =
  /** The slot's items or value take the place of what the slot owned. Empty: it is deleted. */
  | 'replace'
  /** Items join; one with the same `system` and `value` (or else an equal one) is not repeated. */
  | 'union'
  /** Set only where the stored resource has nothing. */
  | 'default'
  /** For a history kept inside a resource: open items end at `atTime`, the new one follows. */
  | 'succeed'
  /** The open items go, the latest item equal in `location` opens again, else it is appended. */
  | 'revert'

export type Slot = {
  /** Dotted path of the element from the resource: `telecom`, `hospitalization.admitSource`. */
  readonly path: string
  readonly mode: SlotMode
  /** The value of a single element, or the items of an array; undefined deletes. */
  readonly value: unknown
  /** In an array, the slot owns only items with these values at these dotted paths. */
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

type Item = { readonly [key: string]: unknown }

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
  if (slot.mode === 'default') return current === undefined ? slot.value : current
  if (slot.mode === 'replace' && slot.claim === undefined) {
    return Array.isArray(slot.value) && slot.value.length === 0 ? undefined : slot.value
  }
  const before = (Array.isArray(current) ? current : []) as readonly Item[]
  const given = (slot.value === undefined ? [] : slot.value) as readonly Item[]
  const after = nextItems(before, given, slot)
  return after.length === 0 ? undefined : after
}

function nextItems(before: readonly Item[], given: readonly Item[], slot: Slot): readonly Item[] {
  switch (slot.mode) {
    case 'union':
      return given.reduce(unite, before)
    case 'succeed':
      return succeed(before, given, slot.atTime)
    case 'revert':
      return revert(before, given)
    default:
      return replaceClaimed(before, given, slot.claim ?? {})
  }
}

/** Owned items go, the given ones take the place of the first of them. */
function replaceClaimed(
  before: readonly Item[],
  given: readonly Item[],
  claim: Readonly<Record<string, string>>,
): readonly Item[] {
  const isOwned = (item: Item): boolean =>
    Object.entries(claim).every(([path, value]) => valueAt(item, path) === value)
  const at = before.findIndex(isOwned)
  const kept = before.filter((item) => !isOwned(item))
  const place = at === -1 ? kept.length : before.slice(0, at).filter((i) => !isOwned(i)).length
  return [...kept.slice(0, place), ...given, ...kept.slice(place)]
}

function unite(items: readonly Item[], item: Item): readonly Item[] {
  const { system, value } = item as Partial<Identifier>
  const hasKey = typeof system === 'string' && typeof value === 'string'
  const at = items.findIndex((one) =>
    hasKey ? one['system'] === system && one['value'] === value : sameJson(one, item),
  )
  return at === -1 ? [...items, item] : items.with(at, { ...items[at], ...item })
}

const isOpen = (item: Item): boolean => item['status'] === 'active'

function succeed(
  before: readonly Item[],
  given: readonly Item[],
  atTime: string | undefined,
): readonly Item[] {
  const opening = given.filter(
    (item) => !before.some((one) => isOpen(one) && sameJson(one['location'], item['location'])),
  )
  if (opening.length === 0) return before
  const ended = before.map((item) => {
    if (!isOpen(item)) return item
    const period = {
      ...(item['period'] as object),
      ...(atTime === undefined ? {} : { end: atTime }),
    }
    return { ...item, status: 'completed', ...(Object.keys(period).length > 0 ? { period } : {}) }
  })
  return [...ended, ...opening]
}

function revert(before: readonly Item[], given: readonly Item[]): readonly Item[] {
  const target = given[0]
  if (target === undefined) return before
  if (before.some((one) => isOpen(one) && sameJson(one['location'], target['location']))) {
    return before
  }
  const past = before.filter((item) => !isOpen(item))
  const at = past.findLastIndex((item) => sameJson(item['location'], target['location']))
  if (at === -1) return [...past, target]
  const { end: _end, ...period } = (past[at]!['period'] ?? {}) as Record<string, unknown>
  return past.with(at, {
    ...past[at],
    status: 'active',
    ...(Object.keys(period).length > 0 ? { period } : {}),
  })
}

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
