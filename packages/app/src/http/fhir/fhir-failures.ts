/** How the FHIR API says no: an OperationOutcome, the right status and headers, an audit entry. */
import type { FastifyInstance, HTTPMethods } from 'fastify'
import { APP_ERRORS } from '../../app.errors.ts'
import { failureOf } from '../failure.ts'
import type { FhirDeps } from './fhir-deps.ts'
import { controlsOf, sendResource } from './format.ts'
import { outcomeOf } from './operation-outcome.ts'

export function addFhirFailures(app: FastifyInstance, deps: FhirDeps): void {
  app.setNotFoundHandler(() => {
    throw APP_ERRORS.error('APP_NOT_FOUND')
  })
  app.setErrorHandler(async (thrown, request, reply) => {
    const error = failureOf(thrown)
    if (error.http >= 500) {
      deps.log.error('fhir.failed', { code: error.code, requestId: request.id })
    }
    const isRefusal = error.http === 401 || error.http === 403
    // A look-up that finds nothing went through the view, which audited it.
    const isLookUp = error.code === 'APP_NOT_FOUND' || error.http === 410
    if (!isLookUp && error.http < 500) {
      await deps.refuse(request, error.code, isRefusal ? 'refused' : 'failed')
    }
    if (error.http === 401) {
      reply.header('www-authenticate', 'Bearer realm="almoner"')
      // A body that nobody reads blocks the connection for the next request.
      const { 'content-length': length, 'transfer-encoding': encoding } = request.headers
      if (length !== undefined || encoding !== undefined) reply.header('connection', 'close')
    }
    return sendResource(reply, outcomeOf(error), {
      isPretty: controlsOf(request).isPretty,
      status: error.http,
    })
  })
}

const METHODS: readonly HTTPMethods[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']
const ENDPOINTS: readonly { readonly url: string; readonly method: HTTPMethods }[] = [
  { url: '/metadata', method: 'GET' },
  { url: '/:type', method: 'GET' },
  { url: '/:type/_search', method: 'POST' },
  { url: '/:type/:id', method: 'GET' },
  { url: '/:type/:id/_history/:version', method: 'GET' },
]

/** Addresses that exist answer 405 with Allow to other methods, before any body is read. */
export function refuseOtherMethods(app: FastifyInstance): void {
  for (const { url, method } of ENDPOINTS) {
    const refuse = async (): Promise<never> => {
      throw APP_ERRORS.error('APP_METHOD_NOT_ALLOWED')
    }
    app.route({
      method: METHODS.filter((one) => one !== method),
      url,
      onRequest: async (_request, reply) => {
        reply.header('allow', method === 'GET' ? 'GET, HEAD' : method)
        await refuse()
      },
      handler: refuse,
    })
  }
}
