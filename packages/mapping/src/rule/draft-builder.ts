/**
 * A draft while rules write it. A builder that `fills` only adds to what nobody stated yet: a
 * result message must not overwrite what the patient administration system says.
 */
import type { Draft, IdentityKey, ResourceType, Slot } from '@almoner/fhir'

export type DraftBuilder = Draft & {
  readonly identity: IdentityKey[]
  readonly slots: Slot[]
  readonly fills: boolean
}

export type DraftOptions = {
  readonly name: string
  readonly type: ResourceType
  readonly ifUnidentified: Draft['ifUnidentified']
  readonly follow?: Draft['follow']
  readonly fills?: boolean
  readonly identity?: IdentityKey[]
}

export const createDraft = (options: DraftOptions): DraftBuilder => ({
  name: options.name,
  type: options.type,
  identity: options.identity ?? [],
  ifUnidentified: options.ifUnidentified,
  follow: options.follow ?? 'current',
  slots: [],
  fills: options.fills ?? false,
})

/** The draft as others see it. */
export const finishDraft = (builder: DraftBuilder): Draft => ({
  name: builder.name,
  type: builder.type,
  identity: builder.identity,
  ifUnidentified: builder.ifUnidentified,
  follow: builder.follow,
  slots: builder.slots,
})

export type Claim = Readonly<Record<string, string>>

/**
 * States a value or the items of an array; undefined or no items delete it. Returns the slot that
 * holds it, or undefined where a filling draft states nothing.
 */
export function setSlot(
  draft: DraftBuilder,
  path: string,
  value: unknown,
  claim?: Claim,
): Slot | undefined {
  if (draft.fills) return fillSlot(draft, path, value)
  const slot: Slot =
    claim === undefined ? { path, mode: 'replace', value } : { path, mode: 'replace', value, claim }
  draft.slots.push(slot)
  return slot
}

/** A default has no claim, so that all items of one array must stand in one slot. */
function fillSlot(draft: DraftBuilder, path: string, value: unknown): Slot | undefined {
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return undefined
  if (Array.isArray(value)) {
    const same = draft.slots.find((slot) => slot.path === path && slot.mode === 'default')
    if (same !== undefined && Array.isArray(same.value)) {
      same.value.push(...value)
      return same
    }
  }
  const slot: Slot = { path, mode: 'default', value }
  draft.slots.push(slot)
  return slot
}

/** Deleting an element is the same slot in every draft. It is no place for a mark. */
const CLEARING = new Map<string, Slot>()

/** Deletes an element that the message says nothing of, because another one excludes it. */
export function clearSlot(draft: DraftBuilder, path: string): void {
  if (draft.fills) return
  let slot = CLEARING.get(path)
  if (slot === undefined) {
    slot = { path, mode: 'replace', value: undefined }
    CLEARING.set(path, slot)
  }
  draft.slots.push(slot)
}

/** Items that join what is there, whoever sent it. */
export function uniteSlot(draft: DraftBuilder, path: string, items: readonly unknown[]): void {
  if (items.length > 0) draft.slots.push({ path, mode: 'union', value: items })
}

/** A value for a resource that has none. */
export function defaultSlot(draft: DraftBuilder, path: string, value: unknown): void {
  draft.slots.push({ path, mode: 'default', value })
}
