/**
 * Hands out access: one-time sign-in links, sessions and tokens. Each secret is told once, to the
 * caller; from then on only its keyed hash exists.
 */
import type { Ports } from '@almoner/core'
import type { Access, AccessKind, Actor, Store } from '@almoner/store'
import { mintSecret } from './secrets.ts'

export const LINK_MS = 15 * 60_000
export const SESSION_MS = 8 * 3_600_000

export type Grant = { readonly access: Access; readonly secret: string }
export type GrantRequest = {
  readonly actor: Actor
  readonly scopes: readonly string[]
  readonly forMs: number
  /** Who grants it: the actor itself for a session that follows a link. */
  readonly by: Actor
}
type Deps = { readonly store: Store; readonly ports: Ports }

async function grant(deps: Deps, kind: AccessKind, request: GrantRequest): Promise<Grant> {
  const atMs = deps.ports.clock.nowMs()
  const secret = mintSecret(deps.ports.random)
  const access: Access = {
    id: deps.ports.ids.next(),
    kind,
    actor: request.actor,
    scopes: request.scopes,
    expiresAtMs: atMs + request.forMs,
  }
  await deps.store.write('grantAccess', { access, secret, by: request.by, atMs })
  return { access, secret }
}

/** A link that signs one person in once. `path` is to be opened on the site's address. */
export async function grantLink(
  deps: Deps,
  request: GrantRequest,
): Promise<Grant & { readonly path: string }> {
  const granted = await grant(deps, 'link', request)
  return { ...granted, path: `/desk/sign-in?link=${granted.secret}` }
}

/** A bearer token for an app, to be sent as `Authorization: Bearer <secret>`. */
export const grantToken = (deps: Deps, request: GrantRequest): Promise<Grant> =>
  grant(deps, 'token', request)

/** The session that follows a redeemed link: the same person, the same scopes, 8 hours. */
export const grantSession = (deps: Deps, link: Access): Promise<Grant> =>
  grant(deps, 'session', {
    actor: link.actor,
    scopes: link.scopes,
    forMs: SESSION_MS,
    by: link.actor,
  })
