import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { drawFrom } from './draw.ts'

const series = (...place: readonly number[]): readonly number[] => {
  const draw = drawFrom(7, ...place)
  return Array.from({ length: 8 }, () => draw.whole(0, 1_000_000))
}

describe('drawFrom', () => {
  test('gives the same draws for the same place', () => {
    assert.deepEqual(series(1, 2), series(1, 2))
  })

  test('gives other draws for another place, also beyond 2^32', () => {
    const places = [[1, 2], [2, 1], [1], [1, 2, 0], [1, 2 + 2 ** 32], [1, 2 + 2 ** 33]]
    const firsts = new Set(places.map((place) => series(...place).join()))
    assert.equal(firsts.size, places.length)
  })

  test('keeps whole numbers and picks within their bounds', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 0, max: 50 }), (seed, width) => {
        const draw = drawFrom(seed)
        const drawn = draw.whole(10, 10 + width)
        assert.ok(Number.isInteger(drawn) && drawn >= 10 && drawn <= 10 + width)
        assert.ok(['a', 'b'].includes(draw.pick(['a', 'b'])))
      }),
    )
  })

  test('reaches both bounds', () => {
    const draw = drawFrom(3)
    const drawn = new Set(Array.from({ length: 200 }, () => draw.whole(1, 4)))
    assert.deepEqual([...drawn].sort(), [1, 2, 3, 4])
  })

  test('shuffles without losing or adding', () => {
    const items = Array.from({ length: 30 }, (_, at) => at)
    const shuffled = drawFrom(1).shuffle(items)
    assert.notDeepEqual(shuffled, items)
    assert.deepEqual(
      shuffled.toSorted((a, b) => a - b),
      items,
    )
  })

  test('refuses to pick from nothing', () => {
    assert.throws(() => drawFrom(1).pick([]), RangeError)
  })
})
