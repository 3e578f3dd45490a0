/** Whether the process lives and whether it can work. Open, and free of anything worth knowing. */
import type { FastifyInstance } from 'fastify'
import type { HttpDeps } from './deps.ts'

export function addHealth(app: FastifyInstance, deps: Pick<HttpDeps, 'isReady'>): void {
  app.get('/health/live', async () => ({ status: 'live' }))
  app.get('/health/ready', async (_request, reply) => {
    const { ready, why } = deps.isReady()
    reply.code(ready ? 200 : 503)
    return ready ? { status: 'ready' } : { status: 'not ready', why: why ?? 'starting' }
  })
}
