/** Opens the SQLite file with the settings that durability and concurrency need. */
import { DatabaseSync } from 'node:sqlite'
import { STORE_ERRORS } from './errors.ts'
import { sqliteFailure } from './sqlite-failure.ts'

/**
 * WAL with `synchronous=FULL`: a commit returns only after its fsync. `pagesMax` bounds the file
 * (4 KiB pages); beyond it a write fails with STORE_FULL.
 * @throws STORE_UNWRITABLE, STORE_BROKEN
 */
export function openSqliteFile(
  file: string,
  mode: 'read' | 'write',
  pagesMax?: number,
): DatabaseSync {
  try {
    const database = new DatabaseSync(file, { readOnly: mode === 'read' })
    database.exec('pragma busy_timeout = 5000')
    if (mode === 'write') {
      database.exec('pragma journal_mode = wal')
      database.exec('pragma synchronous = full')
      // What is deleted is overwritten: retention must not leave sealed records behind.
      database.exec('pragma secure_delete = fast')
      if (pagesMax !== undefined) database.exec(`pragma max_page_count = ${pagesMax}`)
    }
    return database
  } catch (thrown) {
    throw sqliteFailure(thrown) ?? STORE_ERRORS.error('STORE_UNWRITABLE', { cause: thrown })
  }
}
