/**
 * Results as the laboratory sends them: HL7 v2.3.1 in ISO 8859-1, names in capitals and without
 * the accents that its character set lacks. Source: HL7 v2.3.1 chapter 7; HL7 UK A.3 (PID-3).
 */

import type { Panel } from '../clinical/lab-orders.ts'
import { LABORATORY_ORDERS } from '../clinical/lab-orders.ts'
import { panelComments, panelResults } from '../clinical/lab-results.ts'
import type { Observation } from '../clinical/observation.ts'
import { LABORATORY_CODES } from '../clinical/observation.ts'
import type { ResultEvent } from '../course/journey.ts'
import { drawFrom } from '../draw.ts'
import { londonStamp, MINUTE_MS } from '../london-time.ts'
import { latinOne } from './latin-one.ts'
import type { Origin } from './message-parts.ts'
import { doctor, location } from './message-parts.ts'
import { header, message, pieces, plain, repetitions, segment, subpieces } from './segment-text.ts'

/** Keeps the draws that make results apart from other draws. */
const RESULTS = 4

export function labMessage(event: ResultEvent, origin: Origin): string {
  const { panels } = LABORATORY_ORDERS[event.order]!
  return message([
    header({
      3: 'LIMS',
      4: origin.organisation,
      5: 'TIE',
      6: origin.organisation,
      7: londonStamp(event.atMs, 'second'),
      9: pieces('ORU', 'R01'),
      10: origin.controlId,
      11: 'P',
      12: '2.3.1',
      17: 'GBR',
      18: '8859/1',
    }),
    patient(event, origin),
    visit(event, origin),
    ...panels.flatMap((panel, at) => panelSegments(event, origin, panel, at)),
  ])
}

function patient({ record }: ResultEvent, origin: Origin): string {
  const { nhsNumber, mrn, family, given, birthDate, sex, address } = record
  return segment('PID', {
    1: '1',
    3: repetitions(
      nhsNumber === '' ? '' : pieces(nhsNumber, '', '', 'NHS', 'NH'),
      pieces(mrn, '', '', origin.organisation, 'MR'),
    ),
    5: pieces(latinOne(family).toUpperCase(), latinOne(given).toUpperCase()),
    7: birthDate,
    8: { '1': 'M', '2': 'F', '9': 'O', '0': 'U' }[sex],
    11:
      address === undefined
        ? ''
        : pieces(address.line, address.village, address.town, '', address.postcode),
  })
}

function visit({ visit }: ResultEvent, origin: Origin): string {
  if (visit === undefined) return ''
  return segment('PV1', {
    1: '1',
    2: visit.patientClass,
    3: location(visit.bed, origin.organisation),
    7: doctor(visit.consultant),
    19: pieces(visit.number, '', '', origin.organisation, 'VN'),
  })
}

function panelSegments(
  event: ResultEvent,
  origin: Origin,
  panel: Panel,
  at: number,
): readonly string[] {
  const draw = drawFrom(origin.seed, RESULTS, Number(event.orderNumber), at)
  const rows = panelResults(draw, panel, event.status, event.record.sex)
  const comments = event.status === 'P' ? [] : panelComments(draw, panel)
  const placer = pieces(`${event.orderNumber}${at}`, 'OCS')
  const filler = pieces(`L${event.orderNumber}${at}`, 'LIMS')
  const order = segment('ORC', {
    1: 'RE',
    2: placer,
    3: filler,
    5: event.status === 'P' ? 'A' : 'CM',
    9: londonStamp(event.collectedAtMs, 'minute'),
    12: doctor(event.requester),
  })
  const request = segment('OBR', {
    1: String(at + 1),
    2: placer,
    3: filler,
    4: pieces(panel.code, panel.name, LABORATORY_CODES),
    7: londonStamp(event.collectedAtMs, 'minute'),
    13: event.visit === undefined ? '' : plain(event.visit.reason),
    14: londonStamp(event.collectedAtMs + 20 * MINUTE_MS, 'minute'),
    15: subpieces(...panel.specimen, 'HL70070'),
    16: doctor(event.requester),
    22: londonStamp(event.atMs, 'minute'),
    24: panel.section,
    25: event.status,
  })
  return [
    order,
    request,
    ...notes(comments),
    ...rows.flatMap((row, nth) => result(event, row, nth)),
  ]
}

function result(event: ResultEvent, row: Observation, at: number): readonly string[] {
  const observation = segment('OBX', {
    1: String(at + 1),
    2: row.type,
    3: pieces(...row.code),
    4: row.subId,
    5: row.value,
    6: plain(row.units),
    7: plain(row.range),
    8: row.flag,
    11: row.status,
    14: londonStamp(event.collectedAtMs, 'minute'),
  })
  return [observation, ...notes(row.notes)]
}

const notes = (texts: readonly string[]): readonly string[] =>
  texts.map((text, at) => segment('NTE', { 1: String(at + 1), 2: 'L', 3: plain(text) }))
