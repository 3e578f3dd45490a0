/** Runs a site: opens its sources, processes what comes, sends what leaves. */
import type { Log, OpenSource, Ports, Source } from '@almoner/core'
import type { Store } from '@almoner/store'
import { createDispatcher } from './dispatcher.ts'
import { createIntake } from './intake.ts'
import { createProcessor } from './processor.ts'
import { forwardsOf, type Route } from './route.ts'
import type { Site } from './site.ts'

export type EngineDeps = { readonly store: Store; readonly ports: Ports; readonly log: Log }

export type Change = { readonly messageId: string }

export type Engine = {
  /** Where each source listens, by its name. */
  readonly sources: ReadonlyMap<string, OpenSource>
  /** Calls back after each change of a message; returns how to stop that. */
  readonly subscribe: (listener: (change: Change) => void) => () => void
  /** A person decided on this held or dead message or delivery. */
  readonly released: (id: string) => void
  /** Resolves when all that was received is finished and all that can leave has left. */
  readonly idle: () => Promise<void>
  /** Closes sources, lets what is under way end, then closes destinations. */
  readonly stop: () => Promise<void>
}

const SWEEP_EVERY_MS = 3_600_000

/** @throws TRANSPORT_* when a source cannot listen; nothing is left open then. */
export async function startEngine(site: Site, deps: EngineDeps): Promise<Engine> {
  const { store, ports, log } = deps
  const listeners = new Set<(change: Change) => void>()
  const tell = (messageId: string): void => {
    for (const call of listeners) call({ messageId })
  }

  // Several routes may share a destination: one dispatcher keeps the order of them all.
  const targets = new Map(site.routes.flatMap(forwardsOf).map((one) => [one.destination, one]))
  const dispatchers = [...targets.values()].map((target) =>
    createDispatcher(target, {
      store,
      ports,
      log,
      agreements: site.agreements,
      onSettled: tell,
    }),
  )
  const processor = createProcessor(site, {
    store,
    ports,
    log,
    onFinished: (messageId) => {
      tell(messageId)
      for (const dispatcher of dispatchers) dispatcher.wake()
    },
  })
  const onAccepted = (messageId: string): void => {
    tell(messageId)
    processor.wake()
  }

  const sources = new Map<string, OpenSource>()
  const closeAll = async (): Promise<void> => {
    await Promise.all([...sources.values()].map((source) => source.close()))
    await processor.stop()
    await Promise.all(dispatchers.map((dispatcher) => dispatcher.stop()))
  }
  try {
    for (const dispatcher of dispatchers) await dispatcher.start()
    await processor.start()
    for (const [source, routes] of routesBySource(site)) {
      const accept = createIntake(source, routes, { store, ports, log, onAccepted })
      sources.set(source.name, await source.open(accept, { ports, log }))
    }
  } catch (thrown) {
    await closeAll()
    throw thrown
  }
  const cancelSweep = sweepRegularly(site, deps)

  return {
    sources,
    subscribe: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    released: (id) => {
      processor.released(id)
      for (const dispatcher of dispatchers) dispatcher.released(id)
      tell(id)
    },
    idle: async () => {
      await processor.idle()
      await Promise.all(dispatchers.map((dispatcher) => dispatcher.idle()))
    },
    stop: async () => {
      cancelSweep()
      await closeAll()
      log.info('engine.stopped', { site: site.name })
    },
  }
}

function routesBySource(site: Site): ReadonlyMap<Source, readonly Route[]> {
  return Map.groupBy(site.routes, (route) => route.from)
}

function sweepRegularly(site: Site, { store, ports, log }: EngineDeps): () => void {
  let isStopped = false
  let cancel = (): void => undefined
  const later = (): void => {
    if (isStopped) return
    cancel = ports.clock.after(SWEEP_EVERY_MS, () => {
      const atMs = ports.clock.nowMs()
      store
        .write('sweep', { atMs, repeatsBeforeMs: atMs - site.repeatWindowMs })
        .catch((thrown: { code?: string }) => log.error('store.not-swept', { code: thrown.code }))
        .finally(later)
    })
  }
  later()
  return () => {
    isStopped = true
    cancel()
  }
}
