/**
 * Blind indexes: a keyed hash (HMAC-SHA-256, FIPS 198-1) in the place of an identifier, so that
 * equal values can be found and nobody without the key can tell or try which. Every domain has
 * its own key, so that the same number as NHS number and as control id gives unrelated hashes.
 */
import { createHmac, type KeyObject } from 'node:crypto'
import { derive } from './data-key.ts'

/** Sixteen bytes: two of 2^40 values coincide with a chance of one in 2^49. */
const BLIND_BYTES = 16
/** A program has a handful of domains; the bound holds if one made them from data. */
const DOMAINS_MAX = 256

export type Blind = (domain: string, value: string | Uint8Array) => string

export function createBlind(indexKey: () => KeyObject): Blind {
  let derivedFrom: KeyObject | undefined
  const domainKeys = new Map<string, KeyObject>()

  const domainKey = (domain: string): KeyObject => {
    const source = indexKey()
    if (source !== derivedFrom) {
      domainKeys.clear()
      derivedFrom = source
    }
    const known = domainKeys.get(domain)
    if (known !== undefined) return known
    const made = derive(source, `almoner blind 1/${domain}`)
    if (domainKeys.size >= DOMAINS_MAX) {
      const [oldest] = domainKeys.keys()
      if (oldest !== undefined) domainKeys.delete(oldest)
    }
    domainKeys.set(domain, made)
    return made
  }

  return (domain, value) => {
    const hmac = createHmac('sha256', domainKey(domain))
    const hash = typeof value === 'string' ? hmac.update(value, 'utf8') : hmac.update(value)
    return hash.digest().toString('base64url', 0, BLIND_BYTES)
  }
}
