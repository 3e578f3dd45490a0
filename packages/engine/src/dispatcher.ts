/**
 * Sends what waits for one destination: in order within each patient's lane, several lanes at
 * once, and only while an agreement covers it. The claim is durable before the first byte leaves,
 * so after a crash it is known which deliveries may have arrived, and only those are repeated.
 */
import {
  isAlmonerError,
  type Log,
  type OpenDestination,
  type Outcome,
  type Ports,
  pause,
} from '@almoner/core'
import { type Agreement, categoriesOf, decide } from '@almoner/governance'
import { decodeBytes, parseMessage } from '@almoner/hl7v2'
import type { OutboxEntry, Settlement, Store, TurnResult } from '@almoner/store'
import { BACKOFF, backoffMs } from './backoff.ts'
import { createLanes, type RunEnd } from './lanes.ts'
import type { ForwardTarget } from './route.ts'

export type DispatcherDeps = {
  readonly store: Store
  readonly ports: Ports
  readonly log: Log
  readonly agreements: readonly Agreement[]
  readonly onSettled: (messageId: string) => void
}

export type Dispatcher = {
  readonly start: () => Promise<void>
  readonly wake: () => void
  /** A person decided on this held or dead delivery. */
  readonly released: (deliveryId: string) => void
  /** Resolves when nothing is under way and nothing waits that could be sent now. */
  readonly idle: () => Promise<void>
  readonly stop: () => Promise<void>
}

const LOADED_MAX = 512
const READ_MAX = 128
const LOADED_BYTES_MAX = 32 * 1024 * 1024

/** A delivery whose lane is free; `end` lets the lane move on. */
type Job = {
  readonly entry: OutboxEntry
  attempt: number
  /** Attempts that reached the receiver and were not taken; a link that is down counts nothing. */
  refusals: number
  readonly end: (how: RunEnd) => void
}

type Claim = TurnResult['claimed']

type Settled = { readonly job: Job; readonly settlement: Settlement; readonly retryMs: number }

