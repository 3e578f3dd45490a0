/**
 * Agreements count in days, as people sign them: a day begins and ends in British time, in summer
 * an hour before UTC. A day is written 2026-12-31, so days compare as texts.
 */

const london = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/London',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
})

const HOUR_MS = 3_600_000
let lastHour: number | undefined
let lastDay = ''

/**
 * The calendar day in the United Kingdom at a moment (milliseconds since 1970 UTC). British time
 * is whole hours from UTC, so a day can only change with the hour: the last answer is kept,
 * because it is asked for with every delivery.
 */
export function dayAt(atMs: number): string {
  const hour = Math.floor(atMs / HOUR_MS)
  if (hour === lastHour) return lastDay
  const parts = new Map(london.formatToParts(atMs).map(({ type, value }) => [type, value]))
  lastHour = hour
  lastDay = `${parts.get('year')}-${parts.get('month')}-${parts.get('day')}`
  return lastDay
}

/** True for a day that exists: 2028-02-29 does, 2027-02-29 does not. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const day = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text)
}
