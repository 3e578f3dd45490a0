/**
 * Wraps a key under the key-encryption key (KEK): AES-256-GCM with the key's id and purpose as
 * additional data, so that no wrapped key can take the place of another.
 * Source: NIST SP 800-38D (GCM), SP 800-57 part 1 section 5.6 (key strength), 256-bit keys.
 */
import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject } from 'node:crypto'
import type { Random } from '@almoner/core'

export type KeyPurpose = 'seal' | 'index'
export type KeyLabel = { readonly id: number; readonly purpose: KeyPurpose }

export const KEY_BYTES = 32
export const NONCE_BYTES = 12
export const TAG_BYTES = 16
export const WRAPPED_BYTES = NONCE_BYTES + KEY_BYTES + TAG_BYTES

/** A key as an object that prints nothing; the bytes it came from are overwritten. */
export function takeKey(bytes: Uint8Array): KeyObject {
  const key = createSecretKey(bytes)
  bytes.fill(0)
  return key
}

/** Nonce, ciphertext and tag, 60 bytes. */
export function wrapKey(
  wrappingKey: KeyObject,
  label: KeyLabel,
  key: KeyObject,
  random: Random,
): Uint8Array {
  const nonce = random.bytes(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', wrappingKey, nonce).setAAD(labelBytes(label))
  const bytes = key.export()
  const wrapped = Buffer.concat([nonce, cipher.update(bytes), cipher.final(), cipher.getAuthTag()])
  bytes.fill(0)
  return wrapped
}

/** The key, or undefined when the wrapping, the id or the purpose is not what was wrapped. */
export function unwrapKey(
  wrappingKey: KeyObject,
  label: KeyLabel,
  wrapped: Uint8Array,
): KeyObject | undefined {
  if (wrapped.length !== WRAPPED_BYTES) return undefined
  const decipher = createDecipheriv('aes-256-gcm', wrappingKey, wrapped.subarray(0, NONCE_BYTES))
    .setAAD(labelBytes(label))
    .setAuthTag(wrapped.subarray(-TAG_BYTES))
  const bytes = decipher.update(wrapped.subarray(NONCE_BYTES, -TAG_BYTES))
  try {
    decipher.final()
  } catch {
    bytes.fill(0)
    return undefined
  }
  return takeKey(bytes)
}

const labelBytes = ({ id, purpose }: KeyLabel): Uint8Array =>
  Buffer.from(`almoner keyring 1/${id}/${purpose}`)
