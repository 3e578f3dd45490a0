/**
 * Reads only the MSH segment, from the first bytes of a message: enough to match an answer or to
 * refuse a message that was never read to its end. Source: HL7 v2.5.1 chapter 2.15.9.
 */
import { type Ids, isAlmonerError, type Ports } from '@almoner/core'
import {
  type AckCode,
  ackWanted,
  type Charset,
  createAck,
  decodeBytes,
  encodeText,
  type Header,
  type Message,
  parseMessage,
  readHeader,
} from '@almoner/hl7v2'
import { TRANSPORT_ERRORS } from './errors.ts'

/** An MSH segment fits many times; what identifies the message stands in its first hundreds. */
export const HEAD_BYTES_MAX = 4_096

export type Head = {
  readonly message: Message
  readonly header: Header
  readonly charset: Charset
}

/**
 * The MSH segment of a message of which at least the first `HEAD_BYTES_MAX` bytes are given, or
 * all. A last field that may be cut off is left out. Undefined when there is no MSH.
 */
export function readHead(bytes: Uint8Array): Head | undefined {
  const view = Buffer.from(
    bytes.buffer,
    bytes.byteOffset,
    Math.min(bytes.byteLength, HEAD_BYTES_MAX),
  )
  const start = view.indexOf('MSH', 0, 'latin1')
  if (start === -1) return undefined
  const { text, charset } = decodeBytes(view.subarray(0, endOfHeader(view, start)))
  try {
    const message = parseMessage(text)
    return { message, header: readHeader(message), charset }
  } catch (thrown) {
    if (isAlmonerError(thrown)) return undefined
    throw thrown
  }
}

function endOfHeader(view: Buffer, start: number): number {
  for (let at = start; at < view.length; at++) {
    if (view[at] === CARRIAGE_RETURN || view[at] === LINE_FEED) return at
  }
  const separator = view[start + 3]
  if (view.length < HEAD_BYTES_MAX || separator === undefined) return view.length
  return view.lastIndexOf(separator)
}

const CARRIAGE_RETURN = 0x0d
const LINE_FEED = 0x0a

/**
 * The refusal of a frame that is too large, from the start of the frame: AR, or CR to a sender in
 * enhanced mode. Undefined when that sender asked for no such answer (MSH-15 and MSH-16).
 */
export function refuseTooLarge(
  start: Uint8Array,
  { clock, ids }: Pick<Ports, 'clock' | 'ids'>,
): Uint8Array | undefined {
  const head = readHead(start)
  const code = refusalCode(head?.header)
  if (head !== undefined && !ackWanted(head.header, code)) return undefined
  const { safe } = TRANSPORT_ERRORS.table.TRANSPORT_FRAME_TOO_LARGE
  const ack = createAck(head?.message, {
    code,
    controlId: newControlId(ids),
    atMs: clock.nowMs(),
    error: {
      hl7Code: APPLICATION_INTERNAL_ERROR,
      severity: 'E',
      userMessage: safe,
      code: 'TRANSPORT_FRAME_TOO_LARGE',
    },
  })
  return encodeText(ack, head?.charset ?? 'utf-8')
}

/** HL7 table 0357: the nearest there is to "too large". */
const APPLICATION_INTERNAL_ERROR = '207'

function refusalCode(header: Header | undefined): AckCode {
  if (header === undefined) return 'AR'
  return header.acceptAck === '' && header.applicationAck === '' ? 'AR' : 'CR'
}

/** MSH-10 holds 20 characters before v2.7: 48 bits of time and 26 of chance of a UUIDv7. */
const newControlId = (ids: Ids): string => ids.next().replaceAll('-', '').slice(0, 20)
