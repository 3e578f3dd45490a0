/**
 * How many bytes of messages one listener holds in memory. Nothing is thrown away when it is
 * full: the connections stop reading, so that senders wait on their own side.
 */
export type MemoryGauge = {
  /** Whole messages that wait for their answer. They leave by themselves. */
  readonly isFull: boolean
  readonly take: (byteCount: number) => void
  readonly give: (byteCount: number) => void
  /** Calls back once, when it is no longer full. */
  readonly whenFree: (call: () => void) => void
  /**
   * Counts bytes of unfinished frames, which leave only if they are read to their end. False when
   * there are too many: then the frame that grew must go.
   */
  readonly growPartial: (byteCount: number) => boolean
}

export function createMemoryGauge(bytesMax: number): MemoryGauge {
  let taken = 0
  let partial = 0
  let waiting: (() => void)[] = []
  return {
    get isFull() {
      return taken >= bytesMax
    },
    take: (byteCount) => {
      taken += byteCount
    },
    give: (byteCount) => {
      taken -= byteCount
      if (taken >= bytesMax || waiting.length === 0) return
      const calls = waiting
      waiting = []
      for (const call of calls) call()
    },
    whenFree: (call) => {
      waiting.push(call)
    },
    growPartial: (byteCount) => {
      partial += byteCount
      return byteCount <= 0 || partial <= bytesMax
    },
  }
}
