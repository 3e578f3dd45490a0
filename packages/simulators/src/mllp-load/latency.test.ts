import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { countLatencies } from './latency.ts'

describe('countLatencies', () => {
  test('finds percentiles within one per cent', () => {
    const any = fc.array(fc.double({ min: 0.001, max: 100_000, noNaN: true }), { minLength: 1 })
    fc.assert(
      fc.property(any, (milliseconds) => {
        const { add, percentiles } = countLatencies()
        for (const one of milliseconds) add(one)
        const sorted = milliseconds.toSorted((a, b) => a - b)
        const { p50, p95, p99 } = percentiles()
        for (const [share, found] of [
          [0.5, p50],
          [0.95, p95],
          [0.99, p99],
        ] as const) {
          const exact = sorted[Math.ceil(sorted.length * share) - 1]!
          assert.ok(Math.abs(found / exact - 1) <= 0.011, `${found} for ${exact}`)
        }
      }),
    )
  })

  test('takes what is beyond its ends for its ends', () => {
    const { add, percentiles } = countLatencies()
    add(0)
    assert.ok(percentiles().p50 < 0.0011)
    for (let i = 0; i < 3; i++) add(1e12)
    assert.ok(percentiles().p50 > 60_000)
  })

  test('has no percentile of nothing', () => {
    assert.ok(Number.isNaN(countLatencies().percentiles().p50))
  })
})
