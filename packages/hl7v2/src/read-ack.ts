/** Reads an acknowledgement that came back. Source: HL7 v2.5.1 chapters 2.15.5 and 2.15.8. */
import { isAlmonerError } from '@almoner/core'
import type { AckCode } from './ack.ts'
import { decode } from './decode.ts'
import { field } from './field.ts'
import { findSegment, get } from './find.ts'
import type { Message } from './message.ts'
import { PARSE_LIMITS, type ParseLimits, parseMessage } from './parse.ts'

export type ReadAck = {
  /** MSA-1: an `AckCode`, or whatever the peer wrote there. */
  readonly code: AckCode | string
  /** MSA-2, decoded: equals `Header.controlId` of the message it answers. */
  readonly controlId: string
  /** MSA-3, or else what the ERR segment says; '' when neither says anything. May hold anything. */
  readonly text: string
}

/** @returns undefined when the text is no HL7 message, or one without MSA-1 */
export function readAck(text: string, limits: ParseLimits = PARSE_LIMITS): ReadAck | undefined {
  const message = tryParse(text, limits)
  if (message === undefined) return undefined
  const read = (path: string): string => get(message, path) ?? ''
  const code = read('MSA-1').trim()
  if (code === '') return undefined
  const said = ['MSA-3', 'ERR-8', 'ERR-3.2', 'ERR-7', 'ERR-1.4.2'].map(read)
  return {
    code,
    controlId: wholeField(message, 2),
    text: said.find((one) => one !== '' && one !== '""') ?? '',
  }
}

/** A control id with a stray delimiter is still one id, as in `Header.controlId`. */
function wholeField(message: Message, n: number): string {
  const segment = findSegment(message, 'MSA', 1)
  const region = segment && field(message, segment, n)
  const text = region === undefined ? '' : decode(message, region)
  return text === '""' ? '' : text
}

function tryParse(text: string, limits: ParseLimits): Message | undefined {
  try {
    return parseMessage(text, limits)
  } catch (thrown) {
    if (isAlmonerError(thrown)) return undefined
    throw thrown
  }
}
