/** The embedded store: one SQLite file, one writer thread, readers beside it. */

import { join } from 'node:path'
import type { Log, Ports } from '@almoner/core'
import { createVault, openKeyring, type Vault } from '@almoner/vault'
import { startCheckpointer } from './checkpointer.ts'
import { type AccessRow, accessSecretKey, readAccess } from './commands/access.ts'
import type { Store } from './contract.ts'
import { inspectSqliteFile, migrateSqlite } from './migrate.ts'
import { patientKey } from './patient-key.ts'
import { readCounts } from './reads/figures.ts'
import { nextDeliveries, nextMessages, type ReadContext } from './reads/journal.ts'
import { verifyAudit } from './reads/verify-audit.ts'
import { makeFolder, openSqliteFile, reachingFile } from './sqlite-file.ts'
import { sqliteSession } from './sqlite-session.ts'
import { openSqliteTenant } from './sqlite-tenant.ts'
import { statement } from './statement.ts'
import { createView } from './view.ts'
import { startWriter } from './writer.ts'

export type SqliteStoreOptions = {
  /** Made when it does not exist, for this user only (0700). */
  readonly folder: string
  /** The organisation or site whose data this is. */
  readonly tenant: string
  readonly ports: Ports
  readonly log: Log
  /** Called once when writing became impossible; the process should stop and start again. */
  readonly onFatal?: (error: unknown) => void
  /** Bound on the file in 4 KiB pages, for tests of a full store. */
  readonly pagesMax?: number
}

export const DATABASE_FILE = 'almoner.db'
export const KEYRING_FILE = 'keyring.json'

const findAccess = statement<
  { tenant: number; kind: string; secretKey: string; atMs: number },
  AccessRow
>((db, arg) =>
  db
    .selectFrom('access')
    .select(['id', 'kind', 'actor', 'scopes', 'expires_at_ms'])
    .where('tenant', '=', arg('tenant'))
    .where('kind', '=', arg('kind'))
    .where('secret_key', '=', arg('secretKey'))
    .where('ended_at_ms', 'is', null)
    .where('expires_at_ms', '>', arg('atMs')),
)

/**
 * Opens (on first use: makes) the store.
 * @throws VAULT_KEYRING_*, STORE_UNWRITABLE, STORE_FULL, STORE_BUSY, STORE_BROKEN
 */
export function openSqliteStore(options: SqliteStoreOptions): Store {
  const { folder, ports, log } = options
  const file = join(folder, DATABASE_FILE)
  const keyringFile = join(folder, KEYRING_FILE)
  makeFolder(folder)
  const { isNew } = inspectSqliteFile(file)
  // A database without its keys cannot be read again: a new key would only hide that.
  const keyring = openKeyring(keyringFile, { ...ports, create: isNew })
  const vault = createVault(keyring, { random: ports.random })
  const tenant = prepareFile(file, vault, options)
  const reader = openSqliteFile(file, 'read')
  const context: ReadContext = { session: sqliteSession(reader), vault, tenant }
  const checkpointer = startCheckpointer(file, (error) => {
    log.error('store.checkpointer-ended', { code: (error as { code?: string }).code })
  })
  const writer = startWriter({ file, keyringFile, tenant, pagesMax: options.pagesMax }, (error) => {
    log.error('store.stopped', { code: (error as { code?: string }).code })
    options.onFatal?.(error)
  })

  return {
    write: (name, args) => {
      checkpointer.note()
      return writer.write(name, args)
    },
    nextMessages: (state, afterSeq, countMax) => nextMessages(context, state, afterSeq, countMax),
    nextDeliveries: (destination, afterSeq, countMax) =>
      nextDeliveries(context, destination, afterSeq, countMax),
    view: (actor, purpose) => {
      const append = (entries: Parameters<typeof writer.write<'appendAudit'>>[1]) =>
        writer.write('appendAudit', entries)
      return createView({ context, append, nowMs: ports.clock.nowMs }, actor, purpose)
    },
    counts: () => readCounts(context),
    access: async (kind, secret, atMs) => {
      const secretKey = accessSecretKey(vault, kind, secret)
      const row = await context.session.first(findAccess, { tenant, kind, secretKey, atMs })
      return row === undefined ? undefined : readAccess(row)
    },
    verifyAudit: () => verifyAudit(context),
    patientKey: (value) => patientKey(vault, value),
    close: async () => {
      // All refuse from this moment on. Whichever thread is last folds in the log and removes it:
      // a reader could not, so it goes first.
      const closing = [writer.close(), checkpointer.close()]
      if (reader.isOpen) reader.close()
      await Promise.all(closing)
    },
  }
}

/** Brings the schema up to date; returns the tenant's number. */
function prepareFile(file: string, vault: Vault, options: SqliteStoreOptions): number {
  const database = openSqliteFile(file, 'write')
  try {
    return reachingFile(() => {
      migrateSqlite(database, options.ports.clock.nowMs())
      return openSqliteTenant(database, vault, options.tenant)
    })
  } finally {
    database.close()
  }
}
