/**
 * Birth, multiple birth and death ⇄ Patient. Where FHIR has a choice of two elements, stating one
 * clears the other: a resource with both would be wrong.
 * Source: v2-to-FHIR IG, PID[Patient]; UK Core Patient 2.6.1 (birthTime).
 */
import { type DraftBuilder, setSlot } from '../rule/draft-builder.ts'
import { positiveInteger, yesNo } from '../rule/lens.ts'
import {
  fieldFrom,
  flag,
  isNullLeaf,
  type Reading,
  refuse,
  take,
  trimmedText,
} from '../rule/reading.ts'
import type { RuleSite } from '../rule/rule-book.ts'
import { primitiveEnd, type SegmentRule } from '../rule/segment.ts'
import { dateTime, readBirth } from '../types/date-time.ts'
import { r4Extension } from '../uk/systems.ts'

const BIRTH_TIME = r4Extension('patient-birthTime')

export const birthRule: SegmentRule = {
  name: 'PID-7',
  compile(site) {
    const rule = site.add({
      v2: 'PID-7',
      fhir: 'birthDate',
      lens: 'date, with the time of birth in an extension',
      oneWay: 'A time of midnight is taken for padding and is not sent back.',
    })
    return (reading, segment, draft) => {
      const leaf = firstLeaf(reading, segment, 7)
      if (leaf === -1) return
      if (isNullLeaf(reading, leaf)) {
        setSlot(draft, '_birthDate', undefined)
        return take(reading, leaf, rule, setSlot(draft, 'birthDate', undefined), '')
      }
      const birth = readBirth(trimmedText(reading, leaf), reading, leaf)
      if (birth === undefined) {
        flag(reading, 'VALUE_REFUSED', leaf)
        return refuse(reading, leaf, rule, 'not a date that exists')
      }
      const slot = setSlot(draft, 'birthDate', birth.date)
      const time =
        birth.time === undefined
          ? undefined
          : { extension: [{ url: BIRTH_TIME, valueDateTime: birth.time }] }
      setSlot(draft, '_birthDate', time)
      take(reading, leaf, rule, slot, '')
    }
  },
}

const firstLeaf = (reading: Reading, segment: number, n: number): number =>
  primitiveEnd(reading, segment, n, yesNo) === 0 ? -1 : fieldFrom(reading, segment, n)

/** A yes/no field and a field that says more, for the two elements of one choice. */
type Choice = {
  readonly name: string
  readonly flagField: number
  readonly flagPath: string
  readonly moreField: number
  readonly morePath: string
  readonly more: typeof dateTime
  readonly contradiction: string
}

const choiceRule = (choice: Choice): SegmentRule => ({
  name: choice.name,
  compile(site) {
    const rules = addRows(site, choice)
    return (reading, segment, draft) => {
      const hasMore = readMore(reading, segment, draft, choice, rules.more)
      readFlag(reading, segment, draft, choice, rules, hasMore)
    }
  },
})

const addRows = (site: RuleSite, choice: Choice) => ({
  flag: site.add({
    v2: `PID-${choice.flagField}`,
    fhir: choice.flagPath,
    lens: yesNo.name,
    oneWay: `Sent back as Y also where PID-${choice.moreField} says more.`,
  }),
  said: site.add({
    v2: `PID-${choice.flagField} beside PID-${choice.moreField}`,
    fate: 'ignored',
    why: `Y says only what PID-${choice.moreField} says with more detail.`,
  }),
  more: site.add({
    v2: `PID-${choice.moreField}`,
    fhir: choice.morePath,
    lens: choice.more.name,
    oneWay: choice.more.oneWay,
  }),
})

/** True when the more detailed element got a value. */
function readMore(
  reading: Reading,
  segment: number,
  draft: DraftBuilder,
  { moreField, morePath, flagPath, more }: Choice,
  rule: number,
): boolean {
  const leaf = firstLeaf(reading, segment, moreField)
  if (leaf === -1) return false
  if (isNullLeaf(reading, leaf)) {
    take(reading, leaf, rule, setSlot(draft, morePath, undefined), '')
    return false
  }
  const read = more.get(trimmedText(reading, leaf), reading, leaf)
  if (read === undefined) {
    flag(reading, 'VALUE_REFUSED', leaf)
    refuse(reading, leaf, rule, more.refuses)
    return false
  }
  take(reading, leaf, rule, setSlot(draft, morePath, read), '')
  setSlot(draft, flagPath, undefined)
  return true
}

function readFlag(
  reading: Reading,
  segment: number,
  draft: DraftBuilder,
  choice: Choice,
  rules: { readonly flag: number; readonly said: number },
  hasMore: boolean,
): void {
  const leaf = firstLeaf(reading, segment, choice.flagField)
  if (leaf === -1) return
  const isNull = isNullLeaf(reading, leaf)
  const read = isNull ? undefined : yesNo.get(trimmedText(reading, leaf), reading, leaf)
  if (read === undefined && !isNull) {
    flag(reading, 'CODE_UNKNOWN', leaf)
    refuse(reading, leaf, rules.flag, yesNo.refuses)
    return
  }
  if (hasMore) {
    if (read === true || isNull) {
      take(reading, leaf, rules.said, undefined, '')
      return
    }
    flag(reading, choice.contradiction, leaf)
    refuse(reading, leaf, rules.flag, `contradicts PID-${choice.moreField}`)
    return
  }
  take(reading, leaf, rules.flag, setSlot(draft, choice.flagPath, read), '')
  if (read !== undefined) setSlot(draft, choice.morePath, undefined)
}

/** PID-30 Y without PID-29 clears a date of death: FHIR holds either the date or the fact. */
export const deathRule = choiceRule({
  name: 'PID-29 PID-30',
  flagField: 30,
  flagPath: 'deceasedBoolean',
  moreField: 29,
  morePath: 'deceasedDateTime',
  more: dateTime,
  contradiction: 'DEATH_CONTRADICTION',
})

export const multipleBirthRule = choiceRule({
  name: 'PID-24 PID-25',
  flagField: 24,
  flagPath: 'multipleBirthBoolean',
  moreField: 25,
  morePath: 'multipleBirthInteger',
  more: positiveInteger,
  contradiction: 'MULTIPLE_BIRTH_CONTRADICTION',
})
