/**
 * Time, chance and identity arrive through these ports, so that a test or a simulation decides
 * them. Below `app` nothing else may read a clock, a random source or make an id (proof/tidy).
 */
import { randomBytes } from 'node:crypto'

export type Clock = {
  /** Wall clock, milliseconds since 1970 UTC. May jump. */
  readonly nowMs: () => number
  /** Milliseconds since some start. Never goes back. */
  readonly monotonicMs: () => number
  /** Calls back once after `delayMs`; the returned function cancels it. */
  readonly after: (delayMs: number, call: () => void) => () => void
}

export type Random = {
  readonly bytes: (count: number) => Uint8Array
  /** Uniform in [0, 1). */
  readonly unit: () => number
}

/** Makes ids that never repeat and sort by time of making. */
export type Ids = { readonly next: () => string }

export type Ports = { readonly clock: Clock; readonly random: Random; readonly ids: Ids }

/** Node fires a timer at once when its delay does not fit in 31 bits: longer waits take turns. */
const TIMER_MS_MAX = 2 ** 31 - 1

function after(delayMs: number, call: () => void): () => void {
  let timer: NodeJS.Timeout
  arm(delayMs)
  return () => clearTimeout(timer)
  function arm(restMs: number): void {
    timer =
      restMs <= TIMER_MS_MAX
        ? setTimeout(call, restMs)
        : setTimeout(() => arm(restMs - TIMER_MS_MAX), TIMER_MS_MAX)
  }
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  after,
}

/** Asking the system for each id and nonce by itself would cost more than using it. */
const POOL_BYTES = 4_096
const POOLED_BYTES_MAX = 64
let pool = Buffer.alloc(0)
let poolAt = 0

function pooledBytes(count: number): Uint8Array {
  if (count > POOLED_BYTES_MAX) return randomBytes(count)
  if (poolAt + count > pool.length) {
    pool = randomBytes(POOL_BYTES)
    poolAt = 0
  }
  const taken = Uint8Array.from(pool.subarray(poolAt, poolAt + count))
  // What was given out is not kept: nobody finds a key or a token in the pool later.
  pool.fill(0, poolAt, poolAt + count)
  poolAt += count
  return taken
}

export const systemRandom: Random = {
  bytes: pooledBytes,
  unit: () => Math.random(),
}

/**
 * UUID version 7: 48 bits of time, a 12-bit counter, 62 random bits. Ids made later sort later,
 * even within one millisecond and after the wall clock went back.
 * Source: RFC 9562 section 5.7, and 6.2 method 1 (counter in `rand_a`, seeded with its top bit 0).
 */
export function uuidV7(clock: Clock, random: Random): Ids {
  let lastMs = -1
  let counter = 0
  return {
    next: () => {
      const bytes = Buffer.from(random.bytes(16))
      const nowMs = Math.floor(clock.nowMs())
      const isNewTime = nowMs > lastMs || counter === 0xfff
      lastMs = isNewTime ? Math.max(nowMs, lastMs + 1) : lastMs
      counter = isNewTime ? bytes.readUInt16BE(6) & 0x7ff : counter + 1
      bytes.writeUIntBE(lastMs, 0, 6)
      bytes.writeUInt16BE(0x7000 | counter, 6)
      bytes[8] = 0x80 | (bytes[8]! & 0x3f)
      const hex = bytes.toString('hex')
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
    },
  }
}

export const systemPorts: Ports = {
  clock: systemClock,
  random: systemRandom,
  ids: uuidV7(systemClock, systemRandom),
}

/** Resolves after `delayMs`, or at once when `signal` aborts. Never rejects. */
export function pause(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) return resolve()
    const cancel = clock.after(delayMs, done)
    signal?.addEventListener('abort', done, { once: true })
    function done(): void {
      cancel()
      signal?.removeEventListener('abort', done)
      resolve()
    }
  })
}
