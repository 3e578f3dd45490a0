/** What the MSH segment says, as plain texts. Source: HL7 v2.5.1 chapter 2.15.9. */
import { decode } from './decode.ts'
import { fields } from './field.ts'
import type { Message, Region } from './message.ts'
import { component, repetition } from './piece.ts'

/** Decoded texts; '' when not there. The HL7 null `""` counts as not there. */
export type Header = {
  /** Namespace of MSH-3; its universal id when there is no namespace. */
  readonly sendingApplication: string
  /** Of MSH-4, likewise: for NHS organisations the ODS code. */
  readonly sendingFacility: string
  readonly receivingApplication: string
  readonly receivingFacility: string
  /** MSH-9.1, `ADT`. */
  readonly messageType: string
  /** MSH-9.2, `A01`. */
  readonly trigger: string
  /** MSH-9.3, `ADT_A01`. */
  readonly structure: string
  /** MSH-10, the whole field. */
  readonly controlId: string
  /** MSH-11.1. */
  readonly processingId: string
  /** MSH-12.1. */
  readonly version: string
  /** MSH-7.1, as sent. */
  readonly timestamp: string
  /** MSH-15. */
  readonly acceptAck: string
  /** MSH-16. */
  readonly applicationAck: string
  /** First repetition of MSH-18, as declared. */
  readonly charset: string
}

export function readHeader(message: Message): Header {
  const all = fields(message, message.segments[0]!)
  const part = (number: number, n: number): string => {
    const region = all[number]
    const first = region && repetition(message, region, 1)
    const found = first && component(message, first, n)
    return found === undefined ? '' : textOf(message, found)
  }
  // A control id with a stray delimiter is still one id: cut short it might equal another.
  const whole = (number: number): string => {
    const region = all[number]
    return region === undefined ? '' : textOf(message, region)
  }
  const party = (number: number): string => part(number, 1) || part(number, 2)
  return {
    sendingApplication: party(3),
    sendingFacility: party(4),
    receivingApplication: party(5),
    receivingFacility: party(6),
    messageType: part(9, 1),
    trigger: part(9, 2),
    structure: part(9, 3),
    controlId: whole(10),
    processingId: part(11, 1),
    version: part(12, 1),
    timestamp: part(7, 1),
    acceptAck: part(15, 1),
    applicationAck: part(16, 1),
    charset: part(18, 1),
  }
}

function textOf(message: Message, region: Region): string {
  const text = decode(message, region)
  return text === '""' ? '' : text
}
