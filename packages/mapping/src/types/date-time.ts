/**
 * DT, TM, TS and DTM ⇄ FHIR date, time, dateTime and instant. Precision is kept as sent: nothing
 * is filled in but the seconds, which FHIR allows to be zero-filled. A date that does not exist is
 * refused. Source: HL7 v2.5.1 chapter 2A.21-22, 2A.75, 2A.77; FHIR R4 data types, dateTime.
 */
import type { Lens } from '../rule/lens.ts'
import { flag, type Reading } from '../rule/reading.ts'
import type { LocalTime } from './zone.ts'

/** A time stamp taken apart. `digits` tells the precision: 4 year, 6 month, 8 day, 12 minute. */
type Stamp = LocalTime & {
  readonly digits: number
  readonly hasSeconds: boolean
  /** `.25`, or ''. */
  readonly fraction: string
  /** `+01:00`, or '' when the time is local. */
  readonly offset: string
}

const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39

function number(text: string, from: number, to: number): number {
  let value = 0
  for (let at = from; at < to; at++) value = value * 10 + text.charCodeAt(at) - 0x30
  return value
}

function digitCount(text: string, from: number): number {
  let at = from
  while (isDigit(text.charCodeAt(at))) at++
  return at - from
}

const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
const isLeap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)

function dayCount(year: number, month: number): number {
  return month === 2 && isLeap(year) ? 29 : MONTH_DAYS[month - 1]!
}

/** `YYYY[MM[DD[HHMM[SS[.S[S[S[S]]]]]]]][+/-ZZZZ]`; undefined when it is no such time. */
function parseStamp(text: string): Stamp | undefined {
  const digits = digitCount(text, 0)
  // An hour without minutes cannot be said in FHIR, and minutes are not to be invented.
  if (digits !== 4 && digits !== 6 && digits !== 8 && digits !== 12 && digits !== 14)
    return undefined
  let at = digits
  let fraction = ''
  if (text[at] === '.' && digits === 14) {
    const length = digitCount(text, at + 1)
    if (length === 0 || length > 4) return undefined
    fraction = text.slice(at, at + 1 + length)
    at += 1 + length
  }
  const offset = at === text.length ? '' : parseOffset(text, at)
  if (offset === undefined) return undefined
  const stamp = {
    digits,
    hasSeconds: digits === 14,
    fraction,
    offset,
    year: number(text, 0, 4),
    month: digits >= 6 ? number(text, 4, 6) : 1,
    day: digits >= 8 ? number(text, 6, 8) : 1,
    hour: digits >= 12 ? number(text, 8, 10) : 0,
    minute: digits >= 12 ? number(text, 10, 12) : 0,
    second: digits === 14 ? number(text, 12, 14) : 0,
  }
  return isReal(stamp) ? stamp : undefined
}

const isReal = ({ year, month, day, hour, minute, second }: LocalTime): boolean =>
  year > 0 &&
  month >= 1 &&
  month <= 12 &&
  day >= 1 &&
  day <= dayCount(year, month) &&
  hour < 24 &&
  minute < 60 &&
  second < 60

/** `+0100` → `+01:00`. */
function parseOffset(text: string, at: number): string | undefined {
  const sign = text[at]
  if ((sign !== '+' && sign !== '-') || digitCount(text, at + 1) !== 4) return undefined
  if (at + 5 !== text.length) return undefined
  const hours = number(text, at + 1, at + 3)
  const minutes = number(text, at + 3, at + 5)
  if (hours > 14 || minutes > 59) return undefined
  return `${sign}${text.slice(at + 1, at + 3)}:${text.slice(at + 3, at + 5)}`
}

/** Date part with the precision that was sent, at most `digits` digits of it. */
function formatDate(text: string, digits: number): string {
  if (digits === 4) return text.slice(0, 4)
  if (digits === 6) return `${text.slice(0, 4)}-${text.slice(4, 6)}`
  return `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6, 8)}`
}

