/**
 * The near side of the writer thread. Units that arrive while a group is being committed form the
 * next group, so the cost of one fsync is shared by all that wait for it.
 */

import { Worker } from 'node:worker_threads'
import { type AlmonerError, type ErrorWire, errorFromWire } from '@almoner/core'
import type { CommandName } from './commands/all.ts'
import type { Commands } from './contract.ts'
import { STORE_ERRORS } from './errors.ts'
import { isFatal } from './sqlite-failure.ts'

export type WriterConfig = {
  readonly file: string
  readonly keyringFile: string
  readonly tenant: number
  readonly pagesMax: number | undefined
}

export type DoneWire =
  | { readonly value: unknown }
  | { readonly failure: ErrorWire }
  | { readonly bug: Error }

type Waiting = {
  readonly work: { readonly name: CommandName; readonly args: unknown }
  readonly resolve: (value: unknown) => void
  readonly reject: (error: unknown) => void
}

export type Writer = {
  readonly write: <Name extends CommandName>(
    name: Name,
    args: Parameters<Commands[Name]>[0],
  ) => Promise<ReturnType<Commands[Name]>>
  /** Lets what waits finish, then ends the thread. */
  readonly close: () => Promise<void>
}

/** More units in one group would make the first of them wait too long. */
const GROUP_MAX = 256

export function startWriter(config: WriterConfig, onFatal: (error: unknown) => void): Writer {
  const thread = new Worker(new URL('./writer-thread.ts', import.meta.url), { workerData: config })
  const queue: Waiting[] = []
  let group: readonly Waiting[] = []
  let isScheduled = false
  let stopped: AlmonerError | undefined

  const send = (): void => {
    isScheduled = false
    if (group.length > 0 || queue.length === 0) return
    group = queue.splice(0, GROUP_MAX)
    thread.postMessage(group.map((one) => one.work))
  }

  const schedule = (): void => {
    if (isScheduled || group.length > 0) return
    isScheduled = true
    // After this round of socket events, so that what arrived together commits together.
    setImmediate(send)
  }

  const stop = (error: unknown): void => {
    if (stopped !== undefined) return
    stopped = STORE_ERRORS.error('STORE_CLOSED', { cause: error })
    for (const one of [...group, ...queue.splice(0)]) one.reject(stopped)
    group = []
    onFatal(error)
  }

  thread.on('message', (done: readonly DoneWire[]) => {
    const settled = group
    group = []
    schedule()
    for (const [index, result] of done.entries()) {
      const waiting = settled[index]!
      if ('value' in result) {
        waiting.resolve(result.value)
        continue
      }
      const error = 'failure' in result ? errorFromWire(result.failure) : result.bug
      waiting.reject(error)
      if ('failure' in result && isFatal(errorFromWire(result.failure))) stop(error)
    }
  })
  thread.on('error', stop)
  thread.on('exit', (code) => {
    if (code !== 0) stop(STORE_ERRORS.error('STORE_CLOSED', { where: 'writer thread' }))
  })

  return {
    write: (name, args) =>
      new Promise((resolve, reject) => {
        if (stopped !== undefined) return reject(stopped)
        // The thread answers with what the command of this name returned.
        queue.push({ work: { name, args }, resolve: resolve as Waiting['resolve'], reject })
        schedule()
      }),
    close: async () => {
      while (stopped === undefined && (group.length > 0 || queue.length > 0)) {
        await new Promise<void>((resolve) => setImmediate(resolve))
      }
      stopped ??= STORE_ERRORS.error('STORE_CLOSED')
      const exited = new Promise<void>((resolve) => thread.once('exit', () => resolve()))
      thread.postMessage('close')
      await exited
    },
  }
}
