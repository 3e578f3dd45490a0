/** The whole HTTP server over a fake store and a clock that stands still, for tests. */
import { type Log, seededPorts, silentLog, type VirtualClock, virtualClock } from '@almoner/core'
import { HL7_ERRORS } from '@almoner/hl7v2'
import { STORE_ERRORS } from '@almoner/store'
import type { FastifyInstance } from 'fastify'
import { DESK } from '../../access/scopes.ts'
import { errorTextOf } from '../../desk/error-text.ts'
import type { Change, HttpDeps } from '../deps.ts'
import { createHttpServer } from '../server.ts'
import type { FakeStore } from './fake-store.ts'
import { explainSample } from './sample-explained.ts'
import { createSampleStore, NOON_MS } from './sample-store.ts'

export type TestServer = {
  readonly app: FastifyInstance
  readonly fake: FakeStore
  readonly clock: VirtualClock
  readonly woken: string[]
  readonly change: (change: Change) => void
  readonly listenerCount: () => number
  /** Makes a token that opens the API with these scopes. */
  readonly token: (...scopes: readonly string[]) => string
  /** A cookie header of someone signed in, with these scopes; the whole desk by default. */
  readonly cookie: (...scopes: readonly string[]) => string
}

let secretCount = 0
const nextSecret = (): string => `test-secret-${String(++secretCount).padStart(8, '0')}`

export async function startTestServer(
  options: Partial<HttpDeps> & { readonly fake?: FakeStore } = {},
): Promise<TestServer> {
  const { fake = createSampleStore(), ...given } = options
  const clock = virtualClock(NOON_MS)
  const listeners = new Set<(change: Change) => void>()
  const woken: string[] = []
  const log: Log = silentLog
  const app = await createHttpServer({
    store: fake.store,
    ports: seededPorts(20_261_122, clock),
    log,
    site: SITE,
    explain: explainSample,
    changes: {
      subscribe: (listener) => {
        listeners.add(listener)
        return () => void listeners.delete(listener)
      },
    },
    onReleaseMessage: (id) => void woken.push(`message ${id}`),
    onReleaseDelivery: (id) => void woken.push(`delivery ${id}`),
    isReady: () => ({ ready: true }),
    errorText: errorTextOf([HL7_ERRORS, STORE_ERRORS]),
    ...given,
  })
  const grant = (kind: 'token' | 'session', scopes: readonly string[]): string => {
    const secret = nextSecret()
    fake.grants.set(secret, {
      id: `access-${secret}`,
      kind,
      actor:
        kind === 'token'
          ? { kind: 'token', id: 'ward-app', name: 'Ward app' }
          : { kind: 'person', id: 'op-1', name: 'Sam Hartley' },
      scopes,
      expiresAtMs: NOON_MS + 8 * 3_600_000,
    })
    return secret
  }
  return {
    app,
    fake,
    clock,
    woken,
    change: (change) => {
      for (const listener of listeners) listener(change)
    },
    listenerCount: () => listeners.size,
    token: (...scopes) => grant('token', scopes),
    cookie: (...scopes) =>
      `almoner-session=${grant('session', scopes.length === 0 ? [DESK] : scopes)}`,
  }
}

export const SITE: HttpDeps['site'] = {
  name: 'Riverside General',
  organisation: 'Riverside NHS Trust (RVR)',
  routes: [
    { name: 'pas-adt', source: 'pas', destinations: ['warehouse', 'epr'], version: '7c1e4a90' },
    { name: 'pathology-oru', source: 'pathology', destinations: ['epr'], version: '2210be04' },
  ],
  sources: [
    { name: 'pas', address: 'mllp://127.0.0.1:2575' },
    { name: 'pathology', address: 'mllp://127.0.0.1:2576' },
  ],
  destinations: [
    { name: 'epr', address: 'mllp://127.0.0.1:2600', recipient: 'RVR' },
    { name: 'warehouse', address: 'mllp://127.0.0.1:2601', recipient: 'RVR' },
  ],
}
