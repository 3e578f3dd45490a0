/**
 * The interfaces between the engine and the outside. The engine runs sources and destinations,
 * connectors implement them, a site wires them together, and neither knows the other.
 */

import type { Log } from './log.ts'
import type { Ports } from './ports.ts'

/** Who is at the other end of a link, as far as the transport has proved it. */
export type Peer = {
  /** Address and port, for the log. */
  readonly address: string
  /** Subject of a verified client certificate; absent on a link without mutual TLS. */
  readonly subject?: string | undefined
}

export type Inbound = {
  readonly bytes: Uint8Array
  readonly peer: Peer
}

/**
 * Takes one message. It resolves only after the message is durable, with the bytes that answer
 * the sender (for MLLP: the acknowledgement). No bytes: the sender asked for no answer.
 * `undefined`: it gets none although it waits for one, the link is closed, and it must send again.
 * It never rejects for a bad message: that has an answer too.
 */
export type Accept = (inbound: Inbound) => Promise<Uint8Array | undefined>

export type LinkDeps = { readonly ports: Ports; readonly log: Log }

export type OpenSource = {
  /** Where it listens, once open: `mllp://127.0.0.1:2575`. */
  readonly address: string
  readonly port: number
  /** Stops taking messages, lets those under way finish, then closes. */
  readonly close: () => Promise<void>
}

export type Source = {
  readonly name: string
  readonly kind: string
  /** ODS code of the organisation whose systems send here: assigns identifiers that name nobody. */
  readonly organisation: string
  readonly open: (accept: Accept, deps: LinkDeps) => Promise<OpenSource>
}

export type Delivery = {
  /** Same value on every attempt, so that a receiver can tell a repeat. */
  readonly idempotencyKey: string
  /** 1 for the first attempt. */
  readonly attempt: number
  /** True when an earlier attempt may have reached the receiver. */
  readonly maybeRepeat: boolean
  readonly bytes: Uint8Array
}

/**
 * How an attempt ended. `transient` and `ambiguous` with scope `link` pause the whole
 * destination; with scope `message` only the lane of this message waits.
 */
export type Outcome =
  | { readonly kind: 'accepted'; readonly reply?: Uint8Array | undefined }
  | { readonly kind: 'rejected'; readonly code: string; readonly reply?: Uint8Array | undefined }
  | {
      readonly kind: 'transient' | 'ambiguous'
      readonly code: string
      readonly scope: 'link' | 'message'
      readonly retryAfterMs?: number | undefined
      readonly reply?: Uint8Array | undefined
    }

export type OpenDestination = {
  /** One attempt. It resolves with what is known of its end and rejects only for a bug. */
  readonly deliver: (delivery: Delivery, signal: AbortSignal) => Promise<Outcome>
  readonly close: () => Promise<void>
}

export type Destination = {
  readonly name: string
  readonly kind: string
  /** ODS code of the organisation that receives: what an agreement must cover. */
  readonly recipient: string
  /** How many messages may be under way at once. */
  readonly concurrency: number
  /** Where it sends to, for people: `mllp://127.0.0.1:2600`. */
  readonly address: string
  readonly open: (deps: LinkDeps) => Promise<OpenDestination>
}
