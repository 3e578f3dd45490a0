/**
 * Figures for Prometheus: counts by state, never a patient. Needs a bearer token with the scope
 * `metrics`, also on loopback, because a reverse proxy on the same machine makes every caller local.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { METRICS } from '../access/scopes.ts'
import { APP_ERRORS } from '../app.errors.ts'
import { authenticateBearer, endpointOf } from './bearer.ts'
import type { HttpDeps } from './deps.ts'
import { failureOf, fromStore } from './failure.ts'

export type MetricsDeps = HttpDeps & {
  readonly refuse: (
    request: FastifyRequest,
    code: string,
    outcome: 'refused' | 'failed',
  ) => Promise<void>
}

export function addMetrics(app: FastifyInstance, deps: MetricsDeps): void {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry, prefix: 'almoner_' })
  const setCounts = countGauges(registry, deps)
  const answered = new Histogram({
    name: 'almoner_http_answer_seconds',
    help: 'Time from request to answer, by address pattern and status.',
    labelNames: ['endpoint', 'status'],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
    registers: [registry],
  })
  app.addHook('onResponse', async (request, reply) => {
    const labels = { endpoint: endpointOf(request), status: String(reply.statusCode) }
    answered.observe(labels, reply.elapsedTime / 1000)
  })

  app.route({
    method: 'GET',
    url: '/metrics',
    onRequest: async (request) => {
      const { access } = await authenticateBearer(deps, request)
      if (!access.scopes.includes(METRICS)) throw APP_ERRORS.error('APP_FORBIDDEN')
    },
    handler: async (_request, reply) => {
      setCounts(await fromStore(() => deps.store.counts()))
      const more = (await deps.metrics?.()) ?? ''
      return reply.type(registry.contentType).send(`${await registry.metrics()}\n${more}`)
    },
    errorHandler: async (thrown, request, reply) => {
      const error = failureOf(thrown)
      if (error.http < 500) await deps.refuse(request, error.code, 'refused')
      if (error.http === 401) reply.header('www-authenticate', 'Bearer realm="almoner"')
      return reply.code(error.http).type('text/plain').send(`${error.code}: ${error.message}\n`)
    },
  })
}

type Counts = Awaited<ReturnType<HttpDeps['store']['counts']>>

function countGauges(registry: Registry, deps: Pick<HttpDeps, 'ports'>): (counts: Counts) => void {
  const gauge = (name: string, help: string, ...labelNames: string[]): Gauge =>
    new Gauge({ name: `almoner_${name}`, help, labelNames, registers: [registry] })
  const messages = gauge('messages', 'Messages in the journal, by state.', 'state')
  const deliveries = gauge('deliveries', 'Deliveries in the outbox, by state.', 'state')
  const resources = gauge('resources', 'FHIR resources held, by type.', 'type')
  const leaves = gauge('ledger_leaves', 'Leaves of messages, by what became of them.', 'fate')
  const repeats = gauge('repeats', 'Messages that a sender sent again.')
  const audit = gauge('audit_entries', 'Entries in the audit log.')
  const age = gauge('oldest_received_age_seconds', 'Age of the oldest message not yet finished.')

  return (counts) => {
    for (const [state, count] of Object.entries(counts.messages)) messages.set({ state }, count)
    for (const [state, count] of Object.entries(counts.deliveries)) deliveries.set({ state }, count)
    for (const [type, count] of Object.entries(counts.resources)) resources.set({ type }, count)
    for (const [fate, count] of Object.entries(counts.ledger)) leaves.set({ fate }, count)
    repeats.set(counts.repeats)
    audit.set(counts.auditEntries)
    const { oldestReceivedAtMs } = counts
    const nowMs = deps.ports.clock.nowMs()
    age.set(oldestReceivedAtMs === undefined ? 0 : Math.max(0, nowMs - oldestReceivedAtMs) / 1000)
  }
}
