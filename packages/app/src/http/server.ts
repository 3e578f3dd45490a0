/**
 * The HTTP server: FHIR API, operator desk, metrics and health, behind the same limits, headers
 * and error rules. It does not listen by itself; the caller does (`app.listen`).
 */
import { readFileSync } from 'node:fs'
import { LIMITS } from '@almoner/core'
import cookie from '@fastify/cookie'
import formbody from '@fastify/formbody'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { createRefusals } from '../access/refusals.ts'
import { APP_ERRORS } from '../app.errors.ts'
import { desk } from '../desk/desk.ts'
import { knownSession } from '../desk/session.ts'
import { endpointOf, knownCaller } from './bearer.ts'
import type { HttpDeps } from './deps.ts'
import { failureOf } from './failure.ts'
import { fhirApi } from './fhir/fhir-api.ts'
import { FHIR_PATH } from './fhir/fhir-deps.ts'
import { addHealth } from './health.ts'
import { addMetrics } from './metrics.ts'
import { requestId } from './request-id.ts'
import { addSecurityHeaders } from './security-headers.ts'

export type { Change, ChangeFeed, HttpDeps, Readiness, SiteFacts } from './deps.ts'

const HTTP_LIMITS = {
  /** Bytes of any request body: forms only. */
  bodyBytesMax: 64 * 1024,
  /** A request must be complete within this time, headers within the next. */
  requestMs: 30_000,
  headersMs: 10_000,
  /** A connection without a request is kept this long; one with a silent peer this long. */
  keepAliveMs: 10_000,
  idleMs: 120_000,
} as const

const BARE_HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
}

/**
 * Builds the server, ready to listen or to be injected into. `app.close()` ends live streams and
 * writes what refusals were only counted.
 */
export async function createHttpServer(deps: HttpDeps): Promise<FastifyInstance> {
  const app = Fastify({
    http: { headersTimeout: HTTP_LIMITS.headersMs },
    requestTimeout: HTTP_LIMITS.requestMs,
    keepAliveTimeout: HTTP_LIMITS.keepAliveMs,
    connectionTimeout: HTTP_LIMITS.idleMs,
    bodyLimit: HTTP_LIMITS.bodyBytesMax,
    trustProxy: false,
    logger: false,
    genReqId: (raw) => requestId(raw.headers['x-request-id'], deps.ports.ids),
    routerOptions: { maxParamLength: 200 },
    // An address that cannot be decoded comes by no hook, so its answer gets its headers here.
    frameworkErrors: (thrown, request, reply) =>
      sendPlainFailure(deps, thrown, request, reply.headers(BARE_HEADERS)),
    return503OnClosing: true,
  })
  app.server.maxConnections = LIMITS.connectionsMax
  const isSecure = deps.publicUrl?.startsWith('https:') === true
  const refusals = createRefusals(deps)
  const refuse = async (
    request: FastifyRequest,
    code: string,
    outcome: 'refused' | 'failed',
  ): Promise<void> => {
    const actor = (knownCaller(request) ?? knownSession(request))?.access.actor
    const endpoint = endpointOf(request)
    const purpose = endpoint.includes(FHIR_PATH) ? 'direct-care' : 'operations'
    const peer = request.socket.remoteAddress ?? 'unknown'
    await refusals.note({ actor, outcome, purpose, code, endpoint, peer, requestId: request.id })
  }
  const origin = (request: FastifyRequest): string =>
    deps.publicUrl?.replace(/\/+$/, '') ?? `${request.protocol}://${safeHost(request.headers.host)}`
  const facts = { startedAtMs: deps.ports.clock.nowMs(), softwareVersion: softwareVersion() }

  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id)
  })
  app.addHook('onResponse', async (request, reply) => {
    const { statusCode: status, elapsedTime } = reply
    const endpoint = endpointOf(request)
    const durationMs = Math.round(elapsedTime)
    deps.log.debug('http.answered', { endpoint, status, durationMs, requestId: request.id })
  })
  app.addHook('onClose', async () => refusals.close())
  app.setErrorHandler(async (thrown, request, reply) =>
    sendPlainFailure(deps, thrown, request, reply),
  )
  app.setNotFoundHandler(async (request, reply) =>
    sendPlainFailure(deps, APP_ERRORS.error('APP_NOT_FOUND'), request, reply),
  )

  await addSecurityHeaders(app, isSecure)
  await app.register(cookie)
  await app.register(formbody, { bodyLimit: HTTP_LIMITS.bodyBytesMax })
  addMetrics(app, { ...deps, refuse })
  addHealth(app, deps)
  app.get('/', async (_request, reply) => reply.redirect('/desk/messages', 303))
  const baseUrl = (request: FastifyRequest): string => `${origin(request)}${FHIR_PATH}`
  await app.register(async (scope) => fhirApi(scope, { ...deps, ...facts, baseUrl, refuse }), {
    prefix: FHIR_PATH,
  })
  await app.register(async (scope) => desk(scope, { ...deps, ...facts, isSecure, refuse }), {
    prefix: '/desk',
  })
  return app
}

/** The Host header, if it is one at all: it ends up in links. */
const safeHost = (host: string | undefined): string =>
  host !== undefined && /^([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:\d{1,5})?$/.test(host)
    ? host
    : 'localhost'

/** Outside FHIR and desk an error is a code and its sentence, as JSON. */
function sendPlainFailure(
  deps: HttpDeps,
  thrown: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const error = failureOf(thrown)
  if (error.http >= 500) {
    deps.log.error('http.failed', { code: error.code, requestId: request.id })
  }
  return reply.code(error.http).send({ code: error.code, message: error.message })
}

function softwareVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  // Our own package file always has a version.
  return (JSON.parse(text) as { readonly version: string }).version
}
