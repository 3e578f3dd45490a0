/** Repeats a measurement and gives the middle one, because these figures vary. */
import type { Clock } from '@almoner/core'

export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

/** Calls per second of `call` on one core: the median of `runs` runs of about `runMs` each. */
export function callsPerSecond(
  clock: Clock,
  call: () => void,
  { runs = 5, runMs = 400 }: { readonly runs?: number; readonly runMs?: number } = {},
): number {
  const rate = (forMs: number): number => {
    const startMs = clock.monotonicMs()
    let calls = 0
    while (clock.monotonicMs() - startMs < forMs) {
      for (let i = 0; i < 50; i += 1) call()
      calls += 50
    }
    return (calls * 1_000) / (clock.monotonicMs() - startMs)
  }
  rate(runMs)
  return median(Array.from({ length: runs }, () => rate(runMs)))
}
