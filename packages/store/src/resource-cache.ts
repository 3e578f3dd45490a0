/**
 * Opened resources of the writer, so that a busy record is not unsealed and parsed for each
 * message. A version never changes its content, so id and version together are a safe key; after
 * a rollback the cache is emptied, because that version never came to be.
 */
import type { Resource } from '@almoner/fhir'

export type ResourceCache = {
  readonly get: (rid: number, version: number) => Resource | undefined
  readonly set: (rid: number, version: number, resource: Resource) => void
  readonly clear: () => void
}

export function createResourceCache(entriesMax: number): ResourceCache {
  const entries = new Map<number, { readonly version: number; readonly resource: Resource }>()
  return {
    get: (rid, version) => {
      const found = entries.get(rid)
      return found?.version === version ? found.resource : undefined
    },
    set: (rid, version, resource) => {
      entries.delete(rid)
      entries.set(rid, { version, resource })
      if (entries.size > entriesMax) entries.delete(entries.keys().next().value!)
    },
    clear: () => entries.clear(),
  }
}
