/**
 * Seals records at rest: AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce, under a
 * subkey of the active data key, bound to the place where the record lives.
 *
 * Sealed record, version 1: 1 byte version | 4 bytes key id, big endian | 12 bytes nonce |
 * ciphertext | 16 bytes tag. The binding is the additional data and is not stored.
 */
import { createCipheriv, createDecipheriv } from 'node:crypto'
import type { Random } from '@almoner/core'
import { type Blind, createBlind } from './blind.ts'
import type { DataKey } from './data-key.ts'
import { VAULT_ERRORS } from './errors.ts'
import { type KeyInventoryRow, takeInventory } from './inventory.ts'
import {
  formatKeyId,
  type Keyring,
  keysOf,
  type OpenKeys,
  type Rotation,
  reloadKeys,
  retireDataKey,
  rotateKeys,
} from './keyring.ts'
import { NONCE_BYTES, TAG_BYTES } from './wrap.ts'

export type Vault = {
  /**
   * Seals `plain` for one place (`journal/123/body`). The binding names a record and never holds
   * a value of it. The result is 33 bytes longer. O(plain.length).
   * @throws VAULT_KEYRING_BUSY, VAULT_KEYRING_UNWRITABLE when a new data key is due and the
   *   keyring cannot be written
   */
  readonly seal: (plain: Uint8Array, binding: string) => Uint8Array
  /**
   * Opens what `seal` made for the same binding.
   * @throws VAULT_TAMPERED when a bit or the binding differs; VAULT_KEY_UNKNOWN when the keyring
   *   does not hold its key, even after it was read again
   */
  readonly open: (sealed: Uint8Array, binding: string) => Uint8Array
  /**
   * Keyed hash of a value in a domain (`nhs-number`), 22 characters of base64url. Equal values
   * give equal hashes; the caller writes values alike first. Text counts as its UTF-8 bytes.
   */
  readonly blind: Blind
  /**
   * Makes a new data key that seals from now on; old ones still open. `wrapping-key` instead
   * makes a new KEK and wraps every key under it. Writes the keyring file.
   * @throws VAULT_KEYRING_BUSY, VAULT_KEYRING_UNWRITABLE, and what `openKeyring` throws
   */
  readonly rotate: (rotation?: Rotation) => void
  readonly inventory: () => readonly KeyInventoryRow[]
}

export type VaultOptions = {
  readonly random: Random
  /** Records that one process seals with one data key before it moves on to a new one. */
  readonly sealsMax?: number | undefined
}

const VERSION = 1
const HEAD_BYTES = 1 + 4
const BODY_AT = HEAD_BYTES + NONCE_BYTES
const OVERHEAD_BYTES = BODY_AT + TAG_BYTES
/** Half of the nonces that SP 800-38D section 8.3 allows one key; see data-key.ts. */
const SEALS_MAX = 2 ** 31

export function createVault(keyring: Keyring, options: VaultOptions): Vault {
  const keys = keysOf(keyring)
  const sealsMax = options.sealsMax ?? SEALS_MAX
  const nextNonce = nonceSource(options.random)

  return {
    seal: (plain, binding) => {
      if (keys.active.sealCount >= sealsMax) retireDataKey(keys, keys.active)
      return sealRecord(keys.active, nextNonce(), plain, binding)
    },
    open: (sealed, binding) => openRecord(keys, sealed, binding),
    blind: createBlind(() => keys.indexKey),
    rotate: (rotation = 'data-key') => rotateKeys(keys, rotation),
    inventory: () => takeInventory(keys),
  }
}

function sealRecord(
  key: DataKey,
  nonce: Uint8Array,
  plain: Uint8Array,
  binding: string,
): Uint8Array {
  key.sealCount++
  const bound = Buffer.from(binding, 'utf8')
  const cipher = createCipheriv('aes-256-gcm', key.subkeyFor(bound), nonce).setAAD(bound)
  const body = cipher.update(plain)
  cipher.final()

  const sealed = new Uint8Array(OVERHEAD_BYTES + plain.length)
  sealed[0] = VERSION
  sealed[1] = key.id >>> 24
  sealed[2] = key.id >>> 16
  sealed[3] = key.id >>> 8
  sealed[4] = key.id
  sealed.set(nonce, HEAD_BYTES)
  sealed.set(body, BODY_AT)
  sealed.set(cipher.getAuthTag(), BODY_AT + plain.length)
  return sealed
}

function openRecord(keys: OpenKeys, sealed: Uint8Array, binding: string): Uint8Array {
  if (sealed.length < OVERHEAD_BYTES || sealed[0] !== VERSION) throw tampered(binding)
  const key = findDataKey(keys, readKeyId(sealed))
  const bound = Buffer.from(binding, 'utf8')
  const tagAt = sealed.length - TAG_BYTES
  const decipher = createDecipheriv(
    'aes-256-gcm',
    key.subkeyFor(bound),
    sealed.subarray(HEAD_BYTES, BODY_AT),
    { authTagLength: TAG_BYTES },
  )
    .setAAD(bound)
    .setAuthTag(sealed.subarray(tagAt))
  const plain = decipher.update(sealed.subarray(BODY_AT, tagAt))
  try {
    decipher.final()
  } catch {
    throw tampered(binding)
  }
  return new Uint8Array(plain.buffer, plain.byteOffset, plain.length)
}

/** Another thread or process may have rotated since: then the file knows more than we do. */
function findDataKey(keys: OpenKeys, id: number): DataKey {
  const known = keys.dataKeys.get(id)
  if (known !== undefined) return known
  reloadKeys(keys)
  const found = keys.dataKeys.get(id)
  if (found !== undefined) return found
  throw VAULT_ERRORS.error('VAULT_KEY_UNKNOWN', { where: `key ${formatKeyId(id)}` })
}

const readKeyId = (sealed: Uint8Array): number =>
  ((sealed[1]! << 24) | (sealed[2]! << 16) | (sealed[3]! << 8) | sealed[4]!) >>> 0

const tampered = (binding: string) => VAULT_ERRORS.error('VAULT_TAMPERED', { detail: binding })

/** Draws random bytes for many nonces at once, because each draw costs more than its bytes. */
function nonceSource(random: Random): () => Uint8Array {
  let drawn: Uint8Array = new Uint8Array(0)
  let at = 0
  return () => {
    if (at === drawn.length) {
      drawn = random.bytes(NONCE_BYTES * 256)
      at = 0
    }
    at += NONCE_BYTES
    return drawn.subarray(at - NONCE_BYTES, at)
  }
}
