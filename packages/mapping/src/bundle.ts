/**
 * Drafts as one collection Bundle, for `almoner convert`: each resource as its draft alone makes
 * it. The same message always gives the same Bundle. Source: FHIR R4 Bundle; RFC 9562 (UUID).
 */
import { createHash } from 'node:crypto'
import {
  applyDraft,
  type Bundle,
  type BundleEntry,
  type Draft,
  resolveReferences,
} from '@almoner/fhir'

export function draftsToBundle(drafts: readonly Draft[]): Bundle {
  const urls = new Map(drafts.map((draft) => [draft.name, urlOf(draft)]))
  const entry = drafts.map(
    (draft): BundleEntry => ({
      fullUrl: urlOf(draft),
      resource: resolveReferences(applyDraft(undefined, draft), (name) => urls.get(name)),
    }),
  )
  return { resourceType: 'Bundle', type: 'collection', ...(entry.length > 0 ? { entry } : {}) }
}

/** A UUID (version 8) from the name and the numbers of the draft. */
function urlOf({ name, type, identity }: Draft): string {
  const keys = identity.map(({ system, value }) => [system, value])
  const hash = createHash('sha256')
    .update(JSON.stringify([name, type, keys]))
    .digest()
  hash[6] = (hash[6]! & 0x0f) | 0x80
  hash[8] = (hash[8]! & 0x3f) | 0x80
  const hex = hash.toString('hex')
  const groups = [
    [0, 8],
    [8, 12],
    [12, 16],
    [16, 20],
    [20, 32],
  ] as const
  return `urn:uuid:${groups.map(([from, to]) => hex.slice(from, to)).join('-')}`
}
