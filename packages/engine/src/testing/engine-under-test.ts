/** An engine over a real store in a folder of its own, with stand-ins around it. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type Log,
  type Ports,
  seededRandom,
  silentLog,
  systemClock,
  systemPorts,
} from '@almoner/core'
import type { Agreement } from '@almoner/governance'
import { get } from '@almoner/hl7v2'
import { openSqliteStore, type Store } from '@almoner/store'
import { type Engine, startEngine } from '../engine.ts'
import { type DeliveryPolicy, defineRoute, fhirStore, forward, type LaneRule } from '../route.ts'
import { defineSite, type Site } from '../site.ts'
import {
  agreement,
  type HandDestination,
  type HandSource,
  handDestination,
  handMapper,
  handSource,
} from './stand-ins.ts'

export type UnderTest = {
  readonly engine: Engine
  readonly store: Store
  readonly site: Site
  readonly source: HandSource
  readonly hub: HandDestination
  /** Sends one ADT message and gives its acknowledgement. */
  readonly adt: (patient: string, controlId: string, family?: string) => Promise<string>
  readonly idle: () => Promise<void>
  readonly stop: () => Promise<void>
}

export type TestOptions = {
  readonly folder?: string
  readonly onMap?: (text: string) => void
  readonly agreements?: readonly Agreement[]
  readonly policy?: Partial<DeliveryPolicy>
  readonly senders?: readonly string[]
  readonly mapperVersion?: string
  readonly hub?: HandDestination
  readonly pagesMax?: number
  readonly log?: Log
}

const HOUR_MS = 3_600_000

/** Backoff takes no time, it is tested by its own figures; what comes hourly does not come. */
const hastyPorts: Ports = {
  ...systemPorts,
  random: seededRandom(1),
  clock: {
    ...systemClock,
    after: (delayMs, call) => systemClock.after(delayMs < HOUR_MS ? 1 : delayMs, call),
  },
}

const byFirstNumber: LaneRule = {
  name: 'first number',
  keys: (message) => [get(message, 'PID-3.1') ?? ''].filter((value) => value !== ''),
}

export const newFolder = (): string => mkdtempSync(join(tmpdir(), 'almoner-engine-'))

export const adtText = (patient: string, controlId: string, family = 'EXAMPLE'): string =>
  [
    `MSH|^~\\&|PAS|RZZ|HUB|RZZ01|20260105120000||ADT^A31^ADT_A05|${controlId}|P|2.4`,
    'EVN|A31|20260105120000',
    `PID|1||${patient}^^^RZZ^MR||${family}^ANN`,
    '',
  ].join('\r')

export async function startUnderTest(options: TestOptions = {}): Promise<UnderTest> {
  const folder = options.folder ?? newFolder()
  const source = handSource('pas')
  const hub = options.hub ?? handDestination('hub')
  const mapper = { ...handMapper(options.onMap), version: options.mapperVersion ?? '1' }
  const site = defineSite({
    name: 'test',
    title: 'Test',
    organisation: 'RZZ',
    timeZone: 'Europe/London',
    storage: 'sqlite:unused',
    http: { host: '127.0.0.1', port: 0 },
    agreements: options.agreements ?? [agreement],
    routes: [
      defineRoute({
        name: 'adt',
        purpose: 'direct-care',
        agreement: agreement.id,
        from: source.source,
        accepts: ['ADT'],
        ...(options.senders === undefined ? {} : { senders: options.senders }),
        lane: byFirstNumber,
        steps: [mapper],
        to: [fhirStore(), forward(hub.destination, { policy: options.policy ?? {} })],
      }),
    ],
  })
  const log = options.log ?? silentLog
  const { pagesMax } = options
  const store = openSqliteStore({
    folder,
    tenant: 'test',
    ports: hastyPorts,
    log,
    ...(pagesMax === undefined ? {} : { pagesMax }),
  })
  const engine = await startEngine(site, { store, ports: hastyPorts, log })
  return {
    engine,
    store,
    site,
    source,
    hub,
    adt: (patient, controlId, family) => source.send(adtText(patient, controlId, family)),
    idle: engine.idle,
    stop: async () => {
      await engine.stop()
      await store.close()
      if (options.folder === undefined) rmSync(folder, { recursive: true, force: true })
    },
  }
}
