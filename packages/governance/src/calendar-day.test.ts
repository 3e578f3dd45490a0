import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { dayAt, isDay } from './calendar-day.ts'

describe('dayAt', () => {
  // In order, and so that neighbours share an hour or not: the last answer is kept for its hour.
  const rows: readonly (readonly [string, string])[] = [
    ['2026-01-01T00:00:00.000Z', '2026-01-01'],
    ['2025-12-31T23:59:59.999Z', '2025-12-31'],
    ['2026-03-28T23:30:00.000Z', '2026-03-28'],
    // Summer time began at 01:00 on 29 March: from now on the day begins at 23:00 UTC.
    ['2026-03-29T22:59:59.999Z', '2026-03-29'],
    ['2026-03-29T23:00:00.000Z', '2026-03-30'],
    ['2026-06-30T23:59:59.999Z', '2026-07-01'],
    ['2026-10-24T23:00:00.000Z', '2026-10-25'],
    ['2026-10-25T23:00:00.000Z', '2026-10-25'],
    ['2026-10-25T23:59:59.999Z', '2026-10-25'],
    ['2028-02-29T12:00:00.000Z', '2028-02-29'],
  ]
  for (const [at, day] of rows) {
    test(`is ${day} at ${at}`, () => {
      assert.equal(dayAt(Date.parse(at)), day)
    })
  }

  test('fails for a time that is none rather than giving a day', () => {
    assert.throws(() => dayAt(Number.NaN), RangeError)
  })
})

describe('isDay', () => {
  for (const text of ['2026-01-01', '2028-02-29', '1999-12-31']) {
    test(`takes ${text}`, () => {
      assert.equal(isDay(text), true)
    })
  }
  for (const text of [
    '2027-02-29',
    '2026-13-01',
    '2026-1-1',
    '2026-01-01T00:00',
    '',
    ' 2026-01-01',
  ]) {
    test(`refuses "${text}"`, () => {
      assert.equal(isDay(text), false)
    })
  }
})
