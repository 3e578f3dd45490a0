/**
 * The FHIR R4 API, read and search. Source: FHIR R4 http.html. Every route but `metadata` needs a
 * token, also those that do not exist; every answer goes out only after its audit entry is durable.
 */
import type { ResourceType } from '@almoner/fhir'
import type { View } from '@almoner/store'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { allowsResource, type Interaction } from '../../access/scopes.ts'
import { APP_ERRORS } from '../../app.errors.ts'
import { authenticateBearer, callerOf } from '../bearer.ts'
import { fromStore } from '../failure.ts'
import { capabilityStatement } from './capability-statement.ts'
import { FHIR_PATH, type FhirDeps } from './fhir-deps.ts'
import { addFhirFailures, refuseOtherMethods } from './fhir-failures.ts'
import { controlsOf, requireJson, sendResource } from './format.ts'
import { entityTag, matchesTag, represent } from './represent.ts'
import { servedType } from './resource-types.ts'
import { searchHandlers } from './search-handlers.ts'

const PURPOSE = 'direct-care'
const FORM_BYTES_MAX = 64 * 1024
const FHIR_ID = /^[A-Za-z0-9.-]{1,64}$/
const VERSION = /^[1-9]\d{0,8}$/

export async function fhirApi(app: FastifyInstance, deps: FhirDeps): Promise<void> {
  addFhirFailures(app, deps)
  app.addHook('onRequest', async (request) => {
    if (request.routeOptions.url !== `${FHIR_PATH}/metadata`)
      await authenticateBearer(deps, request)
    const { format } = controlsOf(request)
    requireJson(format, request.headers.accept)
  })

  app.get('/metadata', async (request, reply) =>
    sendResource(
      reply,
      capabilityStatement({
        baseUrl: deps.baseUrl(request),
        startedAtMs: deps.startedAtMs,
        softwareVersion: deps.softwareVersion,
        siteName: deps.site.name,
      }),
      { isPretty: controlsOf(request).isPretty },
    ),
  )
  addReads(app, deps)
  addSearches(app, deps)
  refuseOtherMethods(app)
}

function addReads(app: FastifyInstance, deps: FhirDeps): void {
  app.get<{ Params: { type: string; id: string } }>('/:type/:id', async (request, reply) => {
    const { type, view } = authorise(deps, request, request.params.type, 'read')
    const { id } = request.params
    if (!FHIR_ID.test(id)) throw APP_ERRORS.error('APP_NOT_FOUND')
    const stored = await fromStore(() => view.resource(type, id))
    return sendStored(request, reply, stored)
  })

  app.get<{ Params: { type: string; id: string; version: string } }>(
    '/:type/:id/_history/:version',
    async (request, reply) => {
      const { type, view } = authorise(deps, request, request.params.type, 'read')
      const { id, version } = request.params
      if (!FHIR_ID.test(id) || !VERSION.test(version)) throw APP_ERRORS.error('APP_NOT_FOUND')
      const stored = await fromStore(() => view.resourceVersion(type, id, Number(version)))
      return sendStored(request, reply, stored)
    },
  )
}

function addSearches(app: FastifyInstance, deps: FhirDeps): void {
  const handlers = searchHandlers({ random: deps.ports.random, baseUrl: deps.baseUrl })

  app.get<{ Params: { type: string } }>('/:type', async (request, reply) => {
    const call = authorise(deps, request, request.params.type, 'search')
    const bundle = await handlers.byQuery(request, call)
    return sendResource(reply, bundle, { isPretty: controlsOf(request).isPretty })
  })

  app.post<{ Params: { type: string } }>(
    '/:type/_search',
    { bodyLimit: FORM_BYTES_MAX },
    async (request, reply) => {
      const call = authorise(deps, request, request.params.type, 'search')
      const bundle = await handlers.byForm(request, call)
      return sendResource(reply, bundle, { isPretty: controlsOf(request).isPretty })
    },
  )
}

/** Throws APP_UNKNOWN_TYPE or APP_FORBIDDEN. */
function authorise(
  deps: FhirDeps,
  request: FastifyRequest,
  typeName: string,
  interaction: Interaction,
): { readonly type: ResourceType; readonly view: View } {
  const { access } = callerOf(request)
  if (!allowsResource(access.scopes, typeName, interaction)) {
    throw APP_ERRORS.error('APP_FORBIDDEN', { where: `${interaction} of this type` })
  }
  const type = servedType(typeName)
  if (type === undefined) throw APP_ERRORS.error('APP_UNKNOWN_TYPE')
  return { type, view: deps.store.view(access.actor, PURPOSE) }
}

function sendStored(
  request: FastifyRequest,
  reply: FastifyReply,
  stored: Awaited<ReturnType<View['resource']>>,
): FastifyReply {
  if (stored === undefined) throw APP_ERRORS.error('APP_NOT_FOUND')
  reply.header('etag', entityTag(stored))
  reply.header('last-modified', new Date(stored.updatedAtMs).toUTCString())
  if (matchesTag(request.headers['if-none-match'], stored)) return reply.code(304).send()
  return sendResource(reply, represent(stored), { isPretty: controlsOf(request).isPretty })
}
