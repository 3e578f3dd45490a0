/**
 * OBR-7 and OBR-8 ⇄ when a report holds, and OBX-14 ⇄ when a result holds. FHIR has a choice of a
 * time and a period: stating one clears the other.
 * Source: v2-to-FHIR IG, OBR[DiagnosticReport] and OBX[Observation].
 */
import { clearSlot, type DraftBuilder, setSlot } from '../rule/draft-builder.ts'
import {
  fieldFrom,
  flag,
  isNullLeaf,
  type Reading,
  refuse,
  take,
  trimmedText,
} from '../rule/reading.ts'
import { primitiveEnd, type SegmentRule } from '../rule/segment.ts'
import { dateTime } from '../types/date-time.ts'

const TIME = 'effectiveDateTime'
const PERIOD = 'effectivePeriod'

type Moment = {
  readonly leaf: number
  readonly isNull: boolean
  readonly value: string | undefined
}

/** Undefined when the field is empty or holds no time; the leaf is then marked. */
function readMoment(
  reading: Reading,
  segment: number,
  n: number,
  rule: number,
): Moment | undefined {
  if (primitiveEnd(reading, segment, n, dateTime) === 0) return undefined
  const leaf = fieldFrom(reading, segment, n)
  if (isNullLeaf(reading, leaf)) return { leaf, isNull: true, value: undefined }
  const value = dateTime.get(trimmedText(reading, leaf), reading, leaf)
  if (typeof value === 'string') return { leaf, isNull: false, value }
  flag(reading, 'VALUE_REFUSED', leaf)
  refuse(reading, leaf, rule, dateTime.refuses)
  return undefined
}

export const reportTimesRule: SegmentRule = {
  name: 'OBR-7 OBR-8',
  compile(site) {
    const start = site.add({
      v2: 'OBR-7',
      fhir: `${TIME} or ${PERIOD}.start`,
      lens: dateTime.name,
      oneWay: dateTime.oneWay,
    })
    const end = site.add({
      v2: 'OBR-8',
      fhir: `${PERIOD}.end`,
      lens: dateTime.name,
      oneWay: dateTime.oneWay,
    })
    return (reading, segment, draft) => {
      const from = readMoment(reading, segment, 7, start)
      const to = readMoment(reading, segment, 8, end)
      if (to?.value !== undefined) return writePeriod(reading, draft, from, to, start, end)
      if (to !== undefined) take(reading, to.leaf, end, setSlot(draft, PERIOD, undefined), '')
      if (from !== undefined) writeTime(reading, draft, from, start)
    }
  },
}

function writeTime(reading: Reading, draft: DraftBuilder, moment: Moment, rule: number): void {
  take(reading, moment.leaf, rule, setSlot(draft, TIME, moment.value), '')
  clearSlot(draft, PERIOD)
}

function writePeriod(
  reading: Reading,
  draft: DraftBuilder,
  from: Moment | undefined,
  to: Moment,
  start: number,
  end: number,
): void {
  const period: { start?: string; end?: string } = {}
  if (from?.value !== undefined) period.start = from.value
  if (to.value !== undefined) period.end = to.value
  setSlot(draft, PERIOD, period)
  clearSlot(draft, TIME)
  if (from !== undefined) take(reading, from.leaf, start, period, 'start')
  take(reading, to.leaf, end, period, 'end')
}

/** OBX-14. A result without a time of its own holds when its report holds. */
export const resultTimeRule: SegmentRule = {
  name: 'OBX-14',
  compile(site) {
    const rule = site.add({
      v2: 'OBX-14',
      fhir: TIME,
      lens: dateTime.name,
      oneWay: dateTime.oneWay,
    })
    return (reading, segment, draft) => {
      const moment = readMoment(reading, segment, 14, rule)
      if (moment !== undefined) writeTime(reading, draft, moment, rule)
    }
  },
}

/** The times of the report for a result that has none. */
export function inheritTimes(report: DraftBuilder, observation: DraftBuilder): void {
  if (observation.slots.some(({ path }) => path === TIME)) return
  for (const slot of report.slots) {
    if (slot.path === TIME || slot.path === PERIOD) observation.slots.push(slot)
  }
}
