/** SQLite's failures as ours. Source: sqlite.org/rescode.html. */
import { isAlmonerError } from '@almoner/core'
import { STORE_ERRORS } from './errors.ts'

const SQLITE_BUSY = 5
const SQLITE_READONLY = 8
const SQLITE_IOERR = 10
const SQLITE_CORRUPT = 11
const SQLITE_FULL = 13
const SQLITE_CANTOPEN = 14
const SQLITE_NOTADB = 26

/** The expected failure behind what SQLite threw; anything else is a bug of ours and stays itself. */
export function storeFailure(thrown: unknown): unknown {
  if (!(thrown instanceof Error) || !('errcode' in thrown)) return thrown
  // Extended result codes carry the primary code in their low byte.
  switch (Number(thrown.errcode) & 0xff) {
    case SQLITE_BUSY:
      return STORE_ERRORS.error('STORE_BUSY', { cause: thrown })
    case SQLITE_FULL:
      return STORE_ERRORS.error('STORE_FULL', { cause: thrown })
    case SQLITE_READONLY:
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
      return STORE_ERRORS.error('STORE_UNWRITABLE', { cause: thrown })
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return STORE_ERRORS.error('STORE_BROKEN', { cause: thrown })
    default:
      return thrown
  }
}

/** After a failed sync nothing is known of what reached the disk: only a restart is safe. */
export const isFatal = (error: unknown): boolean =>
  isAlmonerError(error) && (error.code === 'STORE_UNWRITABLE' || error.code === 'STORE_BROKEN')
