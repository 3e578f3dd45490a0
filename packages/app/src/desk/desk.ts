/**
 * The operator desk: server-rendered pages that work without JavaScript and are live with it.
 * Nobody gets past sign-in without a session, and no form is read that this desk did not make.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { APP_ERRORS } from '../app.errors.ts'
import { failureOf } from '../http/failure.ts'
import { addAboutPage } from './about-page.ts'
import { loadAssets, serveAssets } from './assets.ts'
import { addAttentionPage } from './attention-page.ts'
import { addAuditPage } from './audit-page.ts'
import type { Desk, DeskDeps } from './desk-deps.ts'
import { addLiveFeed } from './live-feed.ts'
import { addMessageList } from './message-list.ts'
import { addMessagePage } from './message-page.ts'
import { addReleases } from './releases.ts'
import { createRender } from './render.ts'
import { addResourcePage } from './resource-page.ts'
import { findSession, requireDeskRead, requireSameSite } from './session.ts'
import { addSignIn, addSignOut } from './sign-in.ts'

export async function desk(app: FastifyInstance, deps: DeskDeps): Promise<void> {
  const assets = loadAssets()
  const whole: Desk = { ...deps, render: createRender(deps, assets) }
  addDeskFailures(app, whole)
  serveAssets(app, assets)
  addSignIn(app, whole)
  await app.register(async (inside) => {
    inside.addHook('onRequest', async (request, reply) => letIn(whole, request, reply))
    inside.get('/', async (_request, reply) => reply.redirect('/desk/messages', 303))
    addSignOut(inside, whole)
    addMessageList(inside, whole)
    addMessagePage(inside, whole)
    addReleases(inside, whole)
    addResourcePage(inside, whole)
    addAttentionPage(inside, whole)
    addAuditPage(inside, whole)
    addAboutPage(inside, whole)
    addLiveFeed(inside, whole)
  })
}

/** Before any body is read: a person without a session is sent to sign in. */
async function letIn(
  desk: Desk,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply | undefined> {
  if (request.method !== 'GET' && request.method !== 'HEAD') requireSameSite(desk, request)
  const session = await findSession(desk, request)
  if (session !== undefined) {
    requireDeskRead(session)
    return undefined
  }
  const isPage = request.method === 'GET' && request.headers['accept']?.includes('text/html')
  if (isPage === true) return reply.redirect('/desk/sign-in', 303)
  throw APP_ERRORS.error('APP_UNAUTHENTICATED')
}

function addDeskFailures(app: FastifyInstance, desk: Desk): void {
  app.setNotFoundHandler(() => {
    throw APP_ERRORS.error('APP_NOT_FOUND')
  })
  app.setErrorHandler(async (thrown, request, reply) => {
    const error = failureOf(thrown)
    if (error.http >= 500) {
      desk.log.error('desk.failed', { code: error.code, requestId: request.id })
    }
    if (error.http === 401 || error.http === 403 || error.http === 429) {
      await desk.refuse(request, error.code, 'refused')
    }
    return desk.render(request, reply.code(error.http), 'error.njk', {
      code: error.code,
      sentence: error.message,
      operator: error.operator,
      requestId: request.id,
      isMissing: error.http === 404,
    })
  })
}
