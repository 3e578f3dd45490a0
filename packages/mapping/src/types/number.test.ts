import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { parseDecimal } from './number.ts'

describe('parseDecimal', () => {
  for (const [text, value, places] of [
    ['140', 140, undefined],
    ['5.60', 5.6, 2],
    ['5.0', 5, 1],
    ['-0.5', -0.5, undefined],
    ['+7', 7, undefined],
    ['.5', 0.5, undefined],
    ['5.', 5, undefined],
    ['007.10', 7.1, 2],
    ['0.0000001', 1e-7, undefined],
    ['123456789012345', 123_456_789_012_345, undefined],
  ] as const) {
    test(`reads ${text}`, () => {
      assert.deepEqual(parseDecimal(text), { value, places })
    })
  }

  for (const text of [
    '',
    '-',
    '.',
    '1.2.3',
    '1e5',
    '5,6',
    ' 5',
    '<5',
    'NaN',
    '0x10',
    '١',
    '1234567890123456',
  ]) {
    test(`refuses "${text}"`, () => {
      assert.equal(parseDecimal(text), undefined)
    })
  }

  test('loses no digit of a number that it takes', () => {
    const whole = fc.integer({ min: 0, max: 999_999_999 })
    const decimals = fc.stringMatching(/^\d{1,6}$/)
    fc.assert(
      fc.property(whole, decimals, (left, right) => {
        const text = `${left}.${right}`
        const read = parseDecimal(text)
        assert.equal(read?.value.toFixed(right.length), text)
        assert.equal(read?.places, right.endsWith('0') ? right.length : undefined)
      }),
    )
  })
})
