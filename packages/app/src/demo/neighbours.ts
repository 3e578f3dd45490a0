/** What the demo puts around the site: the hospital that sends and the system that receives. */

import { createServer } from 'node:net'
import type { Log, Ports } from '@almoner/core'
import { type Receiver, startReceiver } from '@almoner/simulators'
import { type LoadedSite, loadSite, type SiteEnvironment } from '../load-site.ts'

export const RIVERSIDE_FOLDER = new URL('../../../../examples/riverside', import.meta.url).pathname

export type Neighbourhood = LoadedSite & {
  readonly receiver: Receiver
  /** Names of listeners that could not have their usual port. */
  readonly moved: readonly string[]
}

const USUAL: Readonly<Record<string, number>> = { http: 8080, pas: 2575, lab: 2576, epr: 2577 }

/**
 * Starts the receiving system and loads riverside to forward to it. A port that is taken is
 * replaced by a free one, so that the demo runs wherever it is started.
 */
export async function openNeighbourhood(
  deps: { readonly ports: Ports; readonly log: Log },
  anyPort: boolean,
): Promise<Neighbourhood> {
  const receiver = await startReceiver({ ...deps, keepMax: 1_000 })
  const moved: string[] = []
  const chosen = new Map([['data-hub', receiver.port]])
  for (const [name, usual] of Object.entries(USUAL)) {
    const isFree = !anyPort && (await isPortFree(usual))
    if (!isFree && !anyPort) moved.push(name)
    chosen.set(name, isFree ? usual : 0)
  }
  const environment: SiteEnvironment = { port: (name, usual) => chosen.get(name) ?? usual }
  return { ...(await loadSite(RIVERSIDE_FOLDER, environment)), receiver, moved }
}

function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
  })
}