/** Only for stamps with a time. Undefined, and flagged, when the clocks skipped it. */
function formatTime(
  text: string,
  stamp: Stamp,
  reading: Reading,
  leaf: number,
): string | undefined {
  const seconds = stamp.hasSeconds ? text.slice(12, 14) : '00'
  const local = `${formatDate(text, 8)}T${text.slice(8, 10)}:${text.slice(10, 12)}:${seconds}${stamp.fraction}`
  if (stamp.offset !== '') return local + stamp.offset
  const found = reading.sender.zone.offsetOf(stamp)
  if (found.kind === 'never') {
    flag(reading, 'TIME_NEVER_WAS', leaf)
    return undefined
  }
  if (found.kind === 'twice') flag(reading, 'TIME_TWICE', leaf)
  return local + found.offset
}

/** TS or DTM → dateTime. */
export const dateTime: Lens = {
  name: 'dateTime',
  get(text, reading, leaf) {
    const stamp = parseStamp(text)
    if (stamp === undefined) return undefined
    return stamp.digits <= 8
      ? formatDate(text, stamp.digits)
      : formatTime(text, stamp, reading, leaf)
  },
  refuses: 'not a date and time that exists',
  oneWay: 'The offset is added from the time zone of the site, and seconds are zero-filled.',
}

/** TS or DTM → instant: at least minutes. */
export const instant: Lens = {
  name: 'instant',
  get(text, reading, leaf) {
    const stamp = parseStamp(text)
    if (stamp === undefined || stamp.digits <= 8) return undefined
    return formatTime(text, stamp, reading, leaf)
  },
  refuses: 'not a time to the minute that exists',
  oneWay: 'The offset is added from the time zone of the site, and seconds are zero-filled.',
}

/** DT, or the date part of a TS → date. */
export const date: Lens = {
  name: 'date',
  get(text) {
    const stamp = parseStamp(text)
    // A time of day would be lost in a date; only midnight, which pads, may go.
    if (stamp === undefined || !isMidnight(stamp)) return undefined
    return formatDate(text, Math.min(stamp.digits, 8))
  },
  put: (value) => (typeof value === 'string' ? value.replaceAll('-', '') : undefined),
  refuses: 'not a date that exists',
}

const isMidnight = ({ hour, minute, second }: LocalTime): boolean =>
  hour === 0 && minute === 0 && second === 0

/** A date of birth with its time of birth, when one was sent. */
export type Birth = { readonly date: string; readonly time: string | undefined }

/** Undefined when it is no date. Midnight is how systems pad a date, so it is no time of birth. */
export function readBirth(text: string, reading: Reading, leaf: number): Birth | undefined {
  const stamp = parseStamp(text)
  if (stamp === undefined) return undefined
  const day = formatDate(text, Math.min(stamp.digits, 8))
  if (stamp.digits <= 8 || isMidnight(stamp)) return { date: day, time: undefined }
  const time = formatTime(text, stamp, reading, leaf)
  return time === undefined ? undefined : { date: day, time }
}

/** TM → time. FHIR times carry no offset, so that one sent is refused. */
export const time: Lens = {
  name: 'time',
  get(text) {
    const digits = digitCount(text, 0)
    if (digits !== 4 && digits !== 6) return undefined
    const fraction = text.slice(digits)
    if (fraction !== '' && (digits !== 6 || !/^\.\d{1,4}$/.test(fraction))) return undefined
    const hour = number(text, 0, 2)
    const minute = number(text, 2, 4)
    const second = digits === 6 ? number(text, 4, 6) : 0
    if (!isReal({ year: 2000, month: 1, day: 1, hour, minute, second })) return undefined
    const seconds = digits === 6 ? text.slice(4, 6) : '00'
    return `${text.slice(0, 2)}:${text.slice(2, 4)}:${seconds}${fraction}`
  },
  refuses: 'not a time of day',
  oneWay: 'Seconds are zero-filled.',
}
