/** What runs here: routes with their versions, sources, destinations. */
import type { FastifyInstance } from 'fastify'
import type { Desk } from './desk-deps.ts'

export function addAboutPage(app: FastifyInstance, desk: Desk): void {
  app.get('/about', async (request, reply) =>
    desk.render(request, reply, 'about.njk', { page: 'about', facts: desk.site }),
  )
}
