/** Ports whose every answer follows from a seed: for simulators, tests and reproducible demos. */
import type { Clock, Ids, Ports, Random } from './ports.ts'
import { uuidV7 } from './ports.ts'

/** Small, fast generator with 32 bits of state (mulberry32): for test data, never for secrets. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0
  const unit = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  return {
    unit,
    bytes: (count) => Uint8Array.from({ length: count }, () => Math.floor(unit() * 256)),
  }
}

export type VirtualClock = Clock & {
  /** Moves time on and runs what became due, in order of due time. */
  readonly advance: (byMs: number) => void
}

/** A clock that stands still until it is told to advance. */
export function virtualClock(startMs: number): VirtualClock {
  let now = startMs
  let nextId = 0
  const waiting = new Map<number, { readonly atMs: number; readonly call: () => void }>()
  return {
    nowMs: () => now,
    monotonicMs: () => now - startMs,
    after: (delayMs, call) => {
      const id = nextId++
      waiting.set(id, { atMs: now + delayMs, call })
      return () => void waiting.delete(id)
    },
    advance: (byMs) => {
      const untilMs = now + byMs
      for (;;) {
        const due = [...waiting].filter(([, timer]) => timer.atMs <= untilMs)
        const first = due.sort(([a, x], [b, y]) => x.atMs - y.atMs || a - b)[0]
        if (first === undefined) break
        waiting.delete(first[0])
        now = Math.max(now, first[1].atMs)
        first[1].call()
      }
      // A callback may itself have advanced the clock further: time never goes back.
      now = Math.max(now, untilMs)
    },
  }
}

export function seededPorts(seed: number, clock: Clock): Ports {
  const random = seededRandom(seed)
  const ids: Ids = uuidV7(clock, random)
  return { clock, random, ids }
}
