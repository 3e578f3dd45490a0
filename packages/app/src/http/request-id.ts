/** X-Request-Id: the caller's, when it is harmless to repeat, or a new one. */
import type { Ids } from '@almoner/core'

const HARMLESS = /^[A-Za-z0-9._-]{1,64}$/

export function requestId(header: string | string[] | undefined, ids: Ids): string {
  return typeof header === 'string' && HARMLESS.test(header) ? header : ids.next()
}
