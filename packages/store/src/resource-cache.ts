/**
 * Opened resources of the writer, so that a busy record is not unsealed and parsed for each
 * message. A version never changes its content, so row and version together are a safe key; what
 * a transaction put here is forgotten when it fails, because that version never came to be.
 */
import type { Resource } from '@almoner/fhir'

export type ResourceCache = {
  readonly get: (rid: number, version: number) => Resource | undefined
  readonly set: (rid: number, version: number, entry: CachedResource) => void
  /** The transaction committed. */
  readonly keep: () => void
  /** The transaction, or a unit of it, was rolled back. */
  readonly forget: () => void
}

export type CachedResource = {
  readonly resource: Resource
  /** Of its sealed record: what it takes in memory is a small multiple of that. */
  readonly sizeBytes: number
}

/** The entries used longest ago go first when all together are larger than `sizeBytesMax`. */
export function createResourceCache(sizeBytesMax: number): ResourceCache {
  const entries = new Map<number, CachedResource & { readonly version: number }>()
  const uncommitted = new Set<number>()
  let sizeBytes = 0

  const remove = (rid: number): void => {
    sizeBytes -= entries.get(rid)?.sizeBytes ?? 0
    entries.delete(rid)
  }

  return {
    get: (rid, version) => {
      const found = entries.get(rid)
      if (found?.version !== version) return undefined
      entries.delete(rid)
      entries.set(rid, found)
      return found.resource
    },
    set: (rid, version, entry) => {
      remove(rid)
      uncommitted.add(rid)
      entries.set(rid, { ...entry, version })
      sizeBytes += entry.sizeBytes
      for (const oldest of entries.keys()) {
        if (sizeBytes <= sizeBytesMax) break
        remove(oldest)
      }
    },
    keep: () => uncommitted.clear(),
    forget: () => {
      for (const rid of uncommitted) remove(rid)
      uncommitted.clear()
    },
  }
}
