/** Riverside as a process of its own, with the receiving system beside it, to be measured. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Ports, pause, silentLog } from '@almoner/core'
import { type Receiver, startReceiver } from '@almoner/simulators'
import { RIVERSIDE_FOLDER } from '../demo/neighbours.ts'

export type MeasuredSite = {
  readonly pasPort: number
  readonly startMs: number
  readonly receiver: Receiver
  /** Resident memory of the site's process now. */
  readonly rssMib: () => number
  readonly stop: () => Promise<void>
}

const ALMONER = new URL('../../../../bin/almoner', import.meta.url).pathname
const TRIES = 400

export async function startMeasuredSite(ports: Ports): Promise<MeasuredSite> {
  const folder = mkdtempSync(join(tmpdir(), 'almoner-bench-'))
  const receiver = await startReceiver({ ports, log: silentLog, keepMax: 1_000 })
  const readyFile = join(folder, 'ready.json')
  const free = ['pas', 'lab', 'epr', 'http'].flatMap((name) => ['--port', `${name}=0`])
  const startedAtMs = ports.clock.monotonicMs()
  const child = spawn(
    ALMONER,
    [
      ...['up', RIVERSIDE_FOLDER, '--storage', join(folder, 'data')],
      ...['--ready-file', readyFile, '--log-level', 'error', ...free],
      ...['--port', `data-hub=${receiver.port}`],
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  )
  for (let tries = 0; !existsSync(readyFile) && tries < TRIES; tries += 1) {
    await pause(ports.clock, 10)
  }
  const startMs = ports.clock.monotonicMs() - startedAtMs
  const ready = JSON.parse(readFileSync(readyFile, 'utf8')) as { mllp: { pas: number } }
  return {
    pasPort: ready.mllp.pas,
    startMs,
    receiver,
    rssMib: () => rssOf(child),
    stop: async () => {
      const exited = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      await exited
      await receiver.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Linux only; elsewhere not a number. */
function rssOf(child: ChildProcess): number {
  const file = `/proc/${child.pid}/status`
  if (!existsSync(file)) return Number.NaN
  const kib = /VmRSS:\s+(\d+) kB/.exec(readFileSync(file, 'utf8'))?.[1]
  return Math.round(Number(kib) / 1024)
}
