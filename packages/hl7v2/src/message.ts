/**
 * An HL7 v2 message as positions over its original text. Nothing is copied and nothing changes:
 * every reader returns a region of `text`, and `text` itself is what is written out again.
 * Source: HL7 v2.5.1 chapter 2.5 (segments, fields, delimiters).
 */

import type { ProblemCode } from './problem-sentences.ts'

/** Half-open range [start, end) in `message.text`, in UTF-16 code units. */
export type Region = { readonly start: number; readonly end: number }

/**
 * One line of the message, without its line end. `index` is its position in `message.segments`.
 * For a line that has no segment name (a wrapped line), `name` is the text before the first field
 * separator and may hold patient data; `isSegmentName` tells which it is.
 */
export type Segment = Region & { readonly name: string; readonly index: number }

/** Each is one UTF-16 code unit, or '' where the message declares none that can be used. */
export type Delimiters = {
  readonly field: string
  readonly component: string
  readonly repetition: string
  readonly escape: string
  readonly subcomponent: string
}

/** Something that was tolerated. Both parts are safe to show anyone. */
export type Leniency = { readonly code: ProblemCode; readonly where: string }

export type Message = {
  readonly text: string
  readonly delimiters: Delimiters
  readonly segments: readonly Segment[]
  readonly leniencies: readonly Leniency[]
}

/** The message as text: always exactly the text it was parsed from. */
export const serialise = (message: Message): string => message.text

/** The slice of the text, escapes kept. */
export const raw = (message: Message, region: Region): string =>
  message.text.slice(region.start, region.end)

/** Exactly `""`: the sender says that the value is to be deleted. */
export const isNull = (message: Message, region: Region): boolean =>
  region.end - region.start === 2 && message.text.startsWith('""', region.start)

export const isPopulated = (_message: Message, region: Region): boolean => region.end > region.start

/** Segments with this name, in order. */
export const segmentsNamed = (message: Message, name: string): readonly Segment[] =>
  message.segments.filter((segment) => segment.name === name)

/** MSH-1 and MSH-2 hold the delimiters themselves, so they are never split and never decoded. */
export const isDelimiterField = (message: Message, region: Region): boolean => {
  const offset = region.start - message.segments[0]!.start
  return offset === 3 || offset === 4
}

/** Code of a delimiter to compare `charCodeAt` with; -1, which matches nothing, when absent. */
export const delimiterCode = (delimiter: string): number =>
  delimiter === '' ? -1 : delimiter.charCodeAt(0)
