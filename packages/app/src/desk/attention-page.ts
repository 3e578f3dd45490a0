/** What waits for a person: held and dead messages, held and dead deliveries. */
import type { DeliveryRow, DeliveryState, MessageRow, MessageState } from '@almoner/store'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { fromStore } from '../http/failure.ts'
import type { Desk } from './desk-deps.ts'
import { createGuide } from './error-text.ts'
import { viewOf } from './session.ts'

/** Rows shown of each kind; the rest is reached through the filtered list. */
const ROWS_MAX = 50

export function addAttentionPage(app: FastifyInstance, desk: Desk): void {
  app.get('/attention', async (request, reply) => {
    const counts = await fromStore(() => desk.store.counts())
    const held = await messagesIn(desk, request, 'held')
    const dead = await messagesIn(desk, request, 'dead')
    const deliveries = [
      ...(await deliveriesIn(desk, request, 'held')),
      ...(await deliveriesIn(desk, request, 'dead')),
    ]
    return desk.render(request, reply, 'attention.njk', {
      page: 'attention',
      groups: [
        { state: 'held', title: 'Held messages', rows: held, total: counts.messages.held },
        { state: 'dead', title: 'Dead messages', rows: dead, total: counts.messages.dead },
      ],
      deliveries,
      deliveryTotal: counts.deliveries.held + counts.deliveries.dead,
      nowMs: desk.ports.clock.nowMs(),
    })
  })
}

async function messagesIn(desk: Desk, request: FastifyRequest, state: MessageState) {
  const rows = await fromStore(() =>
    viewOf(desk, request).messages({ state }, { countMax: ROWS_MAX }),
  )
  return rows.map((row) => ({ ...row, guidance: createGuide(desk.errorText).message(row.code) }))
}

async function deliveriesIn(desk: Desk, request: FastifyRequest, state: DeliveryState) {
  const rows = await fromStore(() =>
    viewOf(desk, request).messages({ delivery: state }, { countMax: ROWS_MAX }),
  )
  return rows.flatMap((row) =>
    row.deliveries.filter((one) => one.state === state).map((one) => withMessage(desk, row, one)),
  )
}

const withMessage = (desk: Desk, message: MessageRow, delivery: DeliveryRow) => ({
  message,
  ...delivery,
  guidance: createGuide(desk.errorText).delivery(delivery.code),
})
