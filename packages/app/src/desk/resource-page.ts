/** One FHIR resource as JSON, current or in an earlier version. Every look is audited. */
import type { ResourceType } from '@almoner/fhir'
import type { FastifyInstance } from 'fastify'
import { APP_ERRORS } from '../app.errors.ts'
import { fromStore } from '../http/failure.ts'
import { represent } from '../http/fhir/represent.ts'
import type { Desk } from './desk-deps.ts'
import { visible } from './safe-html.ts'
import { viewOf } from './session.ts'

export function addResourcePage(app: FastifyInstance, desk: Desk): void {
  app.get<{ Params: { type: string; id: string; version?: string } }>(
    '/resources/:type/:id/:version?',
    async (request, reply) => {
      const { id, version } = request.params
      if (!/^[A-Z][A-Za-z]{1,63}$/.test(request.params.type)) {
        throw APP_ERRORS.error('APP_NOT_FOUND')
      }
      // Shaped like a type; the store holds nothing under a name that is none.
      const type = request.params.type as ResourceType
      if (version !== undefined && !/^[1-9]\d{0,8}$/.test(version)) {
        throw APP_ERRORS.error('APP_NOT_FOUND')
      }
      const view = viewOf(desk, request)
      const stored = await fromStore(() =>
        version === undefined
          ? view.resource(type, id)
          : view.resourceVersion(type, id, Number(version)),
      )
      if (stored === undefined) throw APP_ERRORS.error('APP_NOT_FOUND')
      return desk.render(request, reply, 'resource.njk', {
        page: 'messages',
        stored,
        isOlder: version !== undefined,
        json: visible(JSON.stringify(represent(stored), null, 2)),
      })
    },
  )
}
