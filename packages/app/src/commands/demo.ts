/** `almoner demo`: a hospital on this machine, to look at an engine at work. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLog, type Log, type Ports, systemPorts } from '@almoner/core'
import {
  createFeed,
  type FeedMessage,
  fixedDay,
  type MessageSupply,
  playFeed,
  RIVERSIDE,
  supplyOf,
} from '@almoner/simulators'
import { grantLink, grantToken } from '../access/grants.ts'
import { type Command, type Output, wholeNumber } from '../command.ts'
import { type FeedPosition, readPosition, writePosition } from '../demo/feed-position.ts'
import { type Neighbourhood, openNeighbourhood } from '../demo/neighbours.ts'
import { describePlayed, faultsOf, unexplainedLeaves } from '../demo/summary.ts'
import { storageFolder } from '../load-site.ts'
import { watchForEnd } from '../process-life.ts'
import { type RunningSite, runSite } from '../running-site.ts'

const SEED = 20_260_101
const RATE_PER_SECOND = 4
/** A played day is sent as fast as it is acknowledged. */
const RATE_OF_A_DAY = 100_000
const DAY_MS = 86_400_000

export const demo: Command = {
  name: 'demo',
  summary: 'Run the riverside hospital with simulated neighbours; npm start is this.',
  usage: '[--once] [--rate N]',
  details: [
    'A synthetic hospital sends HL7 v2 over real MLLP sockets; the site journals, acknowledges, maps,',
    'stores, audits and forwards. Everything listens on this machine only, every patient is invented.',
    'Ctrl-C drains and stops; a second start goes on where the first stopped (data/riverside).',
    'With --once a fixed day is played into a throw-away store, and the exit code says whether',
    'everything added up.',
  ],
  flags: {
    once: { type: 'boolean', doc: 'play a fixed day, print the figures and exit' },
    rate: {
      type: 'string',
      value: 'N',
      doc: `messages per second, 1 to 1000; ${RATE_PER_SECOND} by default`,
    },
  },
  run: async (input, output) => {
    const log = createLog({ level: 'warn' })
    if (input.isSet('once')) return await playDay({ ports: systemPorts, log }, output)
    const bounds = { fallback: RATE_PER_SECOND, min: 1, max: 1_000 }
    const rate = wholeNumber(demo, input, 'rate', bounds)
    return await playOn({ ports: systemPorts, log }, rate, output)
  },
}

type Deps = { readonly ports: Ports; readonly log: Log }

