/**
 * One data key (DEK) at work. It seals nothing itself: each binding falls into one of 4,096
 * subkeys derived from it (HKDF-SHA-256, RFC 5869). NIST SP 800-38D section 8.3 allows a key
 * 2^32 random nonces. A process knows only its own count, not that of other threads, other nodes
 * and earlier starts; spread over the subkeys, all of them together stay far below the bound.
 */
import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto'
import { KEY_BYTES } from './wrap.ts'

export type DataKey = {
  readonly id: number
  readonly subkeyFor: (binding: Uint8Array) => KeyObject
  /** Records that this process sealed with it. */
  sealCount: number
}

const SUBKEY_COUNT = 4_096

export function createDataKey(id: number, key: KeyObject): DataKey {
  const subkeys = new Array<KeyObject | undefined>(SUBKEY_COUNT)
  return {
    id,
    sealCount: 0,
    subkeyFor: (binding) => {
      const place = placeOf(binding)
      const known = subkeys[place]
      if (known !== undefined) return known
      const made = derive(key, `almoner seal 1/${place}`)
      subkeys[place] = made
      return made
    },
  }
}

/** A key for one use, from which neither its parent nor its sisters can be found. */
export function derive(key: KeyObject, use: string): KeyObject {
  const bytes = new Uint8Array(hkdfSync('sha256', key, '', use, KEY_BYTES))
  const derived = createSecretKey(bytes)
  bytes.fill(0)
  return derived
}

/** FNV-1a folded to 12 bits. Part of the sealed format: it may never change. */
function placeOf(binding: Uint8Array): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < binding.length; at++) hash = Math.imul(hash ^ binding[at]!, 0x01000193)
  return (hash ^ (hash >>> 12) ^ (hash >>> 24)) & (SUBKEY_COUNT - 1)
}
