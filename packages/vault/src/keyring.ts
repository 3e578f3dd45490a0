/**
 * The open keyring: keys unwrapped and ready, kept where no other room can reach or print them.
 * Opening and sealing only read the file, so any number of threads and processes may share it;
 * a rotation writes it, under a lock and whole. What another process rotated is picked up when a
 * record names a key that is not known here.
 */
import type { KeyObject } from 'node:crypto'
import { type Clock, isAlmonerError, type Random } from '@almoner/core'
import { createDataKey, type DataKey } from './data-key.ts'
import { VAULT_ERRORS } from './errors.ts'
import {
  createKeyringFile,
  readKeyringFile,
  replaceKeyringFile,
  withKeyringLock,
} from './keyring-file.ts'
import {
  activeEntry,
  formatKeyring,
  type KeyEntry,
  type KeyringRecord,
  newEntry,
  newKeyring,
  newWrappingKey,
  parseKeyring,
} from './keyring-record.ts'
import { unwrapKey, wrapKey } from './wrap.ts'

export type Keyring = {
  readonly file: string
}

export type KeyringOptions = {
  readonly random: Random
  /** Make the file with fresh keys when there is none. */
  readonly create: boolean
  /** Dates the keys that are made here; without it the inventory shows no date for them. */
  readonly clock?: Pick<Clock, 'nowMs'> | undefined
}

/** What the vault works with; never leaves this room. */
export type OpenKeys = {
  readonly file: string
  readonly random: Random
  readonly nowMs: () => number | undefined
  record: KeyringRecord
  dataKeys: ReadonlyMap<number, DataKey>
  active: DataKey
  indexKey: KeyObject
}

export type Rotation = 'data-key' | 'wrapping-key'

const openKeysOf = new WeakMap<Keyring, OpenKeys>()

/**
 * Opens the keyring, and with `create` makes it on the first run (file 0600, new folders 0700).
 * @throws VAULT_KEYRING_MISSING, VAULT_KEYRING_MODE, VAULT_KEYRING_BROKEN,
 *   VAULT_KEYRING_UNWRITABLE
 */
export function openKeyring(file: string, options: KeyringOptions): Keyring {
  const { random, clock } = options
  const nowMs = (): number | undefined => clock?.nowMs()
  const text = options.create ? readOrCreate(file, random, nowMs) : readKeyringFile(file)
  const keyring: Keyring = { file }
  openKeysOf.set(keyring, { file, random, nowMs, ...unwrapAll(parseKeyring(text), new Map()) })
  return keyring
}

export function keysOf(keyring: Keyring): OpenKeys {
  const keys = openKeysOf.get(keyring)
  if (keys === undefined) throw new TypeError('a keyring comes from openKeyring')
  return keys
}

/** Takes over what another thread or process wrote. Throws as `openKeyring` does. */
export function reloadKeys(keys: OpenKeys): void {
  adopt(keys, parseKeyring(readKeyringFile(keys.file)))
}

/**
 * Makes a new data key that seals from now on, or wraps all keys under a new KEK. On any error
 * file and keys are as they were.
 * @throws VAULT_KEYRING_BUSY, VAULT_KEYRING_UNWRITABLE, and what `openKeyring` throws
 */
export function rotateKeys(keys: OpenKeys, rotation: Rotation): void {
  withKeyringLock(keys.file, () => {
    const current = parseKeyring(readKeyringFile(keys.file))
    const next =
      rotation === 'data-key' ? withNewDataKey(keys, current) : withNewWrappingKey(keys, current)
    replace(keys, next)
  })
}

/**
 * Moves on from a data key that has sealed its share: to the one that another process made
 * meanwhile, or else to a new one. Throws as `rotateKeys` does.
 */
export function retireDataKey(keys: OpenKeys, worn: DataKey): void {
  withKeyringLock(keys.file, () => {
    const current = parseKeyring(readKeyringFile(keys.file))
    if (activeEntry(current, 'seal').id === worn.id) replace(keys, withNewDataKey(keys, current))
    else adopt(keys, current)
  })
}

function readOrCreate(file: string, random: Random, nowMs: () => number | undefined): string {
  try {
    return readKeyringFile(file)
  } catch (thrown) {
    if (!isMissing(thrown)) throw thrown
  }
  createKeyringFile(file, formatKeyring(newKeyring(random, nowMs())), random)
  // Read back: another process may have been first, and then its keys are the keys.
  return readKeyringFile(file)
}

const isMissing = (thrown: unknown): boolean =>
  isAlmonerError(thrown) && thrown.code === 'VAULT_KEYRING_MISSING'

function replace(keys: OpenKeys, next: KeyringRecord): void {
  replaceKeyringFile(keys.file, formatKeyring(next), keys.random)
  adopt(keys, next)
}

function withNewDataKey({ random, nowMs }: OpenKeys, record: KeyringRecord): KeyringRecord {
  const retired = record.keys.map(
    (entry): KeyEntry => (entry.purpose === 'seal' ? { ...entry, state: 'retired' } : entry),
  )
  return { ...record, keys: [...retired, newEntry(record, 'seal', random, nowMs())] }
}

function withNewWrappingKey({ random, nowMs }: OpenKeys, record: KeyringRecord): KeyringRecord {
  const wrappingKey = newWrappingKey(random, nowMs())
  const keys = record.keys.map((entry): KeyEntry => {
    const key = unwrapEntry(record, entry)
    return { ...entry, wrapped: wrapKey(wrappingKey.key, entry, key, random) }
  })
  return { wrappingKey, keys }
}

function adopt(keys: OpenKeys, record: KeyringRecord): void {
  Object.assign(keys, unwrapAll(record, keys.dataKeys))
}

/** Keys that are known already stay the same objects: they hold the counts and the subkeys. */
function unwrapAll(
  record: KeyringRecord,
  known: ReadonlyMap<number, DataKey>,
): Pick<OpenKeys, 'record' | 'dataKeys' | 'active' | 'indexKey'> {
  const indexKey = unwrapEntry(record, activeEntry(record, 'index'))
  const dataKeys = new Map<number, DataKey>()
  for (const entry of record.keys) {
    if (entry.purpose !== 'seal') continue
    const key = unwrapEntry(record, entry)
    dataKeys.set(entry.id, known.get(entry.id) ?? createDataKey(entry.id, key))
  }
  const active = dataKeys.get(activeEntry(record, 'seal').id)!
  return { record, dataKeys, active, indexKey }
}

function unwrapEntry(record: KeyringRecord, entry: KeyEntry): KeyObject {
  const key = unwrapKey(record.wrappingKey.key, entry, entry.wrapped)
  if (key === undefined) {
    throw VAULT_ERRORS.error('VAULT_KEYRING_BROKEN', { where: `key ${formatKeyId(entry.id)}` })
  }
  return key
}

/** A key id for people: eight hexadecimal digits. */
export const formatKeyId = (id: number): string => id.toString(16).padStart(8, '0')
