/** The audit log: how long it is, and whether it still fits together when checked from the start. */
import type { FastifyInstance } from 'fastify'
import { fromStore } from '../http/failure.ts'
import type { Desk } from './desk-deps.ts'
import { requireFormToken } from './session.ts'

export function addAuditPage(app: FastifyInstance, desk: Desk): void {
  app.get('/audit', async (request, reply) => {
    const counts = await fromStore(() => desk.store.counts())
    return desk.render(request, reply, 'audit.njk', {
      page: 'audit',
      entries: counts.auditEntries,
    })
  })

  // A button and not a page load, because it reads the whole log.
  app.post('/audit/verify', async (request, reply) => {
    requireFormToken(request)
    const startedMs = desk.ports.clock.monotonicMs()
    const verdict = await fromStore(() => desk.store.verifyAudit())
    return desk.render(request, reply, 'audit.njk', {
      page: 'audit',
      entries: verdict.entries,
      verdict,
      tookMs: Math.round(desk.ports.clock.monotonicMs() - startedMs),
      verifiedAtMs: desk.ports.clock.nowMs(),
    })
  })
}
