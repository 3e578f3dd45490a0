/** Opens the store of a site for a command that looks or decides, beside a running site or not. */
import { createLog, systemPorts } from '@almoner/core'
import type { Site } from '@almoner/engine'
import { openSqliteStore, type Store } from '@almoner/store'
import type { CommandInput, Flag } from './command.ts'
import { loadSite, storageFolder, usualPorts } from './load-site.ts'

export const STORAGE_FLAG: Flag = {
  type: 'string',
  value: 'FOLDER',
  doc: 'data folder, instead of the site’s own',
}

/** Runs `use` with the open store and closes it whatever happens. */
export async function withSiteStore<Result>(
  path: string,
  input: CommandInput,
  use: (store: Store, site: Site) => Promise<Result>,
): Promise<Result> {
  const { site } = await loadSite(path, usualPorts)
  const folder = input.text('storage') ?? storageFolder(site)
  const log = createLog({ level: 'error' })
  const store = openSqliteStore({ folder, tenant: site.name, ports: systemPorts, log })
  try {
    return await use(store, site)
  } finally {
    await store.close()
  }
}
