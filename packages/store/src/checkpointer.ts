/** The near side of the checkpointer thread: asks it from time to time while there is something new. */
import { Worker } from 'node:worker_threads'
import { type Clock, systemClock } from '@almoner/core'

export type Checkpointer = {
  /** Something was written. */
  readonly note: () => void
  readonly close: () => Promise<void>
}

const EVERY_MS = 250

/**
 * When it cannot run, nothing is lost: the writer itself folds in a log that has grown too long
 * (see CHECKPOINT_PAGES), only later and in its own time. `onFailure` tells that it ended.
 */
export function startCheckpointer(
  file: string,
  onFailure: (error: unknown) => void,
  clock: Clock = systemClock,
): Checkpointer {
  const thread = new Worker(new URL('./checkpointer-thread.ts', import.meta.url), {
    workerData: file,
    resourceLimits: { maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 2 },
  })
  const exited = new Promise<void>((resolve) => void thread.once('exit', () => resolve()))
  let isWanted = false
  let isBusy = false
  let isClosed = false

  const ask = (): void => {
    if (isClosed || isBusy || !isWanted) return
    isWanted = false
    isBusy = true
    clock.after(EVERY_MS, () => {
      if (!isClosed) thread.postMessage('checkpoint')
    })
  }

  thread.on('message', () => {
    isBusy = false
    ask()
  })
  thread.on('error', (error) => {
    isClosed = true
    onFailure(error)
  })
  // A process that only waits for this thread has nothing left to do.
  thread.unref()

  return {
    note: () => {
      isWanted = true
      ask()
    },
    close: async () => {
      if (!isClosed) thread.postMessage('close')
      isClosed = true
      // Now there is something left to do: to wait for it.
      thread.ref()
      await exited
    },
  }
}
