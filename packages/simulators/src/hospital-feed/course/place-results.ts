/**
 * Places orders and their reports within a journey. Reports come at minutes that no other message
 * of the patient uses, so that the messages of one patient have one order.
 */

import { IMAGING_ORDERS } from '../clinical/imaging-orders.ts'
import { LABORATORY_ORDERS } from '../clinical/lab-orders.ts'
import type { Draw } from '../draw.ts'
import { MINUTE_MS } from '../london-time.ts'
import type { JourneyEvent, ResultEvent, ResultStatus } from './journey.ts'
import type { Versions } from './programme.ts'

export type ResultWindow = { readonly fromMs: number; readonly toMs: number }

type Order = Pick<ResultEvent, 'kind' | 'source' | 'order'> & {
  readonly name: string
  readonly reportMinutes: Readonly<Record<ResultStatus, number>>
  readonly versions: Versions
}

const STATUS_NAMES = { P: 'preliminary', F: 'final', C: 'corrected' } as const

/** Orders one journey may have: each has a number of its own. */
const ORDERS_MAX = 100

/**
 * The events of a journey with the reports of its orders among them, in order of time. Samples
 * are taken spread over the window. A report shows what the hospital knows when it is sent.
 */
export function withResults(
  draw: Draw,
  events: readonly JourneyEvent[],
  wanted: {
    readonly laboratory: readonly Versions[]
    readonly imaging: readonly Versions[]
    readonly window: ResultWindow
  },
): readonly JourneyEvent[] {
  const orders = [
    ...wanted.laboratory.map((versions, at) => laboratoryOrder(draw, versions, at === 0)),
    ...wanted.imaging.map((versions) => imagingOrder(draw, versions)),
  ]
  const lengthMs = wanted.window.toMs - wanted.window.fromMs
  let placed: readonly JourneyEvent[] = events
  orders.forEach((order, at) => {
    const share = (at + draw.between(0.1, 0.9)) / orders.length
    const collectedAtMs = wholeMinute(wanted.window.fromMs + share * lengthMs)
    placed = [...placed, ...reportsOf(draw, placed, order, at, collectedAtMs)]
  })
  return placed.toSorted((a, b) => a.atMs - b.atMs)
}

function reportsOf(
  draw: Draw,
  placed: readonly JourneyEvent[],
  order: Order,
  at: number,
  collectedAtMs: number,
): readonly ResultEvent[] {
  const taken = new Set(placed.map((event) => event.atMs))
  const clinical = placed.filter((event) => event.kind === 'adt')
  return [...order.versions].map((letter) => {
    const status = letter as ResultStatus // Versions is made of these letters only.
    const delayMinutes = order.reportMinutes[status] + draw.whole(0, 20)
    const atMs = freeMinute(taken, collectedAtMs + delayMinutes * MINUTE_MS)
    const known = clinical.findLast((event) => event.atMs <= atMs)
    if (known === undefined) throw new RangeError('a report before the patient was known')
    const { patient, journey, record, visit } = known
    return {
      kind: order.kind,
      source: order.source,
      patient,
      journey,
      atMs,
      title: `${order.name}: ${STATUS_NAMES[status]} report`,
      record,
      visit,
      orderNumber: String(journey * ORDERS_MAX + at + 1).padStart(8, '0'),
      order: order.order,
      status,
      collectedAtMs,
      requester: visit?.consultant ?? record.practice?.partner,
    }
  })
}

function freeMinute(taken: Set<number>, wishMs: number): number {
  let atMs = wishMs
  while (taken.has(atMs)) atMs += MINUTE_MS
  taken.add(atMs)
  return atMs
}

function laboratoryOrder(draw: Draw, versions: Versions, isFirst: boolean): Order {
  const order = isFirst
    ? draw.pick(['bloods', 'blood-count'])
    : draw.pick([
        'daily-bloods',
        'daily-bloods',
        'troponin',
        'viruses',
        'urine-culture',
        'urine-culture',
      ])
  const { title, reportMinutes } = LABORATORY_ORDERS[order]!
  return { kind: 'laboratory', source: 'lab', order, name: title, reportMinutes, versions }
}

function imagingOrder(draw: Draw, versions: Versions): Order {
  const order = draw.pick(Object.keys(IMAGING_ORDERS))
  const { title } = IMAGING_ORDERS[order]!
  const reportMinutes = { P: 30, F: 180, C: 600 }
  return { kind: 'imaging', source: 'epr', order, name: title, reportMinutes, versions }
}

const wholeMinute = (atMs: number): number => Math.floor(atMs / MINUTE_MS) * MINUTE_MS
