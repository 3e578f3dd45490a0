/**
 * Who sends a request with a bearer token. Runs before the body is read: the parser of a request
 * never sees bytes of an unknown sender. Source: RFC 6750 section 3.
 */
import type { Access } from '@almoner/store'
import type { FastifyRequest } from 'fastify'
import { bearerToken } from '../access/secrets.ts'
import { APP_ERRORS } from '../app.errors.ts'
import type { HttpDeps } from './deps.ts'
import { fromStore } from './failure.ts'

export type Caller = { readonly access: Access; readonly token: string }

const callers = new WeakMap<FastifyRequest, Caller>()

/** The caller that authenticated this request, or undefined. */
export const knownCaller = (request: FastifyRequest): Caller | undefined => callers.get(request)

/** The caller that authenticated this request; throws APP_UNAUTHENTICATED when none did. */
export function callerOf(request: FastifyRequest): Caller {
  const caller = callers.get(request)
  if (caller === undefined) throw APP_ERRORS.error('APP_UNAUTHENTICATED')
  return caller
}

/** Throws APP_UNAUTHENTICATED, or APP_STORE_UNAVAILABLE when nobody can tell. */
export async function authenticateBearer(
  deps: Pick<HttpDeps, 'store' | 'ports'>,
  request: FastifyRequest,
): Promise<Caller> {
  const token = bearerToken(request.headers.authorization)
  if (token === undefined) throw APP_ERRORS.error('APP_UNAUTHENTICATED')
  const nowMs = deps.ports.clock.nowMs()
  const access = await fromStore(() => deps.store.access('token', token, nowMs))
  if (access === undefined || access.expiresAtMs <= nowMs) {
    throw APP_ERRORS.error('APP_UNAUTHENTICATED')
  }
  const caller = { access, token }
  callers.set(request, caller)
  return caller
}

/** The pattern of the address that answered (`GET /fhir/R4/:type/:id`): it holds no value. */
export const endpointOf = (request: FastifyRequest): string =>
  `${request.method} ${request.routeOptions.url ?? 'unknown address'}`
