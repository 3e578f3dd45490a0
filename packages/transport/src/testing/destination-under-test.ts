/** An MLLP destination that sends to a scripted receiver over real sockets. */
import type { Socket } from 'node:net'
import type { TestContext } from 'node:test'
import { type Delivery, type OpenDestination, type Outcome, systemPorts } from '@almoner/core'
import { type MllpDestinationOptions, mllpDestination } from '../index.ts'
import { type Receiver, type RecordingLog, recordingLog, startReceiver } from './mllp-peer.ts'

/** A signal that never aborts. */
export const NEVER = new AbortController().signal

/** A first attempt to deliver this text. */
export const delivery = (text: string): Delivery => ({
  idempotencyKey: 'key',
  attempt: 1,
  maybeRepeat: false,
  bytes: Buffer.from(text, 'latin1'),
})

export type DestinationUnderTest = {
  readonly receiver: Receiver
  readonly destination: OpenDestination
  readonly log: RecordingLog
  readonly send: (text: string, signal?: AbortSignal) => Promise<Outcome>
}

/** A receiver that does with messages what the test says, and a destination that sends to it. */
export async function openedDestination(
  t: TestContext,
  onMessage: (text: string, socket: Socket) => void,
  options: Partial<MllpDestinationOptions> = {},
  clock = systemPorts.clock,
): Promise<DestinationUnderTest> {
  const receiver = await startReceiver(onMessage)
  const log = recordingLog()
  const { port } = receiver
  const destination = await mllpDestination('lab', {
    host: '127.0.0.1',
    port,
    recipient: 'RXX',
    ...options,
  }).open({ ports: { ...systemPorts, clock }, log })
  t.after(async () => {
    await receiver.close()
    await destination.close()
  })
  const send = (text: string, signal = NEVER) => destination.deliver(delivery(text), signal)
  return { receiver, destination, log, send }
}

/** The outcome without its reply. */
export const known = ({ reply: _reply, ...rest }: Outcome & { reply?: unknown }): unknown => rest

export const ACCEPTED = { kind: 'accepted' }
export const WRONG = { kind: 'ambiguous', code: 'TRANSPORT_WRONG_ANSWER', scope: 'message' }
export const LATE = { kind: 'ambiguous', code: 'TRANSPORT_NO_ANSWER', scope: 'message' }
export const LOST = { kind: 'ambiguous', code: 'TRANSPORT_CONNECTION_LOST', scope: 'link' }
