/**
 * The clerks' diary of one journey: writes ADT events one after another, in simulated time. Times
 * are whole steps of five minutes, which leaves the minutes between for results.
 */
import type { Draw } from '../draw.ts'
import { HOUR_MS, londonOffsetMs, MINUTE_MS } from '../london-time.ts'
import type { AdtEvent } from './journey.ts'

const STEP_MS = 5 * MINUTE_MS

export type DiaryEntry = Pick<AdtEvent, 'trigger' | 'title' | 'record' | 'visit'> &
  Partial<Pick<AdtEvent, 'source' | 'merged' | 'isHomePhoneDeleted'>>

export type Diary = {
  readonly nowMs: () => number
  /** Lets time pass: at least `minMinutes`, at most `maxMinutes`, both at least 10. */
  readonly wait: (minMinutes: number, maxMinutes: number) => void
  /** As `wait`, then on to the next morning when the offices are closed. */
  readonly waitForOffice: (minMinutes: number, maxMinutes: number) => void
  readonly write: (entry: DiaryEntry) => void
  readonly events: readonly AdtEvent[]
}

export function openDiary(draw: Draw, patient: number, journey: number, startMs: number): Diary {
  const events: AdtEvent[] = []
  let now = roundUp(startMs)
  const wait = (minMinutes: number, maxMinutes: number): void => {
    now = roundUp(now + draw.whole(minMinutes, maxMinutes) * MINUTE_MS)
  }
  return {
    events,
    nowMs: () => now,
    wait,
    waitForOffice: (minMinutes, maxMinutes) => {
      wait(minMinutes, maxMinutes)
      const hour = new Date(now + londonOffsetMs(now)).getUTCHours()
      if (hour >= 8 && hour < 19) return
      // The start of the hour, then on to between eight and ten in the morning.
      const hoursToEight = hour < 8 ? 8 - hour : 32 - hour
      now = roundUp(now - (now % HOUR_MS) + hoursToEight * HOUR_MS + draw.whole(0, 119) * MINUTE_MS)
    },
    write: (entry) => {
      events.push({
        kind: 'adt',
        source: 'pas',
        merged: undefined,
        isHomePhoneDeleted: false,
        ...entry,
        patient,
        journey,
        atMs: now,
        occurredAtMs: now - draw.whole(0, 4) * MINUTE_MS,
      })
    },
  }
}

const roundUp = (atMs: number): number => Math.ceil(atMs / STEP_MS) * STEP_MS
