/**
 * Splits a file or batch into its messages, each a slice of the text as it stands.
 * Source: HL7 v2.5.1 chapter 2.10.3 (batch protocol) and 2.15.2, 2.15.3 (BHS, BTS), 2.15.6,
 * 2.15.7 (FHS, FTS).
 */
import { LIMITS } from '@almoner/core'
import { HL7_ERRORS } from './errors.ts'
import type { Leniency } from './message.ts'

export type Batch = {
  /** Texts for `parseMessage`, in order. Headers and trailers of the batch are not among them. */
  readonly messages: readonly string[]
  /** HL7_BATCH_COUNT where a trailer counts otherwise. */
  readonly problems: readonly Leniency[]
}

export type BatchLimits = { readonly charsMax: number; readonly messagesMax: number }

const BATCH_LIMITS: BatchLimits = {
  charsMax: 16 * LIMITS.messageBytesMax,
  messagesMax: 100_000,
}

/** A header or trailer at the start of a line; a file saved from the wire has 0x0B in front. */
const MARK = /(?<=^|[\r\n])[\v \t\ufeff]*(MSH|FHS|BHS|BTS|FTS)(?![0-9A-Za-z ])/g

type Mark = { readonly name: string; readonly start: number; readonly nameStart: number }

/**
 * A text that is one message gives that message, unchanged.
 * @throws HL7_NO_MSH when anything else stands in front or there is no message at all;
 *   HL7_TOO_LARGE, also for too many messages
 */
export function splitBatch(text: string, limits: BatchLimits = BATCH_LIMITS): Batch {
  if (text.length > limits.charsMax) {
    throw HL7_ERRORS.error('HL7_TOO_LARGE', {
      where: `${text.length} characters, at most ${limits.charsMax}`,
    })
  }
  const marks = findMarks(text, limits.messagesMax)
  const messages: string[] = []
  const counter = createCounter()
  for (const [index, { name, start, nameStart }] of marks.entries()) {
    const end = marks[index + 1]?.start ?? text.length
    if (name === 'MSH') messages.push(text.slice(start, end))
    counter.take(name, text.slice(nameStart + 4, Math.min(end, nameStart + 4 + COUNT_CHARS_MAX)))
  }
  if (messages.length === 0) throw HL7_ERRORS.error('HL7_NO_MSH')
  return { messages, problems: counter.problems }
}

/** Room for the count at the start of a trailer. */
const COUNT_CHARS_MAX = 12

function findMarks(text: string, messagesMax: number): readonly Mark[] {
  const marks: Mark[] = []
  let messageCount = 0
  for (const found of text.matchAll(MARK)) {
    const name = found[1]!
    if (name === 'MSH' && ++messageCount > messagesMax) {
      throw HL7_ERRORS.error('HL7_TOO_LARGE', { where: `more than ${messagesMax} messages` })
    }
    const nameStart = found.index + found[0].length - name.length
    // Blank lines in front of the first mark belong to it, so that no character is lost.
    const isFirst = marks.length === 0
    if (isFirst && /[^\s\v\ufeff]/.test(text.slice(0, found.index))) break
    marks.push({ name, start: isFirst ? 0 : found.index, nameStart })
  }
  return marks
}

/** Counts messages per batch and batches per file, and holds the trailers to it. */
function createCounter() {
  const problems: Leniency[] = []
  let messages = 0
  let batches = 0
  const check = (where: string, declared: string, counted: number): void => {
    const digits = /^\d+/.exec(declared)
    if (digits === null || Number(digits[0]) === counted) return
    problems.push({ code: 'HL7_BATCH_COUNT', where })
  }
  return {
    problems,
    take: (name: string, rest: string): void => {
      if (name === 'MSH') messages++
      if (name === 'BHS') {
        batches++
        messages = 0
      }
      if (name === 'BTS') check(`BTS-1 of batch ${batches}`, rest, messages)
      // Without a batch header the whole file is one batch.
      if (name === 'FTS') check('FTS-1', rest, Math.max(1, batches))
    },
  }
}
