/**
 * One message while rules read it. Every leaf that a rule reads is marked at once: taken (and
 * where its value went), refused (and why), or passed over by a row that says so.
 */
import { decode, decodeFormatted, formatLeaf, type Message } from '@almoner/hl7v2'
import type { Trigger } from '../messages/triggers.ts'
import type { DraftBuilder } from './draft-builder.ts'
import { type Leaves, slotOf } from './leaves.ts'
import type { Sender } from './sender.ts'

/** Something a person may want to look at. Both parts are safe to show anyone. */
export type Flag = { readonly code: string; readonly where: string }

export type Reading = {
  readonly message: Message
  readonly leaves: Leaves
  readonly sender: Sender
  /** Number of the rule that took the leaf; negative: the rule refused it; 0: nobody read it. */
  readonly marks: number[]
  /** Object that holds the value of a taken leaf; the reason of a refused one. */
  readonly holders: unknown[]
  /** Member of the holder. */
  readonly keys: (string | number)[]
  readonly drafts: DraftBuilder[]
  readonly flags: Flag[]
  /** Practitioners, organisations and places of the message, each once. */
  readonly parties: Map<string, Party>
  readonly counts: Record<Stem, number>
  /** True for messages that only add to what nobody stated yet: see `DraftBuilder`. */
  readonly fills: boolean
  event: VisitEvent
  /** Segments that carry on the text of another, by the index of that one. */
  continuations: ReadonlyMap<number, readonly number[]>
}

/** Kinds of drafts that a message may have many of. */
export type Stem = 'practitioner' | 'organization' | 'location' | 'report' | 'observation'

const NO_CONTINUATIONS: ReadonlyMap<number, readonly number[]> = new Map()

/** What happened, and when: EVN-6, else EVN-2, else MSH-7. */
export type VisitEvent = {
  readonly trigger: Trigger
  readonly time: string | undefined
  /** The leaf that says when, and the rule that puts it into a resource; -1 when none says. */
  readonly leaf: number
  readonly rule: number
}

/** A draft made from a repetition, so that an equal repetition elsewhere can share it. */
export type Party = { readonly draft: DraftBuilder; readonly from: number; readonly to: number }

export const createReading = (
  message: Message,
  leaves: Leaves,
  sender: Sender,
  about: { readonly fills: boolean; readonly trigger: Trigger },
): Reading => ({
  message,
  leaves,
  sender,
  fills: about.fills,
  event: { trigger: about.trigger, time: undefined, leaf: -1, rule: 0 },
  marks: new Array<number>(leaves.count).fill(0),
  holders: new Array(leaves.count),
  keys: new Array(leaves.count),
  drafts: [],
  flags: [],
  parties: new Map(),
  counts: { practitioner: 0, organization: 0, location: 0, report: 0, observation: 0 },
  continuations: NO_CONTINUATIONS,
})

const SPACE = 0x20
const QUOTE = 0x22

/** The text of a leaf with its escapes decoded, white space around it kept. */
export function textOf(reading: Reading, leaf: number): string {
  return textBetween(reading, reading.leaves.starts[leaf]!, reading.leaves.ends[leaf]!)
}

/** The same without white space around it. */
export function trimmedText(reading: Reading, leaf: number): string {
  const text = textOf(reading, leaf)
  const last = text.charCodeAt(text.length - 1)
  return text.charCodeAt(0) <= SPACE || last <= SPACE || last === 0xa0 ? text.trim() : text
}

/**
 * The text of several leaves in a row with the delimiters between them. Senders forget to escape
 * `&` and `^` in plain text ("A&E"), and half a text would be wrong.
 * @param skipped delimiters of empty pieces in front of the first leaf
 */
export function wholeText(reading: Reading, from: number, to: number, skipped: number): string {
  const { starts, ends } = reading.leaves
  return textBetween(reading, starts[from]! - skipped, ends[to - 1]!)
}

/** The same with formatting commands carried out, for FT, TX and NTE. */
export function wholeFormattedText(reading: Reading, from: number, to: number): string {
  const { starts, ends, components, subcomponents } = reading.leaves
  const skipped = components[from]! + subcomponents[from]! - 2
  return decodeFormatted(reading.message, { start: starts[from]! - skipped, end: ends[to - 1]! })
}

function textBetween(reading: Reading, start: number, end: number): string {
  const { message } = reading
  const raw = message.text.slice(start, end)
  const { escape: escapeCharacter } = message.delimiters
  return escapeCharacter !== '' && raw.includes(escapeCharacter)
    ? decode(message, { start, end })
    : raw
}

