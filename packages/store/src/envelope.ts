/**
 * Head, acknowledgement and body of one message as one sealed record:
 * `u32 head length | head JSON | u32 ack length | ack | body`. One seal instead of three.
 */
import type { Vault } from '@almoner/vault'

export type EnvelopeHead = { readonly controlId: string; readonly peer: string }
export type Envelope = {
  readonly head: EnvelopeHead
  readonly ack: Uint8Array
  readonly body: Uint8Array
}

const binding = (id: string): string => `journal/${id}`

export function sealEnvelope(vault: Vault, id: string, envelope: Envelope): Uint8Array {
  const head = Buffer.from(JSON.stringify(envelope.head))
  const lengths = Buffer.alloc(8)
  lengths.writeUInt32BE(head.length, 0)
  lengths.writeUInt32BE(envelope.ack.length, 4)
  const plain = Buffer.concat([
    lengths.subarray(0, 4),
    head,
    lengths.subarray(4),
    envelope.ack,
    envelope.body,
  ])
  return vault.seal(plain, binding(id))
}

/**
 * `ack` and `body` are parts of one opened record, not copies of it.
 * @throws VAULT_TAMPERED when the record is not what was sealed for this id.
 */
export function openEnvelope(vault: Vault, id: string, sealed: Uint8Array): Envelope {
  const opened = vault.open(sealed, binding(id))
  const plain = Buffer.from(opened.buffer, opened.byteOffset, opened.byteLength)
  const ackAt = 4 + plain.readUInt32BE(0)
  const bodyAt = ackAt + 4 + plain.readUInt32BE(ackAt)
  return {
    // Written by sealEnvelope above and authenticated by the seal.
    head: JSON.parse(plain.toString('utf8', 4, ackAt)) as EnvelopeHead,
    ack: opened.subarray(ackAt + 4, bodyAt),
    body: opened.subarray(bodyAt),
  }
}
