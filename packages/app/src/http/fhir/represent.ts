/** Stored resources as the API gives them: resources with meta, and searchset Bundles. */
import type { Bundle, BundleEntry, OperationOutcome, Resource } from '@almoner/fhir'
import type { StoredResource } from '@almoner/store'

/** The resource with the version and time that the store vouches for. */
export function represent(stored: StoredResource): Resource {
  const { resourceType: _type, id: _id, meta, ...rest } = stored.resource
  const version = {
    versionId: String(stored.version),
    lastUpdated: new Date(stored.updatedAtMs).toISOString(),
  }
  // Spreading a union of resource types loses which one it was; nothing but meta was changed.
  return {
    resourceType: stored.type,
    id: stored.id,
    meta: { ...meta, ...version },
    ...rest,
  } as Resource
}

export const entityTag = (stored: StoredResource): string => `W/"${stored.version}"`

/** Whether an If-None-Match header names the version. Source: RFC 9110 section 13.1.2 (weak). */
export function matchesTag(header: string | undefined, stored: StoredResource): boolean {
  if (header === undefined) return false
  const names = header.split(',').map((one) => one.trim().replace(/^W\//, ''))
  return names.includes('*') || names.includes(`"${stored.version}"`)
}

export function searchset(given: {
  readonly baseUrl: string
  readonly found: readonly StoredResource[]
  readonly self: string
  readonly next: string | undefined
  readonly warning: OperationOutcome | undefined
}): Bundle {
  const entry: BundleEntry[] = given.found.map((stored) => ({
    fullUrl: `${given.baseUrl}/${stored.type}/${stored.id}`,
    resource: represent(stored),
    search: { mode: 'match' },
  }))
  if (given.warning !== undefined) {
    entry.push({ resource: given.warning, search: { mode: 'outcome' } })
  }
  return {
    resourceType: 'Bundle',
    type: 'searchset',
    link: [
      { relation: 'self', url: given.self },
      ...(given.next === undefined ? [] : [{ relation: 'next', url: given.next }]),
    ],
    // FHIR has no empty arrays: a search without a match has no entry at all.
    ...(entry.length === 0 ? {} : { entry }),
  }
}
