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
  /** Takes no more, lets what waits finish, then ends the thread. May be called again. */
  readonly close: () => Promise<void>
}

/** More units in one group would make the first of them wait too long. */
const GROUP_MAX = 256

/** `onFatal` is called at most once: when writing became impossible before `close` was done. */
export function startWriter(config: WriterConfig, onFatal: (error: unknown) => void): Writer {
  const thread = new Worker(new URL('./writer-thread.ts', import.meta.url), { workerData: config })
  const exited = new Promise<void>((resolve) => void thread.once('exit', () => resolve()))
  const queue: Waiting[] = []
  let group: readonly Waiting[] = []
  let isScheduled = false
  /** Set once nothing more is taken; the thread may still be finishing what it has. */
  let refusal: AlmonerError | undefined
  let isStopped = false
  let closed: Promise<void> | undefined
  let onIdle = (): void => undefined

  const post = (): void => thread.postMessage(group.map((one) => one.work))

  const send = (): void => {
    isScheduled = false
    group = queue.splice(0, GROUP_MAX)
    if (group.length === 0) {
      onIdle()
      return
    }
    try {
      post()
    } catch {
      // Arguments that cannot cross to the thread are a bug of one caller: the others go on.
      group = group.filter(isSendable)
      if (group.length > 0) post()
      else schedule()
    }
  }

  const schedule = (): void => {
    if (isScheduled || group.length > 0) return
    isScheduled = true
    // After this round of socket events, so that what arrived together commits together.
    setImmediate(send)
  }

  const stop = (error: unknown): void => {
    if (isStopped) return
    isStopped = true
    refusal = STORE_ERRORS.error('STORE_CLOSED', { cause: error })
    for (const one of [...group, ...queue.splice(0)]) one.reject(refusal)
    group = []
    onIdle()
    onFatal(error)
  }

  const finish = async (): Promise<void> => {
    refusal ??= STORE_ERRORS.error('STORE_CLOSED')
    if (group.length > 0 || queue.length > 0) {
      await new Promise<void>((resolve) => {
        onIdle = resolve
      })
    }
    isStopped = true
    thread.postMessage('close')
    await exited
  }

  thread.on('message', (done: readonly DoneWire[]) => {
    const settled = group
    group = []
    schedule()
    for (const [index, result] of done.entries()) settle(settled[index]!, result)
    const failures = done.flatMap((one) => ('failure' in one ? [errorFromWire(one.failure)] : []))
    const fatal = failures.find(isFatal)
    if (fatal !== undefined) stop(fatal)
  })
  thread.on('error', stop)
  thread.on('messageerror', stop)
  void exited.then(() => stop(STORE_ERRORS.error('STORE_CLOSED', { where: 'writer thread' })))

  return {
    write: (name, args) =>
      new Promise((resolve, reject) => {
        if (refusal !== undefined) return reject(refusal)
        // The thread answers with what the command of this name returned.
        queue.push({ work: { name, args }, resolve: resolve as Waiting['resolve'], reject })
        schedule()
      }),
    close: () => {
      closed ??= finish()
      return closed
    },
  }
}

function settle(waiting: Waiting, result: DoneWire): void {
  if ('value' in result) waiting.resolve(result.value)
  else waiting.reject('failure' in result ? errorFromWire(result.failure) : result.bug)
}

/** Rejects what is not. */
function isSendable(waiting: Waiting): boolean {
  try {
    structuredClone(waiting.work)
    return true
  } catch (thrown) {
    waiting.reject(thrown)
    return false
  }
}
