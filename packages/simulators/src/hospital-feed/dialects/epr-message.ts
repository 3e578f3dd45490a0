/** ADT and radiology reports (ORU) as the electronic patient record sends them, in HL7 v2.5.1. */

import type { Staff } from '../cast/trust.ts'
import { RADIOLOGISTS } from '../cast/trust.ts'
import type { ImagingOrder } from '../clinical/imaging-orders.ts'
import { IMAGING_ORDERS } from '../clinical/imaging-orders.ts'
import type { AdtEvent, ResultEvent, ResultStatus } from '../course/journey.ts'
import { drawFrom } from '../draw.ts'
import { londonStamp, MINUTE_MS } from '../london-time.ts'
import { ADT_STRUCTURES } from './adt-structure.ts'
import {
  eprHeader,
  eprNextOfKin,
  eprOrderNumber,
  eprPatient,
  eprPrimaryCare,
  eprVisit,
} from './epr-parts.ts'
import type { Origin } from './message-parts.ts'
import { doctor } from './message-parts.ts'
import { formattedLines, message, pieces, plain, segment, subpieces } from './segment-text.ts'

/** Keeps the draws that make a report apart from other draws. */
const REPORT = 5

export function eprAdtMessage(event: AdtEvent, origin: Origin): string {
  const { name, hasNextOfKin } = ADT_STRUCTURES[event.trigger]
  const { record, visit } = event
  return message([
    eprHeader(origin, event.atMs, ['ADT', event.trigger, name]),
    segment('EVN', {
      2: londonStamp(event.atMs, 'second'),
      6: londonStamp(event.occurredAtMs, 'second'),
    }),
    eprPatient(record, origin),
    eprPrimaryCare(record),
    hasNextOfKin ? eprNextOfKin(record) : '',
    eprVisit(visit, origin),
  ])
}

export function eprReportMessage(event: ResultEvent, origin: Origin): string {
  const order = IMAGING_ORDERS[event.order]!
  const draw = drawFrom(origin.seed, REPORT, Number(event.orderNumber))
  const radiologist = draw.pick(RADIOLOGISTS)
  const findings = draw.pick(order.findings)
  const conclusion = draw.pick(order.conclusions)
  return message([
    eprHeader(origin, event.atMs, ['ORU', 'R01', 'ORU_R01']),
    eprPatient(event.record, origin),
    event.visit === undefined ? '' : eprVisit(event.visit, origin),
    segment('ORC', {
      1: 'RE',
      2: eprOrderNumber(event.orderNumber, 'OCS', '2'),
      3: eprOrderNumber(`R${event.orderNumber}`, 'RIS', '3'),
      5: event.status === 'P' ? 'A' : 'CM',
      9: londonStamp(event.atMs, 'second'),
      12: doctor(event.requester),
    }),
    request(event, order, radiologist),
    ...observations(event, order, reportLines(event.status, findings, conclusion)),
  ])
}

function request(event: ResultEvent, order: ImagingOrder, radiologist: Staff): string {
  const { code, family, given } = radiologist
  return segment('OBR', {
    1: '1',
    2: eprOrderNumber(event.orderNumber, 'OCS', '2'),
    3: eprOrderNumber(`R${event.orderNumber}`, 'RIS', '3'),
    4: pieces(order.code, order.name, 'RVRAD'),
    7: londonStamp(event.collectedAtMs, 'second'),
    8: londonStamp(event.collectedAtMs + 10 * MINUTE_MS, 'second'),
    16: doctor(event.requester),
    22: londonStamp(event.atMs, 'second'),
    24: 'RAD',
    25: event.status,
    32: subpieces(code, family, given, '', '', 'Dr', '', '', 'GMC'),
  })
}

function reportLines(
  status: ResultStatus,
  findings: readonly string[],
  conclusion: string,
): readonly string[] {
  if (status === 'P') return ['Verbal report, not yet verified.', ...findings]
  const corrected = status === 'C' ? ['CORRECTED REPORT: side amended.', ''] : []
  return [...corrected, ...findings, '', `Conclusion: ${conclusion}`]
}

/** The report as one formatted text, then its last line as plain text for screens without room. */
function observations(
  event: ResultEvent,
  order: ImagingOrder,
  lines: readonly string[],
): readonly string[] {
  const rows = [
    { type: 'FT', code: `${order.code}-R`, name: 'Report', value: formattedLines(lines) },
    { type: 'TX', code: `${order.code}-S`, name: 'Summary', value: plain(lines.at(-1) ?? '') },
  ]
  return rows.map(({ type, code, name, value }, at) =>
    segment('OBX', {
      1: String(at + 1),
      2: type,
      3: pieces(code, name, 'RVRAD'),
      5: value,
      11: event.status,
      14: londonStamp(event.collectedAtMs, 'second'),
    }),
  )
}
