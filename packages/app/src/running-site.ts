/** A site, running: store, engine and HTTP server, started together and stopped together. */
import type { Log, Ports } from '@almoner/core'
import { type Engine, forwardsOf, type Site, startEngine } from '@almoner/engine'
import { openSqliteStore, type Store } from '@almoner/store'
import { errorText } from './all-errors.ts'
import { APP_ERRORS } from './app.errors.ts'
import { createExplain } from './explain.ts'
import { createHttpServer, type SiteFacts } from './http/server.ts'

export type RunningSite = {
  readonly store: Store
  readonly engine: Engine
  /** `http://127.0.0.1:8080` */
  readonly url: string
  readonly stop: () => Promise<void>
}

export type RunOptions = {
  readonly folder: string
  readonly ports: Ports
  readonly log: Log
  /** Writing became impossible: the process should stop and be started again. */
  readonly onFatal: (error: unknown) => void
}

/** @throws whatever keeps the site from running; nothing is left open then. */
export async function runSite(site: Site, options: RunOptions): Promise<RunningSite> {
  const { folder, ports, log, onFatal } = options
  const closers: (() => Promise<unknown>)[] = []
  let isReady = false
  const stop = async (): Promise<void> => {
    isReady = false
    for (const close of closers.splice(0).toReversed()) await close()
  }
  try {
    const store = openSqliteStore({ folder, tenant: site.name, ports, log, onFatal })
    closers.push(store.close)
    const engine = await startEngine(site, { store, ports, log })
    closers.push(engine.stop)
    const http = await createHttpServer({
      store,
      ports,
      log,
      site: factsOf(site, engine),
      explain: createExplain(site),
      changes: engine,
      onReleaseMessage: engine.released,
      onReleaseDelivery: engine.released,
      isReady: () => (isReady ? { ready: true } : { ready: false, why: 'starting or stopping' }),
      errorText,
    })
    closers.push(() => http.close())
    const url = await listen(http, site)
    isReady = true
    return { store, engine, url, stop }
  } catch (thrown) {
    await stop()
    throw thrown
  }
}

async function listen(
  http: Awaited<ReturnType<typeof createHttpServer>>,
  site: Site,
): Promise<string> {
  const { host, port } = site.http
  if (host !== '127.0.0.1' && host !== '::1' && host !== 'localhost') {
    throw APP_ERRORS.error('APP_PLAIN_HTTP_REFUSED', { where: host })
  }
  try {
    return await http.listen({ host, port })
  } catch (cause) {
    throw APP_ERRORS.error('APP_PORT_IN_USE', { where: `http ${host}:${port}`, cause })
  }
}

/** What the desk tells of the site. */
function factsOf(site: Site, engine: Engine): SiteFacts {
  const destinations = new Set(site.routes.flatMap(forwardsOf).map((one) => one.destination))
  return {
    name: site.title,
    organisation: site.organisation,
    routes: site.routes.map((route) => ({
      name: route.name,
      source: route.from.name,
      version: route.version,
      destinations: route.to.map((target) =>
        target.kind === 'forward' ? target.destination.name : 'own FHIR store',
      ),
    })),
    sources: [...engine.sources].map(([name, source]) => ({ name, address: source.address })),
    destinations: [...destinations].map((destination) => ({
      name: destination.name,
      address: destination.address,
      recipient: destination.recipient,
    })),
  }
}
