/**
 * Where a value stands: rules mark a leaf with the object that holds its value; the path of that
 * object is found in the resource that its draft makes alone.
 */
import { applyDraft, type Draft, isObject } from '@almoner/fhir'

export type TargetPath = (holder: unknown, key: string | number) => string | undefined

export function createTargetPaths(drafts: readonly Draft[]): TargetPath {
  const paths = new Map<unknown, string>()
  for (const draft of drafts) {
    walk(applyDraft(undefined, draft), draft.name, paths)
    for (const slot of draft.slots) paths.set(slot, `${draft.name}.${bracketed(slot.path)}`)
  }
  return (holder, key) => {
    const path = paths.get(holder)
    if (path === undefined) return undefined
    if (key === '') return path
    return typeof key === 'number' ? `${path}[${key}]` : `${path}.${bracketed(key)}`
  }
}

/** `type.0.coding` → `type[0].coding`. */
const bracketed = (path: string): string => path.replaceAll(/\.(\d+)(?=\.|$)/g, '[$1]')

/** The first place of an object counts: what is shared is the same object twice. */
function walk(value: unknown, path: string, paths: Map<unknown, string>): void {
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
