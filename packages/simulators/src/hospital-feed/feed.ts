/**
 * The feed of a hospital: messages of invented patients, one after another, without end. Message
 * n is always the same for a seed, a start and an organisation, and is found without making those
 * before it.
 */
import type { Charset } from '@almoner/hl7v2'
import { encodeText } from '@almoner/hl7v2'
import { SIM_ERRORS } from '../errors.ts'
import type { FeedPlan, PlannedMessage } from './course/day-of-arrivals.ts'
import { messagesOfDay, planArrivalsOf } from './course/day-of-arrivals.ts'
import { MESSAGES_PER_DAY, STAY_DAYS_MAX } from './course/programme.ts'
import { eprAdtMessage, eprReportMessage } from './dialects/epr-message.ts'
import { labMessage } from './dialects/lab-message.ts'
import { pasMessage } from './dialects/pas-message.ts'
import { DAY_MS } from './london-time.ts'

/** The systems that send: patient administration, laboratory, electronic patient record. */
export type FeedSourceName = 'pas' | 'lab' | 'epr'

export type FeedOptions = {
  /** Whole number from 0 to 2^53 - 1. */
  readonly seed: number
  /**
   * Midnight before the first arrivals, in simulated time: milliseconds since 1970 UTC, before
   * the year 2100.
   */
  readonly startAtMs: number
  /** ODS code of the trust: MSH-4, the authority of its numbers. See RIVERSIDE. */
  readonly organisation: string
  /** Index of the first message to give, at most a thousand million; 0 when left out. */
  readonly from?: number
}

export type FeedMessage = {
  /** Position in the feed, from 0. */
  readonly index: number
  readonly source: FeedSourceName
  /** Numbers that name patients and journeys where nothing else may. */
  readonly patient: number
  readonly journey: number
  /** What happened, for a terminal: nothing in it tells about whom. */
  readonly title: string
  readonly endsJourney: boolean
  readonly text: string
  /** The text in the character set that its MSH-18 declares. */
  readonly bytes: Uint8Array
  /** MSH-10: unique in the feed. */
  readonly controlId: string
  /** Simulated time of sending. */
  readonly atMs: number
}

/** Gives messages one after another; `undefined` when there are no more. */
export type MessageSupply = { readonly next: () => FeedMessage | undefined }

/** A supply without end. */
export type Feed = { readonly next: () => FeedMessage }

/**
 * Opens the feed at `from`. Each call of `next` costs the making of one message; the first of
 * each simulated day also plans that day.
 * @throws SIM_OPTION_INVALID
 */
export function createFeed(options: FeedOptions): Feed {
  checkOptions(options)
  const { from = 0 } = options
  const arrivalsOf = rememberDays(options)
  let { day, offset } = findMessage(options, from, arrivalsOf)
  let messages = messagesOfDay(options, day, arrivalsOf)
  let index = from
  return {
    next: () => {
      while (offset >= messages.length) {
        offset = 0
        messages = messagesOfDay(options, ++day, arrivalsOf)
      }
      return writeMessage(options, messages[offset++]!, index++)
    },
  }
}

/**
 * The arrivals of one day, each followed until they have left: about 400 messages with every kind
 * of journey, all of them whole. They are messages of the feed with the same seed and start, under
 * the same control ids; only their indexes count from 0 without a gap.
 * @throws SIM_OPTION_INVALID
 */
export function fixedDay(options: Omit<FeedOptions, 'from'>): readonly FeedMessage[] {
  checkOptions(options)
  return planArrivalsOf(options, 0).map((planned, index) => writeMessage(options, planned, index))
}

/** Messages already made as a supply that ends. */
export function supplyOf(messages: readonly FeedMessage[]): MessageSupply {
  let at = 0
  return { next: () => messages[at++] }
}

/** Beyond these the years of simulated time would not fit into four digits. */
const FROM_MAX = 1_000_000_000
const START_MAX_MS = Date.UTC(2100, 0, 1)

function checkOptions({ seed, startAtMs, organisation, from = 0 }: FeedOptions): void {
  const wrong = (where: string) => SIM_ERRORS.error('SIM_OPTION_INVALID', { where })
  if (!Number.isSafeInteger(seed) || seed < 0) throw wrong('seed: expected a whole number from 0')
  if (!Number.isSafeInteger(startAtMs) || startAtMs < 0 || startAtMs > START_MAX_MS) {
    throw wrong('startAtMs: expected a time before the year 2100')
  }
  if (!/^[A-Z0-9]{3,6}$/.test(organisation)) throw wrong('organisation: expected an ODS code')
  if (!Number.isSafeInteger(from) || from < 0 || from > FROM_MAX) {
    throw wrong(`from: expected a whole number from 0 to ${FROM_MAX}`)
  }
}

type ArrivalsOf = (day: number) => readonly PlannedMessage[]

/** Plans each day of arrivals once, and keeps those that a day of messages draws on. */
function rememberDays(plan: FeedPlan): ArrivalsOf {
  const planned = new Map<number, readonly PlannedMessage[]>()
  return (day) => {
    const known = planned.get(day)
    if (known !== undefined) return known
    const arrivals = planArrivalsOf(plan, day)
    planned.set(day, arrivals)
    planned.delete(day - STAY_DAYS_MAX)
    return arrivals
  }
}

/**
 * The day that sends message `index`, and how many it sends before it. Arrivals make the same
 * number of messages every day, so all but the last few days before any day are known by count.
 */
function findMessage(
  plan: FeedPlan,
  index: number,
  arrivalsOf: ArrivalsOf,
): { readonly day: number; readonly offset: number } {
  let day = Math.floor(index / MESSAGES_PER_DAY)
  let before = countBefore(plan, day, arrivalsOf)
  for (;;) {
    const count = messagesOfDay(plan, day, arrivalsOf).length
    if (index < before + count) return { day, offset: index - before }
    before += count
    day++
  }
}

/** Messages sent before a day begins. */
function countBefore(plan: FeedPlan, day: number, arrivalsOf: ArrivalsOf): number {
  const beginsMs = plan.startAtMs + day * DAY_MS
  const firstOpen = Math.max(0, day - STAY_DAYS_MAX)
  let count = firstOpen * MESSAGES_PER_DAY
  for (let back = firstOpen; back < day; back++) {
    count += arrivalsOf(back).filter((message) => message.event.atMs < beginsMs).length
  }
  return count
}

const CHARSETS: Readonly<Record<FeedSourceName, Charset>> = {
  pas: 'utf-8',
  lab: 'iso-8859-1',
  epr: 'utf-8',
}

function writeMessage(options: FeedOptions, planned: PlannedMessage, index: number): FeedMessage {
  const { event, serial, endsJourney } = planned
  const { source, patient, journey, title, atMs } = event
  const controlId = `${source.toUpperCase()}${String(serial).padStart(10, '0')}`
  const text = writeText(planned, { ...options, controlId })
  const bytes = encodeText(text, CHARSETS[source])
  return { index, source, patient, journey, title, endsJourney, text, bytes, controlId, atMs }
}

function writeText(
  { event }: PlannedMessage,
  origin: { readonly seed: number; readonly organisation: string; readonly controlId: string },
): string {
  switch (event.kind) {
    case 'adt':
      return event.source === 'pas' ? pasMessage(event, origin) : eprAdtMessage(event, origin)
    case 'laboratory':
      return labMessage(event, origin)
    case 'imaging':
      return eprReportMessage(event, origin)
  }
}
