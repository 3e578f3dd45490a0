/** The person at this terminal, as the audit log names them. */
import { hostname, userInfo } from 'node:os'
import type { Actor } from '@almoner/store'

export function operator(): Actor {
  const user = `${userInfo().username}@${hostname()}`
  return { kind: 'person', id: user, name: user }
}
