/**
 * A person's decision on what waits: again at its old place, or given up so that its lane moves
 * on, always with a reason that the audit keeps. The engine is woken only once it is durable.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { APP_ERRORS } from '../app.errors.ts'
import { fromStore } from '../http/failure.ts'
import type { Desk } from './desk-deps.ts'
import { type ReleaseProblem, showMessage, versionInForce } from './message-page.ts'
import { formField, requireDeskRelease, requireFormToken, sessionOf, viewOf } from './session.ts'

const WHY_CHARS_MAX = 500
const RETRY_CURRENT = 'retry-current'
const CHOICES: readonly string[] = ['retry', RETRY_CURRENT, 'dismiss']

export function addReleases(app: FastifyInstance, desk: Desk): void {
  app.post<{ Params: { id: string } }>('/messages/:id/release', async (request, reply) => {
    const { id } = request.params
    return release(desk, request, reply, { messageId: id, deliveryId: undefined })
  })
  app.post<{ Params: { id: string; deliveryId: string } }>(
    '/messages/:id/deliveries/:deliveryId/release',
    async (request, reply) => {
      const { id, deliveryId } = request.params
      return release(desk, request, reply, { messageId: id, deliveryId })
    },
  )
}

async function release(
  desk: Desk,
  request: FastifyRequest,
  reply: FastifyReply,
  subject: { readonly messageId: string; readonly deliveryId: string | undefined },
): Promise<FastifyReply> {
  requireFormToken(request)
  requireDeskRelease(sessionOf(request))
  const { messageId, deliveryId } = subject
  const id = deliveryId ?? messageId
  const why = formField(request, 'why').trim()
  const choice = formField(request, 'decision')
  const sentence = problemWith(why, choice)
  if (sentence !== undefined) {
    const shown = why.slice(0, WHY_CHARS_MAX)
    const problem: ReleaseProblem = { id, why: shown, decision: choice, sentence }
    return showMessage(desk, request, reply.code(400), messageId, problem)
  }
  const routeVersion =
    choice === RETRY_CURRENT && deliveryId === undefined
      ? await currentVersion(desk, request, messageId)
      : undefined
  const decided = await fromStore(() =>
    desk.store.write(deliveryId === undefined ? 'releaseMessage' : 'releaseDelivery', {
      id,
      decision: choice === 'dismiss' ? 'dismiss' : 'retry',
      ...(routeVersion === undefined ? {} : { routeVersion }),
      by: sessionOf(request).access.actor,
      why,
      atMs: desk.ports.clock.nowMs(),
    }),
  )
  if (decided.released) {
    if (deliveryId === undefined) desk.onReleaseMessage(id)
    else desk.onReleaseDelivery(id)
  }
  const kind = deliveryId === undefined ? 'message' : 'delivery'
  const result = decided.released ? kind : 'nothing'
  return reply.redirect(`/desk/messages/${encodeURIComponent(messageId)}?released=${result}`, 303)
}

/** The version in force of the message's route; the look at the message is audited. */
async function currentVersion(
  desk: Desk,
  request: FastifyRequest,
  messageId: string,
): Promise<string | undefined> {
  const detail = await fromStore(() => viewOf(desk, request).message(messageId))
  if (detail === undefined) throw APP_ERRORS.error('APP_NOT_FOUND')
  return versionInForce(desk, detail.row.route)
}

function problemWith(why: string, choice: string): string | undefined {
  if (!CHOICES.includes(choice)) return 'Choose what to do'
  if (why === '') return 'Give the reason for your decision'
  if (why.length > WHY_CHARS_MAX) return `The reason must be ${WHY_CHARS_MAX} characters or fewer`
  return undefined
}
