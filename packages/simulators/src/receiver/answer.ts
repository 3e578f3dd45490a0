/**
 * The answers that a receiving system can be told to give, good and bad. Source: HL7 v2.5.1
 * chapter 2.9 (acknowledgements), MLLP release 1 (framing).
 */
import type { AckCode, Charset, Message } from '@almoner/hl7v2'
import { createAck, encodeText, frame, setValue } from '@almoner/hl7v2'

export type AnswerKind =
  /** One application acknowledgement: accepted, error, rejected. */
  | 'AA'
  | 'AE'
  | 'AR'
  /** A commit acknowledgement, then the application's. */
  | 'CA-AA'
  /** AA with bytes outside any frame before it. */
  | 'noise-AA'
  /** Nothing, for ever. */
  | 'none'
  /** AA for a message that was never sent. */
  | 'wrong-id'
  /** A frame that holds no HL7. */
  | 'garbage'
  /** The connection is closed, or reset, without an answer. */
  | 'close'
  | 'reset'
  /** Half of the frame of an AA, then the connection is closed. */
  | 'half-ack'

export type Answer = {
  readonly kind: AnswerKind
  /** The answer waits so long first. */
  readonly lateMs?: number
}

export type Question = {
  /** The message, or undefined when it could not be read. */
  readonly message: Message | undefined
  readonly charset: Charset
  /** Control id of the acknowledgement. */
  readonly ackId: string
  readonly atMs: number
}

/** What goes onto the wire, and how the connection goes on after it. */
export type Reply = {
  readonly writes: readonly Uint8Array[]
  readonly after: 'stay' | 'close' | 'reset'
}

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)

export function replyTo(question: Question, kind: AnswerKind): Reply {
  const stay = (...writes: readonly Uint8Array[]): Reply => ({ writes, after: 'stay' })
  switch (kind) {
    case 'AA':
    case 'AE':
    case 'AR':
      return stay(ackFrame(question, kind))
    case 'CA-AA':
      return stay(ackFrame(question, 'CA'), ackFrame(question, 'AA'))
    case 'noise-AA':
      return stay(bytesOf('noise\r\n'), ackFrame(question, 'AA'))
    case 'none':
      return stay()
    case 'wrong-id':
      return stay(ackFrame({ ...question, message: renamed(question.message) }, 'AA'))
    case 'garbage':
      return stay(frame(bytesOf('this is no acknowledgement')))
    case 'close':
      return { writes: [], after: 'close' }
    case 'reset':
      return { writes: [], after: 'reset' }
    case 'half-ack': {
      const whole = ackFrame(question, 'AA')
      return { writes: [whole.subarray(0, whole.length >> 1)], after: 'close' }
    }
  }
}

function ackFrame({ message, charset, ackId, atMs }: Question, code: AckCode): Uint8Array {
  return frame(encodeText(createAck(message, { code, controlId: ackId, atMs }), charset))
}

/** The message under a control id that nobody sent. */
const renamed = (message: Message | undefined): Message | undefined =>
  message === undefined ? undefined : setValue(message, 'MSH-10', 'NEVER-SENT')
