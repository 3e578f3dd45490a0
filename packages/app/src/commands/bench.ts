/** `almoner bench`: the performance table, measured on the machine that asks. */
import { spawn } from 'node:child_process'
import { cpus } from 'node:os'
import { type Ports, pause, systemPorts } from '@almoner/core'
import { decode, field, parseMessage, segmentsNamed } from '@almoner/hl7v2'
import { toFhir, ukCore } from '@almoner/mapping'
import type { LoadResult } from '@almoner/simulators'
import { bareJournal } from '../bench/bare-journal.ts'
import { type Figure, printFigures } from '../bench/figures.ts'
import type { LoadRequest } from '../bench/load-process.ts'
import { callsPerSecond, median } from '../bench/measure.ts'
import { modelMessage, oruMessage } from '../bench/model-message.ts'
import { type MeasuredSite, startMeasuredSite } from '../bench/site-process.ts'
import { type Command, type Output, wholeNumber } from '../command.ts'

export const bench: Command = {
  name: 'bench',
  summary: 'Measure this machine: the performance table.',
  usage: '[--seconds N] [--runs N] [--only parse,map,accept,through]',
  details: [
    'The site runs in one process, the load generator in another, on loopback, with ledger, audit and',
    'sealing on, warmed up; each figure is the median of the runs. The bare journal is what SQLite',
    'alone can do here with the same durability: the ceiling.',
  ],
  flags: {
    seconds: {
      type: 'string',
      value: 'N',
      doc: 'length of one run of load, 1 to 60; 3 by default',
    },
    runs: { type: 'string', value: 'N', doc: 'runs of each load, 1 to 9; 3 by default' },
    only: { type: 'string', value: 'PARTS', doc: 'parse, map, accept, through, with commas' },
    json: { type: 'boolean', doc: 'figures as JSON' },
  },
  run: async (input, output) => {
    const seconds = wholeNumber(bench, input, 'seconds', { fallback: 3, min: 1, max: 60 })
    const runs = wholeNumber(bench, input, 'runs', { fallback: 3, min: 1, max: 9 })
    const only = input.text('only')?.split(',')
    const wants = (part: string): boolean => only === undefined || only.includes(part)
    const ports = systemPorts
    const figures: Figure[] = []
    if (wants('parse')) figures.push(...parseFigures(ports))
    if (wants('map')) figures.push(...mapFigures(ports))
    if (wants('accept')) figures.push(...(await acceptFigures(ports, seconds, runs, output)))
    if (wants('through')) figures.push(...(await throughFigures(ports, seconds, runs, output)))
    if (input.isSet('json')) {
      output.out(JSON.stringify(figures))
      return 0
    }
    const day = new Date(ports.clock.nowMs()).toISOString().slice(0, 10)
    output.out(`${day}, Node ${process.versions.node}, ${cpus().length} cores, ${cpus()[0]?.model}`)
    output.out(
      `load runs of ${seconds} s, medians of ${runs}; model message ${modelMessage.length} B`,
    )
    output.out('')
    output.out(printFigures(figures))
    return 0
  },
}

function parseFigures({ clock }: Ports): readonly Figure[] {
  const oru = oruMessage(113)
  const oneField = callsPerSecond(clock, () => {
    const message = parseMessage(oru)
    const [pid] = segmentsNamed(message, 'PID')
    if (field(message, pid!, 3) === undefined) throw new Error('PID-3 is missing')
  })
  const allObx = callsPerSecond(clock, () => {
    const message = parseMessage(oru)
    for (const obx of segmentsNamed(message, 'OBX')) decode(message, field(message, obx, 5)!)
  })
  const size = `ORU of ${oru.length} B, 113 OBX`
  return [
    {
      what: `parse and read one field, ${size}`,
      value: oneField,
      unit: '/s',
      budget: 100_000,
      goal: 150_000,
    },
    {
      what: 'parse and read all 113 OBX-5',
      value: allObx,
      unit: '/s',
      budget: 40_000,
      goal: 60_000,
    },
  ]
}

function mapFigures({ clock }: Ports): readonly Figure[] {
  const mapper = toFhir(ukCore)
  const context = { organisation: 'RZZ', timeZone: 'Europe/London' }
  const oru = oruMessage(20)
  const rate = (text: string) =>
    callsPerSecond(clock, () => void mapper.map(parseMessage(text), context))
  return [
    {
      what: 'v2 to FHIR with ledger, ADT',
      value: rate(modelMessage),
      unit: '/s',
      budget: 20_000,
      goal: 40_000,
    },
    {
      what: 'v2 to FHIR with ledger, ORU with 20 OBX',
      value: rate(oru),
      unit: '/s',
      budget: 5_000,
      goal: 10_000,
    },
  ]
}

