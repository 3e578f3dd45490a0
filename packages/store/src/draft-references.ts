/**
 * The references that the drafts of one message make to each other, as real references. A draft
 * that was left out (nothing identifies it) has none: what refers to it is left out with it, and
 * so stays in the stored resource as it was.
 */
import assert from 'node:assert/strict'
import { DRAFT_SCHEME, type Draft, isObject, type Slot } from '@almoner/fhir'

export type DraftTargets = {
  /** Every draft of the message. */
  readonly names: ReadonlySet<string>
  /** `Patient/…` of each draft that was not left out. */
  readonly references: ReadonlyMap<string, string>
}

export function resolveDraft(draft: Draft, targets: DraftTargets): Draft {
  const slots = draft.slots.flatMap((slot): readonly Slot[] => {
    const value = resolve(slot.value, targets)
    if (value === slot.value) return [slot]
    return value === undefined ? [] : [{ ...slot, value }]
  })
  return { ...draft, slots }
}

/** The very value when it refers to no draft; undefined when nothing of it remains. */
function resolve(value: unknown, targets: DraftTargets): unknown {
  if (Array.isArray(value)) return resolveItems(value, targets)
  if (!isObject(value)) return value
  let changed: Record<string, unknown> | undefined
  for (const [name, inner] of Object.entries(value)) {
    const next = name === 'reference' ? target(inner, targets) : resolve(inner, targets)
    if (next === inner) continue
    changed ??= { ...value }
    if (next === undefined) delete changed[name]
    else changed[name] = next
  }
  if (changed === undefined) return value
  return Object.keys(changed).length === 0 ? undefined : changed
}

/** An item is there for what it refers to: a place of a stay without its place says nothing. */
function resolveItems(items: readonly unknown[], targets: DraftTargets): unknown {
  const next = items.flatMap((item) => {
    const resolved = resolve(item, targets)
    const hasLost = isObject(item) && isObject(resolved) && hasFewerMembers(resolved, item)
    return resolved === undefined || hasLost ? [] : [resolved]
  })
  if (next.length === items.length && next.every((item, index) => item === items[index])) {
    return items
  }
  return next.length === 0 ? undefined : next
}

const hasFewerMembers = (left: object, right: object): boolean =>
  Object.keys(left).length < Object.keys(right).length

function target(reference: unknown, { names, references }: DraftTargets): unknown {
  if (typeof reference !== 'string' || !reference.startsWith(DRAFT_SCHEME)) return reference
  const name = reference.slice(DRAFT_SCHEME.length)
  assert(names.has(name), `a draft refers to ${name}, which the message does not have`)
  return references.get(name)
}
