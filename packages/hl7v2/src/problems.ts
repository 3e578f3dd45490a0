/** What a person should know about a message that was read. Source: HL7 v2.5.1 chapter 2. */
import { segmentTitle } from './dictionary.ts'
import { find } from './find.ts'
import { forEachLeaf } from './leaf.ts'
import { leafDefinition } from './leaf-definition.ts'
import { leafPlace } from './leaf-place.ts'
import { isNull, isPopulated, type Message } from './message.ts'
import { formatPath } from './path.ts'
import { PROBLEM_SENTENCES, type ProblemCode } from './problem-sentences.ts'
import { isNameContent } from './segment-name.ts'
import { isTimestamp } from './timestamp.ts'

export type Problem = {
  /** `PID-7`, `segment 4`: a position, never a value. */
  readonly position: string
  readonly code: ProblemCode
  /** Safe to show anyone. */
  readonly sentence: string
}

/** Leniencies of the parser first, then the content in the order of the message. */
export function problems(message: Message): readonly Problem[] {
  const found: Problem[] = []
  const report = (code: ProblemCode, position: string): void => {
    found.push({ position, code, sentence: PROBLEM_SENTENCES[code] })
  }
  for (const { code, where } of message.leniencies) report(code, where)
  for (const path of ['MSH-9', 'MSH-10', 'MSH-12']) {
    const region = find(message, path)
    const isThere = region !== undefined && isPopulated(message, region) && !isNull(message, region)
    if (!isThere) report('HL7_REQUIRED_MISSING', path)
  }
  for (const segment of message.segments) {
    const isKnown = segment.name.startsWith('Z') || segmentTitle(segment.name) !== ''
    if (!isKnown && !isNameContent(segment)) {
      report('HL7_UNKNOWN_SEGMENT', `segment ${segment.index + 1}`)
    }
  }
  reportDates(message, report)
  return found
}

const DATE_TYPES: ReadonlySet<string> = new Set(['TS', 'DTM', 'DT'])

function reportDates(message: Message, report: (code: ProblemCode, position: string) => void) {
  forEachLeaf(message, (start, end, segment, field, repetition, component, subcomponent) => {
    const place = leafPlace(message, segment, field, repetition, component, subcomponent)
    const { type } = leafDefinition(message, segment, field, place)
    if (!DATE_TYPES.has(type) || isNull(message, { start, end })) return
    const text = message.text.slice(start, end)
    const isGood = type === 'DT' ? text.length <= 8 && isTimestamp(text) : isTimestamp(text)
    if (!isGood) report('HL7_BAD_DATE', formatPath(place))
  })
}