const ACCEPT_BUDGETS = [
  [1, 2_000, 2_500, 1],
  [16, 8_000, 14_000, 8],
  [64, 15_000, 25_000, 32],
] as const

async function acceptFigures(
  ports: Ports,
  seconds: number,
  runs: number,
  output: Output,
): Promise<readonly Figure[]> {
  const site = await startMeasuredSite(ports)
  const { startMs } = site
  output.err('warming up')
  await warmUp(ports, site)
  const figures: Figure[] = []
  let loadedRssMib = 0
  for (const [connections, budget, goal, groupSize] of ACCEPT_BUDGETS) {
    const results: LoadResult[] = []
    const ceilings: number[] = []
    for (let run = 0; run < runs; run += 1) {
      output.err(`accept, ${connections} connections, run ${run + 1} of ${runs}`)
      // Beside each run, because a disk shared with others changes from second to second.
      ceilings.push(bareJournal(ports.clock, modelMessage.length, groupSize))
      results.push(await load(site, connections, seconds, `A${connections}-${run}-`))
      loadedRssMib = Math.max(loadedRssMib, site.rssMib())
      await drained(ports, site)
    }
    const p99 = median(results.map((one) => one.latencyMs.p99)).toFixed(1)
    const ceiling = Math.round(median(ceilings)).toLocaleString('en-GB')
    figures.push({
      what: `MLLP accept, durable, ${connections} connections`,
      value: median(results.map((one) => one.perSecond)),
      unit: '/s',
      budget,
      goal,
      note: `p99 ${p99} ms; bare journal, groups of ${groupSize}: ${ceiling}/s`,
    })
  }
  await site.stop()
  return [
    ...figures,
    less('start to ready', startMs, 'ms', 2_000, 1_000),
    less('RSS under load', loadedRssMib, 'MiB', 300, 200),
  ]
}

const less = (what: string, value: number, unit: string, budget: number, goal: number): Figure => ({
  what,
  value,
  unit,
  budget,
  goal,
  isLessBetter: true,
})

/** From the first byte received to the last acknowledgement of the receiving system. */
async function throughFigures(
  ports: Ports,
  seconds: number,
  runs: number,
  output: Output,
): Promise<readonly Figure[]> {
  const site = await startMeasuredSite(ports)
  const idleMib = site.rssMib()
  output.err('warming up')
  await warmUp(ports, site)
  const rates: number[] = []
  for (let run = 0; run < runs; run += 1) {
    output.err(`received to delivered, run ${run + 1} of ${runs}`)
    const startMs = ports.clock.monotonicMs()
    const { acked } = await load(site, 16, seconds, `T${run}-`)
    await drained(ports, site)
    rates.push((acked * 1_000) / (ports.clock.monotonicMs() - startMs))
  }
  await site.stop()
  return [
    {
      what: 'received, mapped, stored, delivered, with the backlog drained',
      value: median(rates),
      unit: '/s',
      budget: 1_500,
      goal: 3_000,
      note: '16 connections',
    },
    less('RSS when idle', idleMib, 'MiB', 200, 150),
  ]
}

const WARM_UP_SECONDS = 4
/** Messages acknowledged by a site so far, so that it is known when all of them have left. */
const ackedBy = new WeakMap<MeasuredSite, number>()

/** An engine runs for months: what its first seconds cost is told by the time to ready. */
async function warmUp(ports: Ports, site: MeasuredSite): Promise<void> {
  await load(site, 16, WARM_UP_SECONDS, 'W')
  await drained(ports, site)
}

async function drained(ports: Ports, site: MeasuredSite): Promise<void> {
  while (site.receiver.receivedCount() < (ackedBy.get(site) ?? 0)) await pause(ports.clock, 20)
}

const LOAD_PROCESS = new URL('../bench/load-process.ts', import.meta.url).pathname

async function load(
  site: MeasuredSite,
  connections: number,
  seconds: number,
  prefix: string,
): Promise<LoadResult> {
  const request: LoadRequest = { port: site.pasPort, connections, seconds, prefix }
  const child = spawn(process.execPath, [LOAD_PROCESS, JSON.stringify(request)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const text = await Array.fromAsync(child.stdout.setEncoding('utf8'))
  // Printed by load-process.ts.
  const result = JSON.parse(text.join('')) as LoadResult
  ackedBy.set(site, (ackedBy.get(site) ?? 0) + result.acked)
  return result
}
