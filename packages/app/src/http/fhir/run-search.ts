/** One page of a search over the audited view. Order is by id, so a page never shifts. */
import type { StoredResource, View } from '@almoner/store'
import type { SearchRequest } from './search-request.ts'

export type SearchPage = {
  readonly found: readonly StoredResource[]
  /** Set when there is more: the next page starts after this id. */
  readonly nextAfterId: string | undefined
}

/** Asks for one more than the page holds, which tells whether another page follows. */
export async function runSearch(view: View, request: SearchRequest): Promise<SearchPage> {
  const { type, identifier, ids, patients, count, afterId } = request
  const rows = await view.search({
    type,
    identifier: identifier.length === 0 ? undefined : identifier,
    id: ids,
    patient: patients,
    countMax: count + 1,
    afterId,
  })
  const found = rows.slice(0, count)
  return { found, nextAfterId: rows.length > count ? found.at(-1)?.id : undefined }
}