/** The text as it stands in the message, to compare two pieces. */
export function rawText(reading: Reading, from: number, to: number): string {
  return reading.message.text.slice(reading.leaves.starts[from]!, reading.leaves.ends[to - 1]!)
}

/** Exactly `""`: the sender deletes the value. */
export function isNullLeaf(reading: Reading, leaf: number): boolean {
  const start = reading.leaves.starts[leaf]!
  if (reading.leaves.ends[leaf]! - start !== 2) return false
  const { text } = reading.message
  return text.charCodeAt(start) === QUOTE && text.charCodeAt(start + 1) === QUOTE
}

/** The value of the leaf is in `holder[key]`. */
export function take(
  reading: Reading,
  leaf: number,
  rule: number,
  holder: unknown,
  key: string | number,
): void {
  reading.marks[leaf] = rule
  reading.holders[leaf] = holder
  reading.keys[leaf] = key
}

/** The rule read the leaf but cannot take its value: it stays unmapped. */
export function refuse(reading: Reading, leaf: number, rule: number, why: string): void {
  reading.marks[leaf] = -rule
  reading.holders[leaf] = why
}

/** All leaves of a range, under a row that ignores them or says why they are not mapped. */
export function pass(reading: Reading, from: number, to: number, rule: number): void {
  for (let leaf = from; leaf < to; leaf++) if (reading.marks[leaf] === 0) reading.marks[leaf] = rule
}

/** Whatever was taken from a range is not in the output after all. */
export function refuseRange(reading: Reading, from: number, to: number, why: string): void {
  for (let leaf = from; leaf < to; leaf++) {
    if (reading.marks[leaf]! > 0) refuse(reading, leaf, reading.marks[leaf]!, why)
  }
}

/** Leaves equal to others that were read before have their values in the same place. */
export function mirror(reading: Reading, from: number, to: number, original: number): void {
  for (let leaf = from; leaf < to; leaf++) {
    const twin = original + leaf - from
    reading.marks[leaf] = reading.marks[twin]!
    reading.holders[leaf] = reading.holders[twin]
    reading.keys[leaf] = reading.keys[twin]!
  }
}

export const fieldFrom = (reading: Reading, segment: number, n: number): number =>
  reading.leaves.fieldFrom[slotOf(segment, n)]!

/** 0 when the field has no leaf. */
export const fieldTo = (reading: Reading, segment: number, n: number): number =>
  reading.leaves.fieldTo[slotOf(segment, n)]!

export const hasField = (reading: Reading, segment: number, n: number): boolean =>
  fieldTo(reading, segment, n) !== 0

/** First leaf after the repetition that starts at `from`. */
export function repetitionEnd(reading: Reading, from: number, to: number): number {
  const { repetitions } = reading.leaves
  const repetition = repetitions[from]!
  let next = from + 1
  while (next < to && repetitions[next] === repetition) next++
  return next
}

/** The first leaf of a field as text, or '' when it is empty or null. */
export function firstText(reading: Reading, segment: number, n: number): string {
  if (!hasField(reading, segment, n)) return ''
  const leaf = fieldFrom(reading, segment, n)
  return isNullLeaf(reading, leaf) ? '' : trimmedText(reading, leaf)
}

/** The leaf at a place of a range, or -1. */
export function leafAt(
  reading: Reading,
  from: number,
  to: number,
  component: number,
  subcomponent = 1,
): number {
  const { components, subcomponents } = reading.leaves
  for (let leaf = from; leaf < to; leaf++) {
    if (components[leaf] === component && subcomponents[leaf] === subcomponent) return leaf
  }
  return -1
}

export function flag(reading: Reading, code: string, leaf: number): void {
  reading.flags.push({ code, where: pathOf(reading, leaf) })
}

function pathOf(reading: Reading, leaf: number): string {
  const { message, leaves } = reading
  return formatLeaf(
    message,
    message.segments[leaves.segments[leaf]!]!,
    leaves.fields[leaf]!,
    leaves.repetitions[leaf]!,
    leaves.components[leaf]!,
    leaves.subcomponents[leaf]!,
  )
}

/** `practitioner-1`, `practitioner-2`: unique within the message. */
export function nextName(reading: Reading, stem: Stem): string {
  reading.counts[stem]++
  return `${stem}-${reading.counts[stem]}`
}
