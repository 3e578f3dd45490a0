/** Opens the SQLite file with the settings that durability and concurrency need. */
import { chmodSync, closeSync, constants, fsyncSync, mkdirSync, openSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { isAlmonerError } from '@almoner/core'
import { STORE_ERRORS } from './errors.ts'
import { storeFailure } from './sqlite-failure.ts'

/**
 * WAL with `synchronous=FULL`: a commit returns only after its fsync. `pagesMax` bounds the file
 * (4 KiB pages); beyond it a write fails with STORE_FULL.
 * @throws STORE_UNWRITABLE, STORE_BROKEN, STORE_FULL, STORE_BUSY
 */
export function openSqliteFile(
  file: string,
  mode: 'read' | 'write',
  pagesMax?: number,
): DatabaseSync {
  return reachingFile(() => {
    if (mode === 'write') makePrivate(file)
    const database = new DatabaseSync(file, { readOnly: mode === 'read', timeout: BUSY_MS })
    if (mode === 'write') {
      database.exec('pragma journal_mode = wal')
      database.exec('pragma synchronous = full')
      // On macOS only this reaches the disk itself; elsewhere it changes nothing.
      database.exec('pragma fullfsync = on')
      database.exec(`pragma cache_size = -${CACHE_KIB}`)
      database.exec(`pragma wal_autocheckpoint = ${CHECKPOINT_PAGES}`)
      // What is deleted inside a page is overwritten. A page that falls free is not: it holds
      // sealed bytes and blind keys only.
      database.exec('pragma secure_delete = fast')
      if (pagesMax !== undefined) database.exec(`pragma max_page_count = ${pagesMax}`)
    }
    return database
  })
}

/** Holds the busy pages of the indexes: with the default of 2 MB they are read again and again. */
const CACHE_KIB = 16 * 1024

/** The checkpointer thread is far quicker than this; it bounds the log (40 MB) if it is not. */
const CHECKPOINT_PAGES = 10_000

/** A backup or a shell may hold the file for a moment; longer than this is a failure. */
const BUSY_MS = 5_000

/** SQLite gives its other files the rights of this one, so it must have them from the start. */
function makePrivate(file: string): void {
  closeSync(openSync(file, 'a', 0o600))
  chmodSync(file, 0o600)
}

/**
 * Makes the folder when it is not there, for this account alone, so that it survives a power cut.
 * @throws STORE_UNWRITABLE
 */
export function makeFolder(folder: string): void {
  reachingFile(() => {
    const made = mkdirSync(resolve(folder), { recursive: true, mode: 0o700 })
    // Windows cannot open a folder, and makes names durable by itself.
    if (made === undefined || process.platform === 'win32') return
    // The name of each new folder lies in the one around it.
    for (let inner = resolve(folder); inner.startsWith(made); inner = dirname(inner)) {
      const outer = openSync(dirname(inner), constants.O_RDONLY)
      fsyncSync(outer)
      closeSync(outer)
    }
  })
}

/** Runs what reaches for the file, and gives what goes wrong there its name. */
export function reachingFile<Result>(reach: () => Result): Result {
  try {
    return reach()
  } catch (thrown) {
    const failure = storeFailure(thrown)
    if (isAlmonerError(failure)) throw failure
    throw STORE_ERRORS.error('STORE_UNWRITABLE', { cause: thrown })
  }
}
