/**
 * Who sits at the desk. Every page but sign-in needs a session; every form must come from a page
 * of that session. Source: OWASP ASVS 5.0 V7 (sessions) and V3.5 (cross-site requests).
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { isObject } from '@almoner/fhir'
import type { Access, View } from '@almoner/store'
import type { FastifyRequest } from 'fastify'
import { allowsDesk, allowsRelease } from '../access/scopes.ts'
import { isSecretShaped } from '../access/secrets.ts'
import { readSession } from '../access/session-cookie.ts'
import { APP_ERRORS } from '../app.errors.ts'
import { fromStore } from '../http/failure.ts'
import { DESK_PURPOSE, type DeskDeps } from './desk-deps.ts'

export type Session = {
  readonly access: Access
  /** Belongs in every form of this session; derived from its secret, so nothing is stored. */
  readonly formToken: string
  readonly mayRelease: boolean
}

const sessions = new WeakMap<FastifyRequest, Session>()

/** The live session of a request, if any. Throws APP_STORE_UNAVAILABLE when nobody can tell. */
export async function findSession(
  deps: Pick<DeskDeps, 'store' | 'ports' | 'isSecure'>,
  request: FastifyRequest,
): Promise<Session | undefined> {
  const secret = readSession(request, deps.isSecure)
  if (secret === undefined || !isSecretShaped(secret)) return undefined
  const nowMs = deps.ports.clock.nowMs()
  const access = await fromStore(() => deps.store.access('session', secret, nowMs))
  if (access === undefined || access.expiresAtMs <= nowMs) return undefined
  const formToken = createHmac('sha256', secret).update('desk form').digest('base64url')
  const session = { access, formToken, mayRelease: allowsRelease(access.scopes) }
  sessions.set(request, session)
  return session
}

export const knownSession = (request: FastifyRequest): Session | undefined => sessions.get(request)

/** The session of a request that the desk let in; throws APP_UNAUTHENTICATED when there is none. */
export function sessionOf(request: FastifyRequest): Session {
  const session = sessions.get(request)
  if (session === undefined) throw APP_ERRORS.error('APP_UNAUTHENTICATED')
  return session
}

/** Throws APP_FORBIDDEN unless the person may look at messages. */
export function requireDeskRead(session: Session): void {
  if (!allowsDesk(session.access.scopes)) throw APP_ERRORS.error('APP_FORBIDDEN')
}

/** Throws APP_FORBIDDEN unless the person may release what waits. */
export function requireDeskRelease(session: Session): void {
  if (!session.mayRelease) throw APP_ERRORS.error('APP_FORBIDDEN')
}

/** The audited view of the person who sits at the desk. */
export const viewOf = (deps: Pick<DeskDeps, 'store'>, request: FastifyRequest): View =>
  deps.store.view(sessionOf(request).access.actor, DESK_PURPOSE)

/**
 * Throws APP_FORGED_FORM when a browser says that the request comes from elsewhere. Both headers
 * are set by the browser, not by a page; a program that sends neither carries no one's cookie.
 */
export function requireSameSite(deps: Pick<DeskDeps, 'publicUrl'>, request: FastifyRequest): void {
  const site = request.headers['sec-fetch-site']
  if (site === 'same-origin') return
  const { origin, host } = request.headers
  if (site !== undefined) throw APP_ERRORS.error('APP_FORGED_FORM')
  if (origin === undefined) return
  const sender = hostOf(origin)
  // Parsed alike, so that a port which goes without saying makes no difference.
  const own = [`${origin.split(':')[0]}://${host}`, deps.publicUrl ?? ''].map(hostOf)
  if (sender === undefined || !own.includes(sender)) throw APP_ERRORS.error('APP_FORGED_FORM')
}

const hostOf = (url: string): string | undefined =>
  URL.canParse(url) ? new URL(url).host : undefined

/** Throws APP_FORGED_FORM unless the form carries the token of this session. */
export function requireFormToken(request: FastifyRequest): void {
  const given = Buffer.from(formField(request, 'formToken'))
  const wanted = Buffer.from(sessionOf(request).formToken)
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) {
    throw APP_ERRORS.error('APP_FORGED_FORM')
  }
}

/** A field of the posted form, or empty; of a repeated field the first. */
export function formField(request: FastifyRequest, name: string): string {
  const value: unknown = isObject(request.body) ? request.body[name] : undefined
  const first: unknown = Array.isArray(value) ? value[0] : value
  return typeof first === 'string' ? first : ''
}