async function playDay(deps: Deps, output: Output): Promise<0 | 1> {
  const folder = mkdtempSync(join(tmpdir(), 'almoner-demo-'))
  const around = await openNeighbourhood(deps, true)
  const ending = watchForEnd()
  const running = await runSite(around.site, { ...deps, folder, onFatal: ending.fail })
  try {
    const startAtMs = Date.UTC(2026, 0, 5)
    const day = fixedDay({ seed: SEED, startAtMs, organisation: RIVERSIDE })
    const signal = endSignal(ending.ended)
    output.out(`Playing a day at ${around.site.title}: ${day.length} messages.`)
    const played = await play(deps, running, supplyOf(day), RATE_OF_A_DAY, signal, () => undefined)
    await running.engine.idle()
    const figures = {
      sent: played.sent,
      acknowledged: played.acknowledged,
      refused: played.refused,
      receivedByHub: around.receiver.receivedCount(),
      unexplained: unexplainedLeaves(day),
      counts: await running.store.counts(),
      audit: await running.store.verifyAudit(),
    }
    for (const line of describePlayed(figures)) output.out(line)
    const faults = faultsOf(figures)
    for (const fault of faults) output.err(`Does not add up: ${fault}.`)
    return faults.length === 0 ? 0 : 1
  } finally {
    await running.stop()
    await around.receiver.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function playOn(deps: Deps, rate: number, output: Output): Promise<0> {
  const around = await openNeighbourhood(deps, false)
  const folder = storageFolder(around.site)
  const ending = watchForEnd()
  const running = await runSite(around.site, { ...deps, folder, onFatal: ending.fail })
  await greet(deps, around, running, output)

  const file = join(folder, 'feed.json')
  const midnight = Math.floor(deps.ports.clock.nowMs() / DAY_MS) * DAY_MS
  let position: FeedPosition = readPosition(file, { seed: SEED, startAtMs: midnight, next: 0 })
  if (position.next > 0) output.out(`Going on at message ${position.next} of the feed.`)
  const feed = createFeed({ ...position, organisation: RIVERSIDE, from: position.next })
  const tell = journeyTeller(output)
  const signal = endSignal(ending.ended)
  await play(deps, running, feed, rate, signal, (message) => {
    position = { ...position, next: message.index + 1 }
    writePosition(file, position)
    tell(message)
  })
  const end = await ending.ended
  output.out('Stopping: letting what is under way end.')
  await running.stop()
  await around.receiver.stop()
  if (end !== undefined) throw end.failure
  output.out('Stopped. Nothing is lost; npm start goes on from here.')
  return 0
}

function endSignal(ended: Promise<unknown>): AbortSignal {
  const controller = new AbortController()
  void ended.then(() => controller.abort())
  return controller.signal
}

function play(
  deps: Deps,
  running: RunningSite,
  feed: MessageSupply,
  ratePerSecond: number,
  signal: AbortSignal,
  onSent: (message: FeedMessage) => void,
) {
  const target = (name: string) => ({
    host: '127.0.0.1',
    port: running.engine.sources.get(name)!.port,
  })
  const targets = { pas: target('pas'), lab: target('lab'), epr: target('epr') }
  return playFeed({ ...deps, feed, targets, ratePerSecond, signal, onSent })
}

/** One line per journey when it ends, so that the terminal tells stories and not messages. */
function journeyTeller(output: Output): (message: FeedMessage) => void {
  const counts = new Map<number, number>()
  return (message) => {
    const count = (counts.get(message.journey) ?? 0) + 1
    counts.set(message.journey, count)
    if (!message.endsJourney) return
    counts.delete(message.journey)
    output.out(
      `  patient ${message.patient}: ${message.title} (${count} ${count === 1 ? 'message' : 'messages'})`,
    )
  }
}

async function greet(
  deps: Deps,
  around: Neighbourhood,
  running: RunningSite,
  output: Output,
): Promise<void> {
  const { store, engine, url } = running
  const by = { kind: 'system', id: 'demo', name: 'demo' } as const
  const person = { kind: 'person', id: 'demo-operator', name: 'Demo operator' } as const
  const app = { kind: 'token', id: 'demo-app', name: 'Demo app' } as const
  const context = { store, ports: deps.ports }
  const link = await grantLink(context, { actor: person, scopes: ['desk'], forMs: 900_000, by })
  const scopes = ['system/*.rs']
  const token = await grantToken(context, { actor: app, scopes, forMs: 12 * 3_600_000, by })
  const mllp = [...engine.sources].map(([name, source]) => `${name} ${source.port}`).join(', ')
  output.out(
    `${around.site.title} is running. Every patient is invented; nothing leaves this machine.`,
  )
  output.out('')
  output.out(`  Desk   ${url}${link.path}`)
  output.out('         signs you in once, within 15 minutes')
  output.out(`  FHIR   ${url}/fhir/R4`)
  output.out(
    `         curl -H 'Authorization: Bearer ${token.secret}' '${url}/fhir/R4/Patient?_count=2'`,
  )
  output.out(
    `  MLLP   ${mllp}; try: bin/almoner send --to 127.0.0.1:${engine.sources.get('epr')?.port} examples/messages/a01-admission.hl7`,
  )
  if (around.moved.length > 0) {
    output.out(`         the usual port was taken for: ${around.moved.join(', ')}`)
  }
  output.out('')
  output.out('Journeys as they end (Ctrl-C stops):')
}
