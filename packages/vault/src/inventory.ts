/** The keys in use, for people who must account for them. No key material. */
import { formatKeyId, type OpenKeys } from './keyring.ts'
import type { KeyState } from './keyring-record.ts'

export type KeyInventoryRow = {
  /** Eight hexadecimal digits, as errors name it. */
  readonly id: string
  /** `wrap`: encrypts the other keys. `seal`: encrypts records. `index`: makes blind indexes. */
  readonly purpose: 'wrap' | 'seal' | 'index'
  readonly algorithm: 'AES-256-GCM' | 'HKDF-SHA-256, AES-256-GCM' | 'HKDF-SHA-256, HMAC-SHA-256'
  readonly state: KeyState
  /** Undefined when it was made without a clock. */
  readonly createdAtMs: number | undefined
  /** The key that encrypts this one in the file; undefined for that key itself. */
  readonly wrappedBy: string | undefined
  /** Records that this process has sealed with it since it opened the keyring. */
  readonly sealCount: number
}

/** The wrapping key first, then the others in order of making. */
export function takeInventory(keys: OpenKeys): readonly KeyInventoryRow[] {
  const { wrappingKey } = keys.record
  const wrappedBy = formatKeyId(wrappingKey.id)
  const rows = keys.record.keys.map(
    (entry): KeyInventoryRow => ({
      id: formatKeyId(entry.id),
      purpose: entry.purpose,
      algorithm:
        entry.purpose === 'seal' ? 'HKDF-SHA-256, AES-256-GCM' : 'HKDF-SHA-256, HMAC-SHA-256',
      state: entry.state,
      createdAtMs: entry.createdAtMs,
      wrappedBy,
      sealCount: keys.dataKeys.get(entry.id)?.sealCount ?? 0,
    }),
  )
  const wrapping: KeyInventoryRow = {
    id: wrappedBy,
    purpose: 'wrap',
    algorithm: 'AES-256-GCM',
    state: 'active',
    createdAtMs: wrappingKey.createdAtMs,
    wrappedBy: undefined,
    sealCount: 0,
  }
  return [wrapping, ...rows]
}
