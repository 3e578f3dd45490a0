/** What the HTTP server is given. It reads patient data only through `store.view`. */
import type { ErrorRow, Log, Ports } from '@almoner/core'
import type { Store } from '@almoner/store'
import type { Explain } from '../desk/explained.ts'

/** What people may know of a site: names, addresses and versions, no secrets. */
export type SiteFacts = {
  readonly name: string
  readonly organisation: string
  readonly routes: readonly {
    readonly name: string
    readonly source: string
    readonly destinations: readonly string[]
    readonly version: string
  }[]
  readonly sources: readonly { readonly name: string; readonly address: string }[]
  readonly destinations: readonly {
    readonly name: string
    readonly address: string
    readonly recipient: string
  }[]
}

export type Change = { readonly messageId: string }
export type ChangeFeed = {
  /** Calls `listener` for every message that changed; the returned function ends it. */
  readonly subscribe: (listener: (change: Change) => void) => () => void
}

export type Readiness = { readonly ready: boolean; readonly why?: string }

export type HttpDeps = {
  readonly store: Store
  readonly ports: Ports
  readonly log: Log
  readonly site: SiteFacts
  readonly explain: Explain
  readonly changes: ChangeFeed
  /** Called after a release is durable, so that the engine wakes. */
  readonly onReleaseMessage: (id: string) => void
  readonly onReleaseDelivery: (id: string) => void
  /** More metrics in Prometheus text format: the engine's own, per source and destination. */
  readonly metrics?: () => Promise<string>
  readonly isReady: () => Readiness
  /** The row of an error code, from whichever room; undefined for a peer's own code. */
  readonly errorText?: (code: string) => ErrorRow | undefined
  /**
   * Where clients reach this server through the TLS proxy before it (`https://almoner.example`).
   * Without it links are made from the request, and the server is for this machine alone.
   */
  readonly publicUrl?: string
}
