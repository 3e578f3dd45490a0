/** What the answer of a receiver means. Source: HL7 v2.5.1 chapter 2.9.2 and table 0008. */
import { decodeBytes, readAck } from '@almoner/hl7v2'

export type Answer = {
  /**
   * `committed` (CA): kept safely, which settles the message. `accepted`: AA. `refused`: AR, CR,
   * never to be sent again as it is. `failed`: AE, CE, to be tried again.
   */
  readonly kind: 'accepted' | 'committed' | 'refused' | 'failed'
  /** MSA-2. */
  readonly controlId: string
  readonly text: string
  readonly bytes: Uint8Array
}

const KINDS: ReadonlyMap<string, Answer['kind']> = new Map([
  ['AA', 'accepted'],
  ['CA', 'committed'],
  ['AR', 'refused'],
  ['CR', 'refused'],
  ['AE', 'failed'],
  ['CE', 'failed'],
])

/** Undefined when it is no acknowledgement, or one whose code is not in table 0008. */
export function readAnswer(bytes: Uint8Array): Answer | undefined {
  const { text } = decodeBytes(bytes)
  const ack = readAck(text)
  const kind = ack && KINDS.get(ack.code)
  if (ack === undefined || kind === undefined) return undefined
  return { kind, controlId: ack.controlId, text, bytes }
}