export function createDispatcher(target: ForwardTarget, deps: DispatcherDeps): Dispatcher {
  const { destination, policy } = target
  const { store, ports, log } = deps
  const lanes = createLanes()
  const stopping = new AbortController()
  const loaded = new Map<number, Promise<unknown>>()
  const ready: Job[] = []
  const sleepers: (() => void)[] = []
  let open: OpenDestination | undefined
  let workers: readonly Promise<void>[] = []
  let loadedBytes = 0
  let afterSeq = 0
  let isReading = false
  let isWoken = false
  let linkFailures = 0
  let linkPause: Promise<void> | undefined

  // ------------------------------------------------------------ loading, in order

  const read = async (): Promise<void> => {
    if (isReading) return
    isReading = true
    try {
      do {
        isWoken = false
        while (hasRoom()) {
          const from = afterSeq
          const entries = await store.nextDeliveries(destination.name, from, READ_MAX)
          // A release moved the place meanwhile: what was read here comes again, in its order.
          if (afterSeq !== from) continue
          if (entries.length === 0) break
          entries.forEach(load)
        }
      } while (isWoken)
    } finally {
      isReading = false
    }
  }

  const hasRoom = (): boolean =>
    !stopping.signal.aborted && loaded.size < LOADED_MAX && loadedBytes < LOADED_BYTES_MAX

  const wake = (): void => {
    isWoken = true
    if (!isReading && !stopping.signal.aborted) void read()
  }

  const load = (entry: OutboxEntry): void => {
    afterSeq = Math.max(afterSeq, entry.seq)
    if (loaded.has(entry.seq)) return
    const { id, seq, laneKeys: keys } = entry
    if (entry.state === 'held') {
      lanes.hold({ id, seq, keys })
      return
    }
    loadedBytes += entry.payload.length
    const run = (): Promise<RunEnd> => new Promise((end) => queue(entry, end))
    const task = lanes
      .enter({ id, seq, keys, run })
      .then((end) => {
        if (end === 'again') afterSeq = Math.min(afterSeq, seq - 1)
      })
      .finally(() => {
        loaded.delete(seq)
        loadedBytes -= entry.payload.length
        wake()
      })
    loaded.set(entry.seq, task)
  }

  const queue = (entry: OutboxEntry, end: Job['end']): void => {
    const job: Job = { entry, attempt: entry.attempts, refusals: 0, end }
    const waitMs = entry.dueAtMs - ports.clock.nowMs()
    if (waitMs <= 0) offer(job)
    else void pause(ports.clock, waitMs, stopping.signal).then(() => offer(job))
  }

  const offer = (job: Job): void => {
    if (stopping.signal.aborted) {
      job.end('held')
      return
    }
    ready.push(job)
    sleepers.shift()?.()
  }

  /** The next delivery to send, once the link is believed to be up. */
  const nextJob = async (): Promise<Job | undefined> => {
    while (!stopping.signal.aborted) {
      if (linkPause !== undefined) await linkPause
      else if (ready.length > 0) return ready.shift()
      else await new Promise<void>((resolve) => void sleepers.push(resolve))
    }
    return undefined
  }

  // ------------------------------------------------------------ sending

  /** One connection's worth of work: settle the last and claim the next in one commit. */
  const work = async (): Promise<void> => {
    let last: Settled | undefined
    for (;;) {
      const job = last === undefined ? await nextJob() : readyNow()
      if (job === undefined && last === undefined) return
      const claimed = await turn(last, job)
      if (last !== undefined) afterTurn(last)
      last = job && (await sendClaimed(job, claimed))
    }
  }

  const readyNow = (): Job | undefined =>
    linkPause === undefined && !stopping.signal.aborted ? ready.shift() : undefined

  /** Gives the claim of `job`; undefined when there is none, so that nothing may be sent. */
  const turn = async (last: Settled | undefined, job: Job | undefined): Promise<Claim> => {
    for (let failures = 1; ; failures += 1) {
      try {
        const { claimed } = await store.write('turnDelivery', {
          settle: last?.settlement,
          claim: job && { seq: job.entry.seq, atMs: ports.clock.nowMs() },
        })
        return claimed
      } catch (thrown) {
        if (!isAlmonerError(thrown)) throw thrown
        log.error('delivery.not-recorded', { destination: destination.name, code: thrown.code })
        // Closed for good: what is unsettled stays `sending` and is repeated, flagged, next time.
        if (stopping.signal.aborted || thrown.code === 'STORE_CLOSED') return undefined
        await pause(ports.clock, backoffMs(BACKOFF, failures, ports.random), stopping.signal)
      }
    }
  }

  const sendClaimed = async (job: Job, claim: Claim): Promise<Settled | undefined> => {
    if (claim !== undefined) return await attempt(job, claim)
    // A person dismissed it meanwhile, or the store has closed and the next start takes it again.
    job.end(stopping.signal.aborted ? 'held' : 'free')
    return undefined
  }

  const attempt = async (job: Job, claim: NonNullable<Claim>): Promise<Settled> => {
    const { entry } = job
    job.attempt = claim.attempt
    const decision = decide(deps.agreements, {
      agreement: entry.agreement,
      purpose: entry.purpose,
      recipient: destination.recipient,
      categories: categoriesOf(entry.messageType, segmentNames(entry.payload)),
      atMs: ports.clock.nowMs(),
    })
    if (!decision.permit) return settled(job, refusedBy(decision.code), false)
    const outcome = await open!.deliver(
      {
        idempotencyKey: entry.id,
        attempt: claim.attempt,
        maybeRepeat: claim.maybeRepeat,
        bytes: entry.payload,
      },
      stopping.signal,
    )
    return settled(job, outcome, true)
  }

  const settled = (job: Job, outcome: Outcome, isSent: boolean): Settled => {
    const { entry } = job
    const isLink = 'scope' in outcome && outcome.scope === 'link'
    if (!isLink) job.refusals += 1
    noteLink(outcome, isLink)
    const state = stateAfter(job, outcome, isSent)
    const wanted = 'retryAfterMs' in outcome ? outcome.retryAfterMs : undefined
    // A link failure pauses the whole destination; the delivery itself is due at once.
    const retryMs = isLink ? 0 : (wanted ?? backoffMs(policy.backoff, job.refusals, ports.random))
    const atMs = ports.clock.nowMs()
    const maybeSent = outcome.kind === 'ambiguous'
    const code = outcome.kind === 'accepted' ? undefined : outcome.code
    if (code === undefined) log.debug('delivery.accepted', { delivery: entry.id })
    else log.warn('delivery.failed', { delivery: entry.id, code, state, attempt: job.attempt })
    const settlement: Settlement = {
      seq: entry.seq,
      id: entry.id,
      messageId: entry.messageId,
      destination: destination.name,
      recipient: destination.recipient,
      agreement: entry.agreement,
      purpose: entry.purpose,
      atMs,
      attempt: job.attempt,
      state,
      code,
      dueAtMs: atMs + retryMs,
      maybeSent,
      reply: outcome.reply,
    }
    return { job, settlement, retryMs }
  }

  const stateAfter = (job: Job, outcome: Outcome, isSent: boolean): Settlement['state'] => {
    if (outcome.kind === 'accepted') return 'delivered'
    // Without a live agreement the lane waits for a person, whatever the policy says.
    if (!isSent) return 'held'
    const toState = { hold: 'held', dead: 'dead' } as const
    if (outcome.kind === 'rejected') return toState[policy.onRejected]
    if (outcome.scope === 'link' || job.refusals < policy.attemptsMax) return 'waiting'
    return toState[policy.onGivingUp]
  }

  /** While the link is down every worker waits, and one of them tries again after the pause. */
  const noteLink = (outcome: Outcome, isLinkFailure: boolean): void => {
    if (!isLinkFailure) {
      linkFailures = 0
      return
    }
    // Several connections fail together: that is one failure of the link.
    if (linkPause !== undefined) return
    linkFailures += 1
    const wanted = 'retryAfterMs' in outcome ? outcome.retryAfterMs : undefined
    const waitMs = wanted ?? backoffMs(policy.backoff, linkFailures, ports.random)
    log.warn('destination.paused', { destination: destination.name, waitMs })
    linkPause = pause(ports.clock, waitMs, stopping.signal).then(() => {
      linkPause = undefined
    })
  }

  const afterTurn = ({ job, settlement, retryMs }: Settled): void => {
    deps.onSettled(settlement.messageId)
    if (settlement.state === 'waiting') {
      void pause(ports.clock, retryMs, stopping.signal).then(() => offer(job))
    } else {
      job.end(settlement.state === 'held' ? 'held' : 'free')
    }
  }

  // ------------------------------------------------------------ life

  return {
    start: async () => {
      open = await destination.open({ ports, log })
      workers = Array.from({ length: destination.concurrency }, work)
      wake()
    },
    wake,
    released: (deliveryId) => {
      lanes.release(deliveryId)
      afterSeq = 0
      wake()
    },
    idle: async () => {
      do {
        await read()
        await Promise.allSettled(loaded.values())
        // Lets a read that someone else began come to its end.
        await new Promise<void>((resolve) => setImmediate(resolve))
      } while (isReading || loaded.size > 0)
    },
    stop: async () => {
      stopping.abort()
      for (const job of ready.splice(0)) job.end('held')
      for (const wakeUp of sleepers.splice(0)) wakeUp()
      await Promise.all(workers)
      await open?.close()
    },
  }
}

const segmentNames = (payload: Uint8Array): readonly string[] =>
  parseMessage(decodeBytes(payload).text).segments.map((segment) => segment.name)

const refusedBy = (code: string): Outcome => ({ kind: 'rejected', code })
