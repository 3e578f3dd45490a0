/**
 * Latencies in a histogram of fixed size, so that a long run costs no memory. Its steps grow by
 * one per cent, which is how far a percentile may be from the truth. From 1 µs to about 8 minutes.
 */
const STEP = Math.log(1.01)
const BUCKET_COUNT = 2_011

export type Percentiles = { readonly p50: number; readonly p95: number; readonly p99: number }

export type Latencies = {
  readonly add: (milliseconds: number) => void
  /** In milliseconds; NaN when nothing was added. */
  readonly percentiles: () => Percentiles
}

export function countLatencies(): Latencies {
  const buckets = new Float64Array(BUCKET_COUNT)
  let count = 0
  const percentile = (share: number): number => {
    const rank = Math.ceil(count * share)
    let seen = 0
    for (let at = 0; at < BUCKET_COUNT; at++) {
      seen += buckets[at]!
      if (seen >= rank && seen > 0) return Math.exp((at + 0.5) * STEP) / 1_000
    }
    return Number.NaN
  }
  return {
    add: (milliseconds) => {
      const at = Math.floor(Math.log(Math.max(milliseconds * 1_000, 1)) / STEP)
      buckets[Math.min(at, BUCKET_COUNT - 1)]! += 1
      count++
    },
    percentiles: () => ({ p50: percentile(0.5), p95: percentile(0.95), p99: percentile(0.99) }),
  }
}
