/**
 * Server-sent events: which messages changed. Only ids go out, gathered for a moment, so that a
 * busy engine does not flood a browser; the page then asks for its rows like anyone.
 * Source: WHATWG HTML "Server-sent events".
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { APP_ERRORS } from '../app.errors.ts'
import type { Desk } from './desk-deps.ts'
import { findSession, sessionOf } from './session.ts'

const GATHER_MS = 250
const HEARTBEAT_MS = 20_000
const STREAMS_MAX = 100
/** Beyond it the page only learns that many changed. */
const IDS_MAX = 50

export function addLiveFeed(app: FastifyInstance, desk: Desk): void {
  const open = new Set<() => void>()
  app.addHook('preClose', async () => {
    for (const end of open) end()
  })
  app.get('/live', { exposeHeadRoute: false }, async (request, reply) => {
    if (open.size >= STREAMS_MAX) throw APP_ERRORS.error('APP_TOO_MANY_STREAMS')
    stream(desk, request, reply, open)
    return reply
  })
}

function stream(
  desk: Desk,
  request: FastifyRequest,
  reply: FastifyReply,
  open: Set<() => void>,
): void {
  const { clock } = desk.ports
  const raw = reply.raw
  let changed = new Set<string>()
  let cancelGather: (() => void) | undefined
  let cancelHeartbeat: (() => void) | undefined

  reply.hijack()
  raw.writeHead(200, {
    // Headers that the hooks have set (a hijacked reply does not send them by itself).
    ...Object.fromEntries(Object.entries(reply.getHeaders()).filter(([, value]) => value)),
    'content-type': 'text/event-stream; charset=utf-8',
    'x-accel-buffering': 'no',
  })
  raw.write('retry: 3000\n\n')

  const unsubscribe = desk.changes.subscribe(({ messageId }) => {
    if (changed.size <= IDS_MAX) changed.add(messageId)
    cancelGather ??= clock.after(GATHER_MS, send)
  })
  const cancelExpiry = clock.after(
    Math.max(0, sessionOf(request).access.expiresAtMs - clock.nowMs()),
    end,
  )
  cancelHeartbeat = clock.after(HEARTBEAT_MS, () => void heartbeat())
  raw.on('close', end)
  open.add(end)

  function send(): void {
    cancelGather = undefined
    const ids = [...changed]
    changed = new Set()
    const data = ids.length > IDS_MAX ? { isMany: true, ids: [] } : { isMany: false, ids }
    raw.write(`event: change\ndata: ${JSON.stringify(data)}\n\n`)
  }

  /** Keeps the connection known as alive, and ends it when the session has ended meanwhile. */
  async function heartbeat(): Promise<void> {
    const session = await findSession(desk, request).catch(() => undefined)
    if (session === undefined) return end()
    if (!open.has(end)) return
    raw.write(': alive\n\n')
    cancelHeartbeat = clock.after(HEARTBEAT_MS, () => void heartbeat())
  }

  function end(): void {
    if (!open.delete(end)) return
    unsubscribe()
    cancelGather?.()
    cancelHeartbeat?.()
    cancelExpiry()
    raw.end()
  }
}
