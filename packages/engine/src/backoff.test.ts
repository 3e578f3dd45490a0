import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { seededRandom } from '@almoner/core'
import { BACKOFF, backoffMs } from './backoff.ts'

const never = { bytes: seededRandom(1).bytes, unit: () => 0 }

describe('backoffMs', () => {
  for (const [attempt, expected] of [
    [1, 1_000],
    [2, 2_000],
    [6, 32_000],
    [7, 60_000],
    [1_000_000, 60_000],
  ] as const) {
    test(`waits ${expected} ms at most after failure ${attempt}`, () => {
      assert.equal(backoffMs(BACKOFF, attempt, never), expected)
    })
  }

  test('takes off up to half, so that many who wait do not come back together', () => {
    const random = seededRandom(7)
    const waits = Array.from({ length: 200 }, () => backoffMs(BACKOFF, 3, random))
    assert.ok(waits.every((wait) => wait >= 2_000 && wait <= 4_000))
    assert.ok(new Set(waits).size > 100)
  })
})
