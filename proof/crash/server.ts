/** The engine as a process of its own, to be killed without warning and started again. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'

export type ServerOptions = {
  readonly folder: string
  readonly inPort: number
  readonly sinkPort: number
}

export type Server = { readonly process: ChildProcess; readonly exited: Promise<void> }

const ALMONER = new URL('../../bin/almoner', import.meta.url).pathname
const SITE = new URL('./site.ts', import.meta.url).pathname
const READY_TRIES = 600

/** Starts the engine and resolves when it listens. Its errors go to our standard error. */
export async function startServer(options: ServerOptions): Promise<Server> {
  const readyFile = join(options.folder, 'ready.json')
  rmSync(readyFile, { force: true })
  const child = spawn(
    ALMONER,
    [
      ...['up', SITE, '--storage', join(options.folder, 'data'), '--ready-file', readyFile],
      ...['--port', `in=${options.inPort}`, '--port', `sink=${options.sinkPort}`],
      ...['--port', 'http=0', '--log-level', 'error'],
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  )
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  for (let tries = 0; !existsSync(readyFile); tries += 1) {
    if (child.exitCode !== null || tries > READY_TRIES) throw new Error('the engine did not start')
    await sleep(50)
  }
  return { process: child, exited }
}

export async function stopServer(server: Server, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
  server.process.kill(signal)
  await server.exited
}

export const sleep = (ms: number): Promise<void> =>
  new Promise((resolve) => void setTimeout(resolve, ms))
