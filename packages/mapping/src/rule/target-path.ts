/**
 * Where a value stands: rules mark a leaf with the object that holds its value; the path of that
 * object is found in the resource that its draft makes alone.
 */
import {
  applyDraft,
  type Draft,
  isObject,
  type Resource,
  type Slot,
  sameJson,
  valueAt,
} from '@almoner/fhir'

/** Path of `holder[key]`, or undefined when it is in no resource. */
export type TargetPath = (holder: unknown, key: string | number) => string | undefined

type Paths = Map<unknown, string>

export function createTargetPaths(drafts: readonly Draft[]): TargetPath {
  const paths: Paths = new Map()
  for (const draft of drafts) {
    const resource = applyDraft(undefined, draft)
    walk(resource, draft.name, paths)
    for (const slot of draft.slots) {
      const path = `${draft.name}.${bracketed(slot.path)}`
      // Drafts share slots: a result has the time of its report.
      if (!paths.has(slot)) paths.set(slot, path)
      if (slot.mode === 'union') findJoined(resource, slot, path, paths)
    }
  }
  return (holder, key) => {
    const path = paths.get(holder)
    if (path === undefined || key === '') return path
    return typeof key === 'number' ? `${path}[${key}]` : `${path}.${bracketed(key)}`
  }
}

/** `type.0.coding` → `type[0].coding`. */
const bracketed = (path: string): string => path.replaceAll(/\.(\d+)(?=\.|$)/g, '[$1]')

/** An item that equals one before it is not repeated: its values stand in that one. */
function findJoined(resource: Resource, slot: Slot, path: string, paths: Paths): void {
  const held = valueAt(resource, slot.path)
  if (!Array.isArray(held) || !Array.isArray(slot.value)) return
  for (const item of slot.value) {
    if (!isObject(item) || paths.has(item)) continue
    const at = held.findIndex((one) => sameJson(one, item))
    if (at !== -1) walk(item, `${path}[${at}]`, paths)
  }
}

/** The first place of an object counts: what is shared is the same object twice. */
function walk(value: unknown, path: string, paths: Paths): void {
  if (Array.isArray(value)) {
    if (!paths.has(value)) paths.set(value, path)
    value.forEach((item, index) => {
      walk(item, `${path}[${index}]`, paths)
    })
  } else if (isObject(value)) {
    if (!paths.has(value)) paths.set(value, path)
    for (const [key, inner] of Object.entries(value)) walk(inner, `${path}.${key}`, paths)
  }
}
