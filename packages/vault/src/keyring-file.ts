/**
 * The keyring file on disk. It is readable by its owner alone, never half written, and once a
 * call returns it survives a power cut: losing a key loses all that it sealed.
 */
import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  type Stats,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { Random } from '@almoner/core'
import { VAULT_ERRORS } from './errors.ts'

/** Far more than any number of keys needs; a larger file is not a keyring. */
const FILE_BYTES_MAX = 4 * 1024 * 1024
const FILE_MODE = 0o600
const FOLDER_MODE = 0o700
/** Everything but reading and writing by the owner. */
const MODE_REFUSED = 0o777 & ~FILE_MODE

/**
 * @throws VAULT_KEYRING_MISSING, VAULT_KEYRING_MODE, VAULT_KEYRING_BROKEN
 */
export function readKeyringFile(file: string): string {
  let descriptor: number
  try {
    // Without O_NONBLOCK a pipe in the place of the file would block the process for ever.
    descriptor = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  } catch (cause) {
    if (hasCode(cause, 'ENOENT')) throw VAULT_ERRORS.error('VAULT_KEYRING_MISSING', { cause })
    throw VAULT_ERRORS.error('VAULT_KEYRING_BROKEN', { where: 'not readable', cause })
  }
  try {
    const stats = fstatSync(descriptor)
    if (!stats.isFile()) throw VAULT_ERRORS.error('VAULT_KEYRING_BROKEN', { where: 'not a file' })
    checkPrivacy(stats)
    if (stats.size > FILE_BYTES_MAX) {
      throw VAULT_ERRORS.error('VAULT_KEYRING_BROKEN', { where: 'too large' })
    }
    return readFileSync(descriptor, 'utf8')
  } finally {
    closeSync(descriptor)
  }
}

/**
 * Makes the file if there is none. When another process or thread made it first, theirs stands.
 * @throws VAULT_KEYRING_UNWRITABLE
 */
export function createKeyringFile(file: string, text: string, random: Random): void {
  try {
    const folder = dirname(resolve(file))
    const made = mkdirSync(folder, { recursive: true, mode: FOLDER_MODE })
    const temporary = writeTemporary(file, text, random)
    try {
      // A link refuses to replace what is there, which a rename would do.
      linkSync(temporary, file)
    } catch (cause) {
      if (!hasCode(cause, 'EEXIST')) throw cause
    } finally {
      unlinkSync(temporary)
    }
    syncFolders(folder, made === undefined ? folder : dirname(made))
  } catch (cause) {
    throw VAULT_ERRORS.error('VAULT_KEYRING_UNWRITABLE', { cause })
  }
}

/**
 * Replaces the file whole. The caller holds the lock.
 * @throws VAULT_KEYRING_UNWRITABLE
 */
export function replaceKeyringFile(file: string, text: string, random: Random): void {
  try {
    // Through the real path, so that a link stays a link.
    const target = realpathSync(file)
    const temporary = writeTemporary(target, text, random)
    try {
      renameSync(temporary, target)
    } catch (cause) {
      unlinkSync(temporary)
      throw cause
    }
    syncFolders(dirname(target), dirname(target))
  } catch (cause) {
    throw VAULT_ERRORS.error('VAULT_KEYRING_UNWRITABLE', { cause })
  }
}

/**
 * Runs `change` while no other process or thread changes the keyring. Never waits.
 * @throws VAULT_KEYRING_BUSY, VAULT_KEYRING_UNWRITABLE and what `change` throws
 */
export function withKeyringLock<Result>(file: string, change: () => Result): Result {
  const lock = `${file}.lock`
  try {
    closeSync(openSync(lock, 'wx', FILE_MODE))
  } catch (cause) {
    if (hasCode(cause, 'EEXIST')) throw VAULT_ERRORS.error('VAULT_KEYRING_BUSY', { cause })
    throw VAULT_ERRORS.error('VAULT_KEYRING_UNWRITABLE', { cause })
  }
  try {
    return change()
  } finally {
    unlinkSync(lock)
  }
}

function checkPrivacy(stats: Stats): void {
  // Windows has neither: there the folder's access list is the operator's part.
  const user = process.getuid?.()
  if (user === undefined) return
  if (stats.uid !== user) throw VAULT_ERRORS.error('VAULT_KEYRING_MODE', { where: 'owner' })
  if ((stats.mode & MODE_REFUSED) !== 0) {
    throw VAULT_ERRORS.error('VAULT_KEYRING_MODE', { where: 'mode' })
  }
}

/** The path of a new file beside `file` that holds `text` and is on disk. */
function writeTemporary(file: string, text: string, random: Random): string {
  const temporary = `${file}.${Buffer.from(random.bytes(8)).toString('hex')}.new`
  const descriptor = openSync(temporary, 'wx', FILE_MODE)
  try {
    fchmodSync(descriptor, FILE_MODE)
    writeFileSync(descriptor, text)
    fsyncSync(descriptor)
  } catch (cause) {
    unlinkSync(temporary)
    throw cause
  } finally {
    closeSync(descriptor)
  }
  return temporary
}

/** Makes the names durable: from the folder of the file up to one that was there before. */
function syncFolders(from: string, upTo: string): void {
  // Windows cannot open a folder, and makes names durable by itself.
  if (process.platform === 'win32') return
  for (let folder = from; ; folder = dirname(folder)) {
    const descriptor = openSync(folder, constants.O_RDONLY)
    try {
      fsyncSync(descriptor)
    } finally {
      closeSync(descriptor)
    }
    if (folder === upTo || folder === dirname(folder)) return
  }
}

const hasCode = (thrown: unknown, code: string): boolean =>
  thrown instanceof Error && 'code' in thrown && thrown.code === code
