/**
 * The keyring as it lies on disk, format 1: a JSON object with the key-encryption key (KEK), the
 * data keys that seal records and the key of the blind indexes, each wrapped by the KEK. The file
 * is the secret: whoever reads it reads everything.
 */
import type { KeyObject } from 'node:crypto'
import type { Random } from '@almoner/core'
import { VAULT_ERRORS } from './errors.ts'
import { KEY_BYTES, type KeyPurpose, takeKey, WRAPPED_BYTES, wrapKey } from './wrap.ts'

/** `retired` keys still open what they sealed, and seal nothing more. */
export type KeyState = 'active' | 'retired'

export type KeyEntry = {
  /** Random, from 1 to 2^32 - 1: two keyrings hardly ever share one, so a mix-up shows. */
  readonly id: number
  readonly purpose: KeyPurpose
  readonly state: KeyState
  readonly createdAtMs: number | undefined
  readonly wrapped: Uint8Array
}

export type KeyringRecord = {
  readonly wrappingKey: {
    readonly id: number
    readonly createdAtMs: number | undefined
    readonly key: KeyObject
  }
  readonly keys: readonly KeyEntry[]
}

const FORMAT = 'almoner-keyring'
const VERSION = 1
const ID_MAX = 0xffff_ffff

/** @throws VAULT_KEYRING_BROKEN with the place that does not fit, never with what is there. */
export function parseKeyring(text: string): KeyringRecord {
  const root = parseJson(text)
  if (root['format'] !== FORMAT || root['version'] !== VERSION) throw broken('format')
  const wrapping = asObject(root['wrappingKey'], 'wrappingKey')
  const list = root['keys']
  if (!Array.isArray(list)) throw broken('keys')
  const keys = list.map((item, index) => parseEntry(asObject(item, `keys[${index}]`), index))
  checkKeys(keys)
  return {
    wrappingKey: {
      id: asId(wrapping['id'], 'wrappingKey.id'),
      createdAtMs: asTime(wrapping['createdAtMs'], 'wrappingKey.createdAtMs'),
      key: takeKey(asBytes(wrapping['key'], KEY_BYTES, 'wrappingKey.key')),
    },
    keys,
  }
}

export function formatKeyring(record: KeyringRecord): string {
  const { id, createdAtMs, key } = record.wrappingKey
  const root = {
    format: FORMAT,
    version: VERSION,
    wrappingKey: { id, createdAtMs, key: key.export().toString('base64') },
    keys: record.keys.map((entry) => ({
      ...entry,
      wrapped: Buffer.from(entry.wrapped).toString('base64'),
    })),
  }
  return `${JSON.stringify(root, null, 2)}\n`
}

/** A first keyring: one KEK, one data key, one index key. */
export function newKeyring(random: Random, createdAtMs: number | undefined): KeyringRecord {
  const wrappingKey = newWrappingKey(random, createdAtMs)
  const seal = newEntry({ wrappingKey, keys: [] }, 'seal', random, createdAtMs)
  const index = newEntry({ wrappingKey, keys: [seal] }, 'index', random, createdAtMs)
  return { wrappingKey, keys: [seal, index] }
}

export const newWrappingKey = (
  random: Random,
  createdAtMs: number | undefined,
): KeyringRecord['wrappingKey'] => ({
  id: newId(random, []),
  createdAtMs,
  key: takeKey(random.bytes(KEY_BYTES)),
})

/** A fresh active key for a keyring that does not hold it yet. */
export function newEntry(
  record: KeyringRecord,
  purpose: KeyPurpose,
  random: Random,
  createdAtMs: number | undefined,
): KeyEntry {
  const id = newId(
    random,
    record.keys.map((entry) => entry.id),
  )
  const key = takeKey(random.bytes(KEY_BYTES))
  const wrapped = wrapKey(record.wrappingKey.key, { id, purpose }, key, random)
  return { id, purpose, state: 'active', createdAtMs, wrapped }
}

export function activeEntry(record: KeyringRecord, purpose: KeyPurpose): KeyEntry {
  const found = record.keys.find((key) => key.purpose === purpose && key.state === 'active')
  if (found === undefined) throw broken(`keys: no active key for purpose ${purpose}`)
  return found
}

function newId(random: Random, taken: readonly number[]): number {
  for (;;) {
    const id = Buffer.from(random.bytes(4)).readUInt32BE()
    if (id !== 0 && !taken.includes(id)) return id
  }
}

function parseJson(text: string): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    // The parser's own error quotes the text, which is key material: it must not become a cause.
    throw broken('not JSON')
  }
  return asObject(value, 'file')
}

function parseEntry(raw: Record<string, unknown>, index: number): KeyEntry {
  const at = (name: string): string => `keys[${index}].${name}`
  const { purpose, state } = raw
  if (purpose !== 'seal' && purpose !== 'index') throw broken(at('purpose'))
  if (state !== 'active' && state !== 'retired') throw broken(at('state'))
  return {
    id: asId(raw['id'], at('id')),
    purpose,
    state,
    createdAtMs: asTime(raw['createdAtMs'], at('createdAtMs')),
    wrapped: asBytes(raw['wrapped'], WRAPPED_BYTES, at('wrapped')),
  }
}

function checkKeys(keys: readonly KeyEntry[]): void {
  if (new Set(keys.map((key) => key.id)).size !== keys.length) throw broken('keys: an id twice')
  for (const purpose of ['seal', 'index'] as const) {
    const active = keys.filter((key) => key.purpose === purpose && key.state === 'active')
    if (active.length !== 1) throw broken(`keys: not one active key for purpose ${purpose}`)
  }
}

function asObject(value: unknown, where: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw broken(where)
  // A JSON object that is not an array is a record of unknown members.
  return value as Record<string, unknown>
}

function asId(value: unknown, where: string): number {
  if (typeof value !== 'number' || !Number.isInteger(value)) throw broken(where)
  if (value < 1 || value > ID_MAX) throw broken(where)
  return value
}

function asTime(value: unknown, where: string): number | undefined {
  if (value === undefined) return undefined
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw broken(where)
  return value
}

function asBytes(value: unknown, length: number, where: string): Uint8Array {
  if (typeof value !== 'string') throw broken(where)
  const bytes = Buffer.from(value, 'base64')
  if (bytes.length !== length || bytes.toString('base64') !== value) throw broken(where)
  return bytes
}

const broken = (where: string) => VAULT_ERRORS.error('VAULT_KEYRING_BROKEN', { where })
