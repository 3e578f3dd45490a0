/**
 * Local time of Europe/London as HL7 v2 writes it, without a zone, as UK hospital systems do.
 * Source: HL7 v2.4 section 2.9.47 (TS); The Summer Time Order 2002 (01:00 UTC on the last Sundays
 * of March and October).
 */
export const MINUTE_MS = 60_000
export const HOUR_MS = 60 * MINUTE_MS
export const DAY_MS = 24 * HOUR_MS

/** What London adds to UTC at this moment. */
export function londonOffsetMs(atMs: number): number {
  const year = new Date(atMs).getUTCFullYear()
  return atMs >= clockChangeMs(year, 2) && atMs < clockChangeMs(year, 9) ? HOUR_MS : 0
}

/** 01:00 UTC on the last Sunday of a month (0 = January). */
function clockChangeMs(year: number, month: number): number {
  const lastDay = new Date(Date.UTC(year, month + 1, 0))
  return lastDay.getTime() - lastDay.getUTCDay() * DAY_MS + HOUR_MS
}

const LENGTH = { day: 8, minute: 12, second: 14 } as const

/** `YYYYMMDD`, `YYYYMMDDHHMM` or `YYYYMMDDHHMMSS`. */
export function londonStamp(atMs: number, precision: keyof typeof LENGTH): string {
  const local = new Date(atMs + londonOffsetMs(atMs)).toISOString()
  return local.replaceAll(/[-:T]/g, '').slice(0, LENGTH[precision])
}
