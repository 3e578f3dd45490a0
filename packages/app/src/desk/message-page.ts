/** One message: what came, what was made of it, where it went, who looked, and what to do next. */
import { isAlmonerError } from '@almoner/core'
import type { MessageDetail } from '@almoner/store'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { APP_ERRORS } from '../app.errors.ts'
import { fromStore } from '../http/failure.ts'
import type { Desk } from './desk-deps.ts'
import { createGuide } from './error-text.ts'
import type { Explained } from './explained.ts'
import { renderFhirSide } from './fhir-side.ts'
import { ledgerGroups } from './ledger-view.ts'
import { linkSides, targetNames } from './linked-sides.ts'
import { renderMessageSide } from './message-side.ts'
import { segmentLines } from './message-text.ts'
import { viewOf } from './session.ts'

/** A form that came back with a mistake. */
export type ReleaseProblem = {
  /** Id of what was to be released: the message or one of its deliveries. */
  readonly id: string
  readonly why: string
  readonly decision: string
  readonly sentence: string
}

export function addMessagePage(app: FastifyInstance, desk: Desk): void {
  app.get<{ Params: { id: string } }>('/messages/:id', async (request, reply) =>
    showMessage(desk, request, reply, request.params.id),
  )
}

/** Renders the page of a message; throws APP_NOT_FOUND. The look is audited by the view. */
export async function showMessage(
  desk: Desk,
  request: FastifyRequest,
  reply: FastifyReply,
  id: string,
  problem?: ReleaseProblem,
): Promise<FastifyReply> {
  const detail = await fromStore(() => viewOf(desk, request).message(id))
  if (detail === undefined) throw APP_ERRORS.error('APP_NOT_FOUND')
  const { released } = request.query as { readonly released?: unknown } // parsed, any shape
  const explained = await explain(desk, request, detail)
  const guide = createGuide(desk.errorText)
  return desk.render(request, reply, 'message.njk', {
    page: 'messages',
    row: detail.row,
    detail,
    currentVersion: versionInForce(desk, detail.row.route),
    guidance: guide.message(detail.row.code),
    deliveries: detail.row.deliveries.map((delivery) => ({
      ...delivery,
      guidance: guide.delivery(delivery.code),
      reply: linesOf(detail.replies.get(delivery.id)),
    })),
    ack: segmentLines(detail.ack),
    body: segmentLines(detail.body),
    linked: explained.kind === 'explained' ? linkedContext(explained.explained) : undefined,
    explainProblem: explained.kind === 'failed' ? explained.problem : undefined,
    problem,
    released: typeof released === 'string' ? released : undefined,
  })
}

/** The version of a route that new messages are taken with; undefined when it is gone. */
export const versionInForce = (desk: Desk, route: string): string | undefined =>
  desk.site.routes.find(({ name }) => name === route)?.version

const linesOf = (bytes: Uint8Array | undefined): ReturnType<typeof segmentLines> | undefined =>
  bytes === undefined ? undefined : segmentLines(bytes)

type Explanation =
  | { readonly kind: 'explained'; readonly explained: Explained }
  | {
      readonly kind: 'failed'
      readonly problem: { readonly code: string; readonly sentence: string }
    }

/**
 * A message that cannot be explained must still be seen: the page then shows it as it came. A
 * fault of ours is logged and shown by its code.
 */
async function explain(
  desk: Desk,
  request: FastifyRequest,
  detail: MessageDetail,
): Promise<Explanation> {
  try {
    return { kind: 'explained', explained: await desk.explain(detail) }
  } catch (thrown) {
    const error = isAlmonerError(thrown) ? thrown : APP_ERRORS.error('APP_EXPLAIN_FAILED')
    if (error !== thrown) {
      desk.log.error('explain.failed', { requestId: request.id, messageId: detail.row.id })
    }
    return { kind: 'failed', problem: { code: error.code, sentence: error.message } }
  }
}

function linkedContext(explained: Explained) {
  const nameOf = targetNames(explained)
  const sides = linkSides(explained)
  const fhirSide = renderFhirSide(explained, sides, nameOf)
  const segments = renderMessageSide(explained, {
    sides,
    elementOfTarget: fhirSide.elementOfTarget,
    nameOf,
  })
  return {
    segments,
    resources: fhirSide.resources,
    ledger: ledgerGroups(explained, sides, nameOf),
    leftOutCount: sides.leftOutCount,
    leniencies: explained.message.leniencies,
    problem: explained.problem,
    sameVersion: explained.sameVersion,
  }
}
