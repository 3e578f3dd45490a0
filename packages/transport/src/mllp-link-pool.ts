/**
 * The connections of one destination: made when they are needed, kept while they work, never more
 * than the limit. Whoever finds none free waits for one in turn.
 */
import { isAlmonerError } from '@almoner/core'
import type { Answer } from './answer.ts'
import { TRANSPORT_ERRORS } from './errors.ts'
import {
  type Exchange,
  type LinkPorts,
  type LinkTarget,
  type MllpLink,
  openLink,
} from './mllp-link.ts'

export type LinkPool = {
  /**
   * Sends one framed message over a connection of its own for the time.
   * @throws TRANSPORT_CLOSED, TRANSPORT_ABORTED and what `openLink` throws: nothing was sent then
   */
  readonly exchange: (framed: Uint8Array, options: ExchangeOptions) => Promise<Exchange>
  /** Lets exchanges under way end, each within its time for the answer, then closes all. */
  readonly close: () => Promise<void>
}

export type ExchangeOptions = {
  readonly ackMs: number
  readonly signal: AbortSignal
  readonly isMine: (answer: Answer) => boolean
}

/** A connection that rested so long may have been closed without our having read of it yet. */
const RESTED_MS = 100

export function createLinkPool(target: LinkTarget, linksMax: number, ports: LinkPorts): LinkPool {
  const resting: MllpLink[] = []
  const turns = createTurns(linksMax)

  const restingLink = async (): Promise<MllpLink | undefined> => {
    for (let link = resting.pop(); link !== undefined; link = resting.pop()) {
      const hasRested = ports.clock.monotonicMs() - link.usedAtMs >= RESTED_MS
      if (hasRested) await loopTurn()
      if (link.isUsable) return link
      link.close()
    }
    return undefined
  }

  const freshLink = async (signal: AbortSignal): Promise<MllpLink> => {
    try {
      return await openLink(target, ports, signal)
    } catch (thrown) {
      if (isAlmonerError(thrown)) {
        const { code, where } = thrown
        ports.log.warn('mllp.connect-failed', { code, where })
      }
      throw thrown
    }
  }

  return {
    exchange: async (framed, options) => {
      await turns.take(options.signal)
      try {
        const link = (await restingLink()) ?? (await freshLink(options.signal))
        if (options.signal.aborted) {
          resting.push(link)
          throw TRANSPORT_ERRORS.error('TRANSPORT_ABORTED')
        }
        const exchange = await link.exchange(framed, options)
        if (link.isUsable) resting.push(link)
        else ports.log.info('mllp.link-ended', { why: exchange.kind })
        return exchange
      } finally {
        turns.give()
      }
    },
    close: async () => {
      await turns.close()
      for (const link of resting.splice(0)) link.close()
    },
  }
}

/**
 * A whole turn of the event loop, in which the end of a connection that has arrived is read. The
 * first immediate still belongs to the turn under way, which may have read its sockets already.
 */
const loopTurn = (): Promise<void> =>
  new Promise((resolve) => setImmediate(() => setImmediate(resolve)))

type Turns = {
  readonly take: (signal: AbortSignal) => Promise<void>
  readonly give: () => void
  /** Refuses new ones and those that wait, and resolves when all are given back. */
  readonly close: () => Promise<void>
}

type Waiting = { readonly start: () => void; readonly refuse: () => void }

function createTurns(turnsMax: number): Turns {
  let takenCount = 0
  let whenIdle: (() => void) | undefined
  let isClosed = false
  const waiting = new Set<Waiting>()

  const wait = (signal: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      const leave = (): void => {
        waiting.delete(one)
        signal.removeEventListener('abort', onAbort)
      }
      const onAbort = (): void => {
        leave()
        reject(TRANSPORT_ERRORS.error('TRANSPORT_ABORTED'))
      }
      const one: Waiting = {
        start: () => {
          leave()
          resolve()
        },
        refuse: () => {
          leave()
          reject(TRANSPORT_ERRORS.error('TRANSPORT_CLOSED'))
        },
      }
      waiting.add(one)
      signal.addEventListener('abort', onAbort, { once: true })
    })

  return {
    take: async (signal) => {
      if (isClosed) throw TRANSPORT_ERRORS.error('TRANSPORT_CLOSED')
      if (signal.aborted) throw TRANSPORT_ERRORS.error('TRANSPORT_ABORTED')
      if (takenCount < turnsMax) takenCount++
      // A turn that is given back passes to the first that waits; it is never free in between.
      else await wait(signal)
    },
    give: () => {
      const [next] = waiting
      if (next !== undefined) return next.start()
      takenCount--
      if (takenCount === 0) whenIdle?.()
    },
    close: async () => {
      isClosed = true
      for (const one of [...waiting]) one.refuse()
      if (takenCount > 0) await new Promise<void>((resolve) => (whenIdle = resolve))
    },
  }
}
