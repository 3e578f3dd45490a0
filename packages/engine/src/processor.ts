/**
 * Takes messages from the journal in order, lane by lane, and finishes each: parse, map, commit.
 * A message that cannot be finished is tried again, held or dead, but never forgotten: the
 * journal's state says which, and the journal is all this remembers.
 */
import { type AlmonerError, isAlmonerError, type Log, type Ports, pause } from '@almoner/core'
import { decodeBytes, type Message, parseMessage, readHeader } from '@almoner/hl7v2'
import type { MapContext, Mapped } from '@almoner/mapping'
import type { JournalEntry, MessageCommit, NewDelivery, Store } from '@almoner/store'
import { BACKOFF, backoffMs } from './backoff.ts'
import { ENGINE_ERRORS } from './errors.ts'
import { createLanes, type LanePlace, type RunEnd } from './lanes.ts'
import { forwardsOf, type Route } from './route.ts'
import type { Site } from './site.ts'

export type ProcessorDeps = {
  readonly store: Store
  readonly ports: Ports
  readonly log: Log
  readonly onFinished: (messageId: string, state: 'done' | 'held' | 'dead') => void
}

export type Processor = {
  /** Blocks the lanes of held messages, then begins. */
  readonly start: () => Promise<void>
  /** There may be something new in the journal. */
  readonly wake: () => void
  /** A person decided on this held or dead message: look at everything again, oldest first. */
  readonly released: (messageId: string) => void
  /** Resolves when nothing is under way and nothing waits that could run. */
  readonly idle: () => Promise<void>
  /** Stops taking new messages and lets those under way end. */
  readonly stop: () => Promise<void>
}

/** Messages under way at once: enough to fill the store's groups. */
const UNDER_WAY_MAX = 64
/**
 * Messages taken from the journal between two rounds of socket events: mapping them must not keep
 * a sender waiting for its acknowledgement.
 */
const READ_MAX = 4
/** Bytes of message bodies under way at once. */
const UNDER_WAY_BYTES_MAX = 64 * 1024 * 1024
/** A step that crashed this often on one message is a bug for a person. */
const CRASHES_MAX = 3

