/**
 * UTC offsets of local times. HL7 v2 times mostly carry no offset: they are wall-clock times where
 * the sender stands. In the hour that the clocks skip in spring no such time exists; in the hour
 * that they repeat in autumn there are two, and the first (summer time) is taken and flagged.
 * Source: tz database, through Temporal (ECMA-262).
 */
import { MAP_ERRORS } from '../errors.ts'

export type LocalTime = {
  readonly year: number
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
  readonly second: number
}

export type Offset =
  | { readonly kind: 'known' | 'twice'; readonly offset: string }
  /** The clocks skipped this time, or its offset is not whole minutes. */
  | { readonly kind: 'never' }

export type Zone = { readonly name: string; readonly offsetOf: (time: LocalTime) => Offset }

/** Days are remembered up to this many; then the memory starts again. */
const DAYS_MAX = 20_000

const NEVER: Offset = { kind: 'never' }
const WHOLE_MINUTES = /^[+-]\d\d:\d\d$/

/** @throws MAP_UNKNOWN_TIME_ZONE */
export function createZone(name: string): Zone {
  assertZone(name)
  const days = new Map<number, Offset | undefined>()

  /** The offset of a whole day; undefined on the day of a change. */
  const dayOffset = (time: LocalTime): Offset | undefined => {
    const key = (time.year * 13 + time.month) * 32 + time.day
    if (days.has(key)) return days.get(key)
    if (days.size >= DAYS_MAX) days.clear()
    const offset = wholeDayOffset(name, time)
    days.set(key, offset)
    return offset
  }
  return { name, offsetOf: (time) => dayOffset(time) ?? exactOffset(name, time) }
}

function assertZone(name: string): void {
  try {
    Temporal.PlainDate.from('2000-01-01').toZonedDateTime(name)
  } catch (cause) {
    throw MAP_ERRORS.error('MAP_UNKNOWN_TIME_ZONE', { cause })
  }
}

function wholeDayOffset(name: string, { year, month, day }: LocalTime): Offset | undefined {
  const date = Temporal.PlainDate.from({ year, month, day })
  const start = date.toZonedDateTime({ timeZone: name })
  const end = date.add({ days: 1 }).toZonedDateTime({ timeZone: name })
  return start.offset === end.offset ? known(start.offset, 'known') : undefined
}

function exactOffset(name: string, time: LocalTime): Offset {
  const local = Temporal.PlainDateTime.from(time)
  const earlier = local.toZonedDateTime(name, { disambiguation: 'earlier' })
  const later = local.toZonedDateTime(name, { disambiguation: 'later' })
  if (earlier.offset === later.offset) return known(earlier.offset, 'known')
  return earlier.toPlainDateTime().equals(local) ? known(earlier.offset, 'twice') : NEVER
}

/** FHIR writes offsets in hours and minutes; local mean time before 1847 had seconds. */
const known = (offset: string, kind: 'known' | 'twice'): Offset =>
  WHOLE_MINUTES.test(offset) ? { kind, offset } : NEVER
