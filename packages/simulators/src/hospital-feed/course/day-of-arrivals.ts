/**
 * All messages about the patients who arrive on one day, and from them the messages that the
 * hospital sends on one day. Arrivals of earlier days are still in the building, so a day of
 * messages draws on several days of arrivals.
 */
import assert from 'node:assert/strict'
import { drawFrom } from '../draw.ts'
import { DAY_MS } from '../london-time.ts'
import { planArrival } from './arrival.ts'
import type { JourneyEvent } from './journey.ts'
import { ARRIVALS, MESSAGES_PER_DAY, STAY_DAYS_MAX } from './programme.ts'

/** Keeps the draws that order a day's arrivals apart from other draws. */
const DAY = 3

export type PlannedMessage = {
  /** Unique in the feed, and the same wherever the message is given. */
  readonly serial: number
  readonly event: JourneyEvent
  readonly endsJourney: boolean
}

export type FeedPlan = { readonly seed: number; readonly startAtMs: number }

/** The messages about everyone who arrives on a day (0 is the first), in order of time. */
export function planArrivalsOf(plan: FeedPlan, day: number): readonly PlannedMessage[] {
  const dayMs = plan.startAtMs + day * DAY_MS
  const thisYear = new Date(plan.startAtMs).getUTCFullYear()
  const arrivals = drawFrom(plan.seed, DAY, day).shuffle(ARRIVALS)
  const events = arrivals.flatMap((arrival, at) => {
    const patient = day * ARRIVALS.length + at
    return planArrival({ seed: plan.seed, patient, thisYear, dayMs, arrival })
  })
  assert.equal(events.length, MESSAGES_PER_DAY, 'every day makes the same number of messages')
  const ordered = events.toSorted((a, b) => a.atMs - b.atMs || a.patient - b.patient)
  const lastAtMs = ordered.at(-1)?.atMs ?? dayMs
  assert.ok(lastAtMs < dayMs + STAY_DAYS_MAX * DAY_MS, 'nobody stays longer than planned')
  const lastOfJourney = new Map(ordered.map((event) => [event.journey, event]))
  return ordered.map((event, at) => ({
    serial: day * MESSAGES_PER_DAY + at,
    event,
    endsJourney: lastOfJourney.get(event.journey) === event,
  }))
}

/** What the hospital sends on one day, in order of time. */
export function messagesOfDay(
  plan: FeedPlan,
  day: number,
  arrivalsOf: (day: number) => readonly PlannedMessage[],
): readonly PlannedMessage[] {
  const fromMs = plan.startAtMs + day * DAY_MS
  const messages: PlannedMessage[] = []
  for (let back = Math.max(0, day - STAY_DAYS_MAX + 1); back <= day; back++) {
    for (const message of arrivalsOf(back)) {
      const { atMs } = message.event
      if (atMs >= fromMs && atMs < fromMs + DAY_MS) messages.push(message)
    }
  }
  return messages.sort((a, b) => a.event.atMs - b.event.atMs || a.serial - b.serial)
}
