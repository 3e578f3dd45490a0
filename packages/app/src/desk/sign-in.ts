/**
 * Signing in with a one-time link. Opening the link does nothing but move its secret out of the
 * address into a short-lived cookie, so that a link preview cannot use it up and no history keeps
 * it; the button on the page redeems it.
 */
import type { Access } from '@almoner/store'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { createAttempts } from '../access/attempts.ts'
import { grantSession, SESSION_MS } from '../access/grants.ts'
import { allowsDesk } from '../access/scopes.ts'
import { isSecretShaped } from '../access/secrets.ts'
import {
  clearPendingLink,
  clearSession,
  readPendingLink,
  setPendingLink,
  setSession,
} from '../access/session-cookie.ts'
import { APP_ERRORS } from '../app.errors.ts'
import { fromStore } from '../http/failure.ts'
import type { Desk } from './desk-deps.ts'
import { findSession, formField, requireFormToken, requireSameSite, sessionOf } from './session.ts'

const ATTEMPTS = { countMax: 10, windowMs: 60_000, keysMax: 10_000 } as const

export function addSignIn(app: FastifyInstance, desk: Desk): void {
  const attempts = createAttempts(desk.ports.clock, ATTEMPTS)
  const showForm = (request: FastifyRequest, reply: FastifyReply, problem?: string): FastifyReply =>
    desk.render(request, reply, 'sign-in.njk', {
      hasLink: problem === undefined && readPendingLink(request) !== undefined,
      problem,
    })

  app.get('/sign-in', async (request, reply) => {
    const { link } = request.query as { readonly link?: unknown } // parsed, any shape
    if (typeof link === 'string' && isSecretShaped(link)) {
      setPendingLink(reply, link, desk.isSecure)
      return reply.redirect('/desk/sign-in', 303)
    }
    if (link === undefined && (await findSession(desk, request)) !== undefined) {
      if (readPendingLink(request) === undefined) return reply.redirect('/desk/messages', 303)
    }
    return showForm(request, reply)
  })

  app.post('/sign-in', { bodyLimit: 4_096, onRequest: guardAttempt }, async (request, reply) => {
    const secret = readPendingLink(request) ?? formField(request, 'code').trim()
    clearPendingLink(reply)
    const link = await redeem(desk, secret)
    if (link === undefined) {
      const refusal = APP_ERRORS.error('APP_LINK_SPENT')
      await desk.refuse(request, refusal.code, 'refused')
      return showForm(request, reply.code(refusal.http), refusal.message)
    }
    await endSession(desk, request)
    const session = await fromStore(() => grantSession(desk, link))
    setSession(reply, session.secret, { isSecure: desk.isSecure, forMs: SESSION_MS })
    return reply.redirect('/desk/messages', 303)
  })

  /** Before the body is read. */
  async function guardAttempt(request: FastifyRequest): Promise<void> {
    requireSameSite(desk, request)
    if (!attempts.allow(request.ip)) throw APP_ERRORS.error('APP_TOO_MANY_REQUESTS')
  }
}

export function addSignOut(app: FastifyInstance, desk: Desk): void {
  app.post('/sign-out', async (request, reply) => {
    requireFormToken(request)
    const { access } = sessionOf(request)
    const atMs = desk.ports.clock.nowMs()
    await fromStore(() => desk.store.write('endAccess', { id: access.id, by: access.actor, atMs }))
    clearSession(reply, desk.isSecure)
    return reply.redirect('/desk/sign-in', 303)
  })
}

/** The link's access, or undefined when it opens no desk: unknown, used, expired, without scope. */
async function redeem(desk: Desk, secret: string): Promise<Access | undefined> {
  if (!isSecretShaped(secret)) return undefined
  const atMs = desk.ports.clock.nowMs()
  const link = await fromStore(() => desk.store.write('redeemLink', { secret, atMs }))
  const isPerson = link?.kind === 'link' && link.actor.kind === 'person'
  return isPerson && allowsDesk(link.scopes) ? link : undefined
}

/** A person who signs in again leaves the session before behind, ended. */
async function endSession(desk: Desk, request: FastifyRequest): Promise<void> {
  const before = await findSession(desk, request)
  if (before === undefined) return
  const { id, actor } = before.access
  const atMs = desk.ports.clock.nowMs()
  await fromStore(() => desk.store.write('endAccess', { id, by: actor, atMs }))
}
