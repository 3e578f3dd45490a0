/** The shape of HL7 dates and times. Source: HL7 v2.5.1 chapter 2.16.22 (DTM) and 2.16.79 (TS). */

const SHAPE =
  /^(\d{4})(?:(\d\d)(?:(\d\d)(?:(\d\d)(?:(\d\d)(?:(\d\d)(?:\.\d{1,4})?)?)?)?)?)?([+-]\d{4})?$/

/** YYYY[MM[DD[HH[MM[SS[.S[S[S[S]]]]]]]]][+/-ZZZZ], and a day and time that exist. */
export function isTimestamp(text: string): boolean {
  const found = SHAPE.exec(text)
  if (found === null) return false
  const [, year, month = '01', day = '01', hour = '00', minute = '00', second = '00'] = found
  const offset = found[7] ?? '+0000'
  const isTime = Number(hour) <= 23 && Number(minute) <= 59 && Number(second) <= 59
  const isOffset = Number(offset.slice(1, 3)) <= 14 && Number(offset.slice(3)) <= 59
  return isTime && isOffset && isDay(Number(year), Number(month), Number(day))
}

function isDay(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1) return false
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
  const days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
  return day <= days[month - 1]!
}
