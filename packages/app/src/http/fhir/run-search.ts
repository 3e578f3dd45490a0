/** Runs a search page by page over the audited view. Order is by id, so a page never shifts. */
import { isObject } from '@almoner/fhir'
import type { StoredResource, View } from '@almoner/store'
import type { SearchRequest } from './search-request.ts'
import type { Token } from './token-parameter.ts'

export type SearchPage = {
  readonly found: readonly StoredResource[]
  /** Set when there may be more: the next page starts after this id. */
  readonly nextAfterId: string | undefined
}

/** A page may come short when much is filtered out; its next link still leads on. */
const ROUNDS_MAX = 10

/**
 * The store takes one row of identifiers; further rows (a repeated parameter) and "no system" are
 * checked here on what it found. Reads at most ROUNDS_MAX × (count + 1) resources.
 */
export async function runSearch(view: View, request: SearchRequest): Promise<SearchPage> {
  const [first, ...others] = request.identifier
  const isExactFirst = first?.some((token) => token.system === '') === true
  const checks = isExactFirst ? [first, ...others] : others
  const countMax = request.count + 1
  const found: StoredResource[] = []
  let afterId = request.afterId
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const rows = await view.search({
      type: request.type,
      ...(first === undefined ? {} : { identifier: first }),
      ...(request.ids === undefined ? {} : { id: request.ids }),
      ...(request.patients === undefined ? {} : { patient: request.patients }),
      countMax,
      ...(afterId === undefined ? {} : { afterId }),
    })
    for (const row of rows) {
      if (found.length === request.count) return { found, nextAfterId: afterId }
      afterId = row.id
      if (checks.every((tokens) => hasIdentifier(row, tokens))) found.push(row)
    }
    if (rows.length < countMax) return { found, nextAfterId: undefined }
  }
  return { found, nextAfterId: afterId }
}

function hasIdentifier(row: StoredResource, tokens: readonly Token[]): boolean {
  const held = 'identifier' in row.resource ? row.resource.identifier : undefined
  const identifiers = Array.isArray(held) ? held : [held]
  return identifiers.some((identifier: unknown) => {
    if (!isObject(identifier)) return false
    const { system, value } = identifier
    return tokens.some(
      (token) =>
        token.value === value && (token.system === undefined || token.system === (system ?? '')),
    )
  })
}
