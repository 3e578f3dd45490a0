/** Names a failure for logs and positions without its message, which may hold anything. */
import { isAlmonerError } from '@almoner/core'

/** The code that we, Node or OpenSSL gave it (`ECONNRESET`, `CERT_HAS_EXPIRED`), or its class. */
export function reasonOf(thrown: unknown): string {
  if (isAlmonerError(thrown)) return thrown.code
  if (!(thrown instanceof Error)) return 'unknown'
  return 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : thrown.name
}
