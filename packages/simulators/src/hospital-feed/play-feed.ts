/**
 * Plays a feed into an engine over MLLP, as the systems of a hospital would: one connection each,
 * one message at a time, and no next message before the last was accepted. One message is under
 * way over all systems, so that results never overtake the admission they belong to.
 */
import type { Log, OpenDestination, Outcome, Ports } from '@almoner/core'
import { pause } from '@almoner/core'
import { mllpDestination } from '@almoner/transport'
import { SIM_ERRORS } from '../errors.ts'
import type { FeedMessage, FeedSourceName, MessageSupply } from './feed.ts'

export type FeedTarget = { readonly host: string; readonly port: number }

export type PlayOptions = {
  readonly feed: MessageSupply
  /** Where each system sends to. */
  readonly targets: Readonly<Record<FeedSourceName, FeedTarget>>
  /** Messages per second at most; above zero. */
  readonly ratePerSecond: number
  /** Ends the play: the message under way may or may not have arrived. */
  readonly signal: AbortSignal
  readonly ports: Ports
  readonly log: Log
  /** Called for each message once it is accepted: a position to go on from is the one after it. */
  readonly onSent?: (message: FeedMessage) => void
  /** Time before a message is sent again. 1,000 when left out. */
  readonly retryMs?: number
  /** Time to wait for an acknowledgement. 30,000 when left out. */
  readonly ackMs?: number
}

export type Played = {
  /** Messages that went out at least once. */
  readonly sent: number
  readonly acknowledged: number
  /** Negative answers: AE and AR. */
  readonly refused: number
  /** Messages sent once more, under the same control id. */
  readonly resent: number
}

const RETRY_MS = 1_000

/**
 * Resolves when the feed or the signal ends. A message that got AE, or no answer, is sent again
 * until it is accepted. AR means that sending it again is no use and a person must look at it: it
 * ends the play, for nothing may overtake it.
 * @throws SIM_OPTION_INVALID, CORE_CONFIG_INVALID
 */
export async function playFeed(options: PlayOptions): Promise<Played> {
  const { feed, signal, ports, ratePerSecond } = options
  if (!(ratePerSecond > 0)) {
    throw SIM_ERRORS.error('SIM_OPTION_INVALID', { where: 'ratePerSecond: expected above zero' })
  }
  const links = await openLinks(options)
  const count: Mutable<Played> = { sent: 0, acknowledged: 0, refused: 0, resent: 0 }
  const startMs = ports.clock.monotonicMs()
  try {
    for (let turn = 0; !signal.aborted; turn++) {
      const message = feed.next()
      if (message === undefined) break
      const dueMs = startMs + (turn * 1_000) / ratePerSecond
      const earlyMs = dueMs - ports.clock.monotonicMs()
      if (earlyMs > 0) await pause(ports.clock, earlyMs, signal)
      if (!(await sendUntilAccepted(options, links[message.source], message, count))) break
      count.acknowledged++
      options.onSent?.(message)
    }
  } finally {
    await Promise.all(Object.values(links).map((link) => link.close()))
  }
  return count
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] }
type Links = Readonly<Record<FeedSourceName, OpenDestination>>

async function openLinks(options: PlayOptions): Promise<Links> {
  const { targets, ports, log, ackMs } = options
  const open = (source: FeedSourceName): Promise<OpenDestination> =>
    mllpDestination(source, {
      ...targets[source],
      recipient: 'engine',
      connections: 1,
      ...(ackMs === undefined ? {} : { ackMs }),
    }).open({ ports, log })
  return { pas: await open('pas'), lab: await open('lab'), epr: await open('epr') }
}

/** False: the play is over, by the signal or because a person must look. */
async function sendUntilAccepted(
  options: PlayOptions,
  link: OpenDestination,
  message: FeedMessage,
  count: Mutable<Played>,
): Promise<boolean> {
  const { signal, ports, log, retryMs = RETRY_MS } = options
  const { controlId, bytes, source } = message
  let sentCount = 0
  for (let attempt = 1; !signal.aborted; attempt++) {
    const maybeRepeat = sentCount > 0
    const delivery = { idempotencyKey: controlId, attempt, maybeRepeat, bytes }
    const outcome = await link.deliver(delivery, signal)
    if (wentOut(outcome)) {
      if (sentCount++ === 0) count.sent++
      else count.resent++
    }
    if (outcome.kind === 'accepted') return true
    const { code } = outcome
    if (outcome.reply !== undefined && code !== WRONG_ANSWER) count.refused++
    if (outcome.kind === 'rejected') {
      log.warn('feed.stopped', { source, controlId, code })
      return false
    }
    if (signal.aborted) return false
    log.info('feed.resending', { source, controlId, code, attempt })
    await pause(ports.clock, retryMs, signal)
  }
  return false
}

/** An answer to some other message: the receiver's fault, and no refusal. */
const WRONG_ANSWER = 'TRANSPORT_WRONG_ANSWER'

/** An attempt that was not answered went out only if its end is unknown. */
const wentOut = (outcome: Outcome): boolean =>
  outcome.reply !== undefined || outcome.kind === 'ambiguous'