export function createProcessor(site: Site, deps: ProcessorDeps): Processor {
  const { store, ports, log } = deps
  const routes = new Map(site.routes.map((route) => [route.name, route]))
  const lanes = createLanes()
  const stopping = new AbortController()
  const underWay = new Map<number, Promise<void>>()
  let underWayBytes = 0
  let afterSeq = 0
  let isReading = false
  let isWoken = false

  const hasRoom = (): boolean =>
    underWay.size < UNDER_WAY_MAX && underWayBytes < UNDER_WAY_BYTES_MAX

  const read = async (): Promise<void> => {
    if (isReading) return
    isReading = true
    try {
      do {
        isWoken = false
        while (hasRoom() && !stopping.signal.aborted) {
          const from = afterSeq
          const entries = await store.nextMessages('received', from, READ_MAX)
          // A release moved the place meanwhile: what was read here comes again, in its order.
          if (afterSeq !== from) continue
          if (entries.length === 0) break
          entries.forEach(take)
          await nextRound()
        }
      } while (isWoken)
    } finally {
      isReading = false
    }
  }

  const wake = (): void => {
    isWoken = true
    if (!isReading && !stopping.signal.aborted) void read()
  }

  const take = (entry: JournalEntry): void => {
    afterSeq = Math.max(afterSeq, entry.seq)
    if (underWay.has(entry.seq)) return
    const reading = readEntry(entry)
    underWayBytes += entry.body.length
    const task = lanes
      .enter({ ...placeOf(entry, reading), run: () => finish(entry, reading) })
      .then((end) => {
        if (end === 'again') afterSeq = Math.min(afterSeq, entry.seq - 1)
      })
      .finally(() => {
        underWay.delete(entry.seq)
        underWayBytes -= entry.body.length
        wake()
      })
    underWay.set(entry.seq, task)
  }

  /** What lanes need, read once. A message that cannot be read shares its source's lane. */
  const readEntry = (entry: JournalEntry): Reading => {
    const route = routes.get(entry.route)
    const { text } = decodeBytes(entry.body)
    try {
      const message = parseMessage(text)
      const context = contextOf(site, route)
      const values = route?.lane.keys(message, context) ?? []
      const patientKeys = [...new Set(values.map(store.patientKey))]
      const laneKeys = patientKeys.length > 0 ? patientKeys : [`source ${entry.source}`]
      return { message, context, patientKeys, laneKeys }
    } catch (error) {
      return { error, patientKeys: [], laneKeys: [`source ${entry.source}`] }
    }
  }

  const finish = async (entry: JournalEntry, reading: Reading): Promise<RunEnd> => {
    for (let attempt = entry.attempts + 1; !stopping.signal.aborted; attempt += 1) {
      try {
        await store.write('commitMessage', prepare(entry, reading))
        log.debug('message.processed', { message: entry.id })
        deps.onFinished(entry.id, 'done')
        return 'free'
      } catch (thrown) {
        const end = await fail(entry, reading, thrown, attempt)
        if (end !== undefined) return end
      }
    }
    // Stopped between attempts: it is still `received`, so the next start takes it again, and
    // until then nothing may overtake it.
    return 'held'
  }

  const prepare = (entry: JournalEntry, reading: Reading): MessageCommit => {
    const route = routes.get(entry.route)
    if (route === undefined || route.version !== entry.routeVersion) {
      throw ENGINE_ERRORS.error('ENGINE_ROUTE_CHANGED', {
        where: `route ${entry.route}, accepted by ${entry.routeVersion}, now ${route?.version ?? 'gone'}`,
      })
    }
    if ('error' in reading) throw reading.error
    const { message, context, patientKeys, laneKeys } = reading
    const mapped = route.steps[0].map(message, context)
    const isStored = route.to.some((target) => target.kind === 'fhir-store')
    const drafts = isStored ? mapped.drafts : []
    return {
      seq: entry.seq,
      id: entry.id,
      route: route.name,
      routeVersion: route.version,
      purpose: route.purpose,
      atMs: ports.clock.nowMs(),
      patientKeys,
      drafts,
      newIds: drafts.map(() => ports.ids.next()),
      ledger: ledgerTotals(mapped),
      deliveries: deliveriesOf(route, message, laneKeys),
    }
  }

  const deliveriesOf = (
    route: Route,
    message: Message,
    laneKeys: readonly string[],
  ): readonly NewDelivery[] => {
    const header = readHeader(message)
    return forwardsOf(route)
      .filter((target) => target.when(header, message))
      .map((target) => ({
        id: ports.ids.next(),
        destination: target.destination.name,
        laneKeys,
        payload: 'original' as const,
        // defineSite refuses a route that forwards without an agreement.
        agreement: route.agreement ?? '',
      }))
  }

  /** Records the failure. Undefined: it is tried again, after a pause. */
  const fail = async (
    entry: JournalEntry,
    reading: Reading,
    thrown: unknown,
    attempt: number,
  ): Promise<RunEnd | undefined> => {
    const error = isAlmonerError(thrown) ? thrown : crashed(thrown)
    if (error.code === 'STORE_ALREADY_FINISHED') return 'free'
    const isCrash = error.code === 'ENGINE_STEP_CRASHED'
    const state = isCrash && attempt < CRASHES_MAX ? 'received' : STATE_AFTER[error.retry]
    log.warn('message.failed', { message: entry.id, code: error.code, state, attempt })
    try {
      await store.write('failMessage', {
        seq: entry.seq,
        id: entry.id,
        route: entry.route,
        atMs: ports.clock.nowMs(),
        state,
        patientKeys: reading.patientKeys,
        code: error.code,
        where: error.where,
        detail: error.detail,
      })
    } catch (recording) {
      // The journal still says `received`, which is the truth; the pause below comes all the same.
      if (!isAlmonerError(recording)) throw recording
      log.error('message.failure-not-recorded', { message: entry.id, code: recording.code })
      await pause(ports.clock, backoffMs(BACKOFF, attempt, ports.random), stopping.signal)
      return undefined
    }
    if (state === 'received') {
      await pause(ports.clock, backoffMs(BACKOFF, attempt, ports.random), stopping.signal)
      return undefined
    }
    deps.onFinished(entry.id, state)
    return state === 'held' ? 'held' : 'free'
  }

  const holdLanes = async (): Promise<void> => {
    let heldAfter = 0
    for (;;) {
      const held = await store.nextMessages('held', heldAfter, READ_MAX)
      for (const entry of held) lanes.hold(placeOf(entry, readEntry(entry)))
      if (held.length < READ_MAX) return
      heldAfter = held.at(-1)!.seq
    }
  }

  const settle = async (): Promise<void> => {
    while (underWay.size > 0) await Promise.allSettled(underWay.values())
  }

  return {
    start: async () => {
      await holdLanes()
      wake()
    },
    wake,
    released: (messageId) => {
      lanes.release(messageId)
      afterSeq = 0
      wake()
    },
    idle: async () => {
      do {
        await read()
        await settle()
        // Lets a read that someone else began come to its end.
        await nextRound()
      } while (isReading || underWay.size > 0)
    },
    stop: async () => {
      stopping.abort()
      await settle()
    },
  }
}

/** Lets the socket events that wait run first. */
const nextRound = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

type Reading =
  | {
      readonly message: Message
      readonly context: MapContext
      readonly patientKeys: readonly string[]
      readonly laneKeys: readonly string[]
    }
  | {
      readonly error: unknown
      readonly patientKeys: readonly string[]
      readonly laneKeys: readonly string[]
    }

const placeOf = ({ id, seq }: JournalEntry, { laneKeys }: Reading): LanePlace => ({
  id,
  seq,
  keys: laneKeys,
})

const STATE_AFTER = { never: 'dead', operator: 'held', later: 'received' } as const

const crashed = (thrown: unknown): AlmonerError =>
  ENGINE_ERRORS.error('ENGINE_STEP_CRASHED', {
    detail: thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown),
    cause: thrown,
  })

export const contextOf = (site: Site, route: Route | undefined): MapContext => ({
  organisation: route?.from.organisation ?? site.organisation,
  timeZone: site.timeZone,
  ...(site.authorities === undefined ? {} : { authorities: site.authorities }),
})

const ledgerTotals = ({ ledger }: Mapped) => ({
  mapped: ledger.mapped,
  ignored: ledger.ignored,
  unmapped: ledger.unmapped,
  unmappedPaths: ledger.unmappedPaths,
})
