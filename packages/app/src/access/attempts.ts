/** Counts attempts per key in fixed windows, so that nobody can try without end. */
import type { Clock } from '@almoner/core'

export type Attempts = {
  /** Counts one attempt; false when the key has used up its window. */
  readonly allow: (key: string) => boolean
}

export type AttemptLimits = {
  readonly countMax: number
  readonly windowMs: number
  /** Keys remembered at once; beyond it, unknown keys are refused until the window ends. */
  readonly keysMax: number
}

export function createAttempts(clock: Clock, limits: AttemptLimits): Attempts {
  let windowStartMs = clock.monotonicMs()
  let counts = new Map<string, number>()
  return {
    allow: (key) => {
      const nowMs = clock.monotonicMs()
      if (nowMs - windowStartMs >= limits.windowMs) {
        windowStartMs = nowMs
        counts = new Map()
      }
      const count = counts.get(key) ?? 0
      if (count >= limits.countMax) return false
      if (count === 0 && counts.size >= limits.keysMax) return false
      counts.set(key, count + 1)
      return true
    },
  }
}
