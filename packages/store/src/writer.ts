/**
 * The near side of the writer thread. Units that arrive while a group is being committed form the
 * next group, so the cost of one fsync is shared by all that wait for it.
 */

import { Worker } from 'node:worker_threads'
import {
  type AlmonerError,
  type Clock,
  type ErrorWire,
  errorFromWire,
  systemClock,
} from '@almoner/core'
import type { CommandName } from './commands/all.ts'
import type { Commands } from './contract.ts'
import { STORE_ERRORS } from './errors.ts'
import { isFatal } from './sqlite-failure.ts'
import { createWriteQueue, QUIET_MS, type Waiting } from './write-queue.ts'

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

export type Writer = {
  readonly write: <Name extends CommandName>(
    name: Name,
    args: Parameters<Commands[Name]>[0],
  ) => Promise<ReturnType<Commands[Name]>>
  /** Takes no more, lets what waits finish, then ends the thread. May be called again. */
  readonly close: () => Promise<void>
}

/**
 * While the thread commits one group the next already waits at its door: it never stands idle for
 * the way there and back. More would only make urgent units wait behind patient ones.
 */
const GROUPS_UNDER_WAY_MAX = 2

/** `onFatal` is called at most once: when writing became impossible before `close` was done. */
export function startWriter(
  config: WriterConfig,
  onFatal: (error: unknown) => void,
  // It paces a real thread, so it goes by real time whatever time the rest of a test lives in.
  clock: Clock = systemClock,
): Writer {
  const thread = new Worker(new URL('./writer-thread.ts', import.meta.url), { workerData: config })
  const exited = new Promise<void>((resolve) => void thread.once('exit', () => resolve()))
  const queue = createWriteQueue(clock)
  /** What the thread has, oldest first. */
  const underWay: (readonly Waiting[])[] = []
  let isScheduled = false
  /** Set once nothing more is taken; the thread may still be finishing what it has. */
  let refusal: AlmonerError | undefined
  let isStopped = false
  let closed: Promise<void> | undefined
  let onIdle = (): void => undefined

  const post = (group: readonly Waiting[]): void => {
    thread.postMessage(group.map((one) => one.work))
    underWay.push(group)
  }

  const send = (): void => {
    isScheduled = false
    const isIdle = underWay.length === 0
    const group = queue.next({ isIdle, isClosing: refusal !== undefined })
    if (group.length === 0) {
      if (!isIdle) return
      if (queue.isEmpty()) onIdle()
      else scheduleAfter(QUIET_MS)
      return
    }
    try {
      post(group)
    } catch {
      // Arguments that cannot cross to the thread are a bug of one caller: the others go on.
      const sendable = group.filter(isSendable)
      if (sendable.length > 0) post(sendable)
      else schedule()
    }
  }

  const schedule = (): void => {
    if (isScheduled || underWay.length >= GROUPS_UNDER_WAY_MAX) return
    isScheduled = true
    // After this round of socket events, so that what arrived together commits together.
    setImmediate(send)
  }

  const scheduleAfter = (delayMs: number): void => {
    clock.after(delayMs, schedule)
  }

  const stop = (error: unknown): void => {
    if (isStopped) return
    isStopped = true
    refusal = STORE_ERRORS.error('STORE_CLOSED', { cause: error })
    for (const one of [...underWay.splice(0).flat(), ...queue.drain()]) one.reject(refusal)
    onIdle()
    onFatal(error)
  }

  const finish = async (): Promise<void> => {
    refusal ??= STORE_ERRORS.error('STORE_CLOSED')
    if (underWay.length > 0 || !queue.isEmpty()) {
      schedule()
      await new Promise<void>((resolve) => {
        onIdle = resolve
      })
    }
    isStopped = true
    thread.postMessage('close')
    await exited
  }

  thread.on('message', (done: readonly DoneWire[]) => {
    const settled = underWay.shift()
    // Everything was rejected when the store stopped.
    if (settled === undefined) return
    queue.answered(settled)
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
        const waiting = { work: { name, args }, resolve: resolve as Waiting['resolve'], reject }
        queue.push(waiting)
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
