/** Messages for a load run: one message again and again, each time under a control id of its own. */
import { frame } from '@almoner/hl7v2'
import { SIM_ERRORS } from '../errors.ts'

export type LoadMessage = {
  /** MSH-10 of the message: what its acknowledgement must name. */
  readonly controlId: string
  /** The MLLP frame, ready to send. */
  readonly frame: Uint8Array
}

const FIELD_SEPARATOR_AT = 3
const CONTROL_ID_FIELD = 10

/**
 * Makes message `i` from a model: the model with `<prefix><i>` in MSH-10, in its frame. The rest
 * is prepared once, so that making a message is one copy.
 * @throws SIM_OPTION_INVALID when the model has no MSH-10
 */
export function numberedMessages(model: Uint8Array, prefix: string): (i: number) => LoadMessage {
  const framed = Buffer.from(frame(model))
  const { start, end } = controlIdOf(framed)
  const head = framed.subarray(0, start)
  const tail = framed.subarray(end)
  return (i) => {
    const controlId = `${prefix}${i}`
    return { controlId, frame: Buffer.concat([head, Buffer.from(controlId, 'latin1'), tail]) }
  }
}

/** Where MSH-10 stands in a frame. The byte before MSH is the start of the frame. */
function controlIdOf(framed: Buffer): { readonly start: number; readonly end: number } {
  const separator = framed[1 + FIELD_SEPARATOR_AT]
  const carriageReturn = framed.indexOf('\r')
  let start = -1
  // MSH-1 is the separator itself, so the ninth one stands before MSH-10.
  for (let at = 0, field = 1; at < carriageReturn && separator !== undefined; at++) {
    if (framed[at] !== separator) continue
    field++
    if (field === CONTROL_ID_FIELD) start = at + 1
    if (field === CONTROL_ID_FIELD + 1) return { start, end: at }
  }
  throw SIM_ERRORS.error('SIM_OPTION_INVALID', { where: 'the model message has no MSH-10' })
}
