/**
 * The load generator: connections that each send a message, wait for its acknowledgement, and send
 * the next. Bare sockets and no parsing beyond MSA, so that it measures the other end. Runs in a
 * process of its own for figures that mean something.
 */
import type { Ports } from '@almoner/core'
import { pause } from '@almoner/core'
import { SIM_ERRORS } from '../errors.ts'
import type { LoadConnection } from './connection.ts'
import { connectLoad } from './connection.ts'
import type { Percentiles } from './latency.ts'
import { countLatencies } from './latency.ts'
import type { LoadMessage } from './load-message.ts'

export type LoadOptions = {
  readonly host: string
  readonly port: number
  readonly connections: number
  /** One message under way per connection: a sender in original mode never has more. */
  readonly outstanding: 1
  /** Message number `i`, from 0. Called once for each. */
  readonly makeMessage: (i: number) => LoadMessage
  readonly ports: Ports
  /** Called with the control id of every message that got AA or CA. */
  readonly onAck?: (controlId: string) => void
  /**
   * A connection that is lost, or cannot be made, is made again after so long, and its message
   * sent again. When left out, that ends the run with an error.
   */
  readonly reconnectMs?: number
  /** An acknowledgement that takes longer counts as a lost connection. 30,000 when left out. */
  readonly ackTimeoutMs?: number
  /** Ends the run: what is under way stays unacknowledged. */
  readonly signal?: AbortSignal
} & (
  | { readonly messages: number; readonly seconds?: undefined }
  | { readonly seconds: number; readonly messages?: undefined }
)

export type LoadResult = {
  /** Messages that went out at least once. */
  readonly sent: number
  readonly acked: number
  /** Messages that got AE, AR, CE or CR. */
  readonly refused: number
  /** Messages sent once more after a lost connection. */
  readonly resent: number
  readonly elapsedMs: number
  /** Acknowledged messages per second. */
  readonly perSecond: number
  readonly latencyMs: Percentiles
}

const ACK_TIMEOUT_MS = 30_000

/** @throws SIM_OPTION_INVALID, SIM_LINK_FAILED */
export async function runLoad(options: LoadOptions): Promise<LoadResult> {
  checkOptions(options)
  const { clock } = options.ports
  const startMs = clock.monotonicMs()
  const run: Run = {
    ...options,
    halt: new AbortController(),
    onFailure: (cause) => {
      run.failure = cause
    },
    failure: undefined,
    latencies: countLatencies(),
    untilMs: options.seconds === undefined ? Infinity : startMs + options.seconds * 1_000,
    countMax: options.messages ?? Infinity,
    next: 0,
    sent: 0,
    acked: 0,
    refused: 0,
    resent: 0,
  }
  const stop = () => run.halt.abort()
  options.signal?.addEventListener('abort', stop, { once: true })
  if (options.signal?.aborted === true) stop()
  try {
    await Promise.all(Array.from({ length: options.connections }, (_, at) => runLane(run, at)))
  } finally {
    stop()
    options.signal?.removeEventListener('abort', stop)
  }
  const elapsedMs = clock.monotonicMs() - startMs
  const { sent, acked, refused, resent } = run
  const perSecond = (acked * 1_000) / elapsedMs
  const latencyMs = run.latencies.percentiles()
  return { sent, acked, refused, resent, elapsedMs, perSecond, latencyMs }
}

type Run = Omit<LoadOptions, 'messages' | 'seconds' | 'signal'> & {
  readonly halt: AbortController
  readonly onFailure: (cause: Error) => void
  failure: Error | undefined
  readonly latencies: ReturnType<typeof countLatencies>
  readonly untilMs: number
  readonly countMax: number
  next: number
  sent: number
  acked: number
  refused: number
  resent: number
}

/** One connection, and those that take its place. */
async function runLane(run: Run, lane: number): Promise<void> {
  let connection: LoadConnection | undefined
  try {
    for (let message = take(run); message !== undefined; message = take(run)) {
      let sentCount = 0
      for (;;) {
        connection ??= await connectLoad(run)
        if (connection !== undefined) {
          if (sentCount++ === 0) run.sent++
          else run.resent++
          if (await settle(run, connection, message)) break
          connection.close()
          connection = undefined
        }
        if (run.halt.signal.aborted) return
        await waitOrFail(run, lane)
      }
    }
  } catch (error) {
    run.halt.abort()
    throw error
  } finally {
    connection?.close()
  }
}

function take(run: Run): LoadMessage | undefined {
  if (run.halt.signal.aborted || run.next >= run.countMax) return undefined
  if (run.ports.clock.monotonicMs() >= run.untilMs) return undefined
  return run.makeMessage(run.next++)
}

/** Sends and waits. False: the connection was lost before the message was acknowledged. */
async function settle(
  run: Run,
  connection: LoadConnection,
  message: LoadMessage,
): Promise<boolean> {
  const { clock } = run.ports
  const startMs = clock.monotonicMs()
  const code = await connection.exchange(message, run.ackTimeoutMs ?? ACK_TIMEOUT_MS)
  if (code === undefined) return false
  run.latencies.add(clock.monotonicMs() - startMs)
  if (code === 'AA' || code === 'CA') {
    run.acked++
    run.onAck?.(message.controlId)
  } else run.refused++
  return true
}

async function waitOrFail(run: Run, lane: number): Promise<void> {
  if (run.reconnectMs === undefined) {
    throw SIM_ERRORS.error('SIM_LINK_FAILED', {
      where: `connection ${lane + 1}`,
      cause: run.failure,
    })
  }
  await pause(run.ports.clock, run.reconnectMs, run.halt.signal)
}

function checkOptions({ connections, messages, seconds }: LoadOptions): void {
  const wrong = (where: string) => SIM_ERRORS.error('SIM_OPTION_INVALID', { where })
  if (!Number.isSafeInteger(connections) || connections < 1) throw wrong('connections')
  if (messages !== undefined && !(messages >= 0)) throw wrong('messages')
  if (seconds !== undefined && !(seconds > 0)) throw wrong('seconds')
}
