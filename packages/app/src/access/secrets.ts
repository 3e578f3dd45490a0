/**
 * Secrets that open something: one-time links, sessions, tokens. The store keeps only keyed
 * hashes of them. Source: RFC 6750 section 2.1 (the shape of a bearer token), OWASP ASVS 5.0 V7.
 */
import type { Random } from '@almoner/core'

const SECRET_BYTES = 32

/** A new secret: 256 bits as 43 characters of base64url. */
export const mintSecret = (random: Random): string =>
  Buffer.from(random.bytes(SECRET_BYTES)).toString('base64url')

/** Whether a text can be a secret at all; anything else is refused without asking the store. */
export const isSecretShaped = (text: string): boolean => /^[A-Za-z0-9._~+/-]{1,512}=*$/.test(text)

/** The token of an `Authorization: Bearer …` header, or undefined. The scheme has no case. */
export function bearerToken(header: string | undefined): string | undefined {
  const match = /^bearer +([^ ]+) *$/i.exec(header ?? '')
  const token = match?.[1]
  return token !== undefined && isSecretShaped(token) ? token : undefined
}
