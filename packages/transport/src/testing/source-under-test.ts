/** An MLLP source opened on a real port, and ways to answer or to hold what it hands on. */
import type { TestContext } from 'node:test'
import { type Accept, type Inbound, type OpenSource, systemPorts } from '@almoner/core'
import { type MllpSourceOptions, mllpSource } from '../index.ts'
import {
  ack,
  type Client,
  connectClient,
  controlIdOf,
  type RecordingLog,
  recordingLog,
} from './mllp-peer.ts'

/** The message as text, a byte per character. */
export const textOf = ({ bytes }: Inbound): string => Buffer.from(bytes).toString('latin1')
/** Answers AA to everything. */
export const acceptAll: Accept = async (inbound) =>
  Buffer.from(ack('AA', controlIdOf(textOf(inbound))))

export type SourceUnderTest = { readonly source: OpenSource; readonly log: RecordingLog }

/** A source on a free port, closed after the test. */
export async function openedSource(
  t: TestContext,
  accept: Accept,
  options: Partial<MllpSourceOptions> = {},
): Promise<SourceUnderTest> {
  const log = recordingLog()
  const source = await mllpSource('pas', { port: 0, organisation: 'RXX', ...options }).open(
    accept,
    { ports: systemPorts, log },
  )
  t.after(() => source.close())
  return { source, log }
}

/** A client of it, gone after the test. */
export async function connected(t: TestContext, { source }: SourceUnderTest): Promise<Client> {
  const client = await connectClient(source.port)
  t.after(() => client.socket.destroy())
  return client
}

/** An accept that the test settles one by one. */
export function heldAccept() {
  const held: { readonly text: string; readonly settle: (answer?: string) => void }[] = []
  let grown: () => void = () => undefined
  const accept: Accept = (inbound) =>
    new Promise((resolve) => {
      held.push({
        text: textOf(inbound),
        settle: (answer) => resolve(answer === undefined ? undefined : Buffer.from(answer)),
      })
      grown()
    })
  const whenHeld = async (count: number): Promise<void> => {
    while (held.length < count) await new Promise<void>((resolve) => (grown = resolve))
  }
  return { accept, held, whenHeld }
}
