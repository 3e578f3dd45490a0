import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { HOUR_MS, londonOffsetMs, londonStamp } from './london-time.ts'

describe('londonStamp', () => {
  for (const [utc, stamp] of [
    ['2026-01-15T12:00:00Z', '20260115120000'],
    ['2026-07-15T12:00:00Z', '20260715130000'],
    ['2026-03-29T00:59:59Z', '20260329005959'],
    ['2026-03-29T01:00:00Z', '20260329020000'],
    ['2026-10-25T00:59:59Z', '20261025015959'],
    ['2026-10-25T01:00:00Z', '20261025010000'],
    ['2026-12-31T23:59:59Z', '20261231235959'],
  ] as const) {
    test(`writes ${utc} as ${stamp}`, () => {
      assert.equal(londonStamp(Date.parse(utc), 'second'), stamp)
    })
  }

  test('cuts to the day and the minute', () => {
    const atMs = Date.parse('2026-01-15T12:34:56Z')
    assert.equal(londonStamp(atMs, 'day'), '20260115')
    assert.equal(londonStamp(atMs, 'minute'), '202601151234')
  })

  test('agrees with the time zone data of the platform for every hour of two years', () => {
    const format = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/London', hour: '2-digit' })
    const startMs = Date.UTC(2027, 0, 1)
    for (let hour = 0; hour < 2 * 365 * 24; hour += 1) {
      const atMs = startMs + hour * HOUR_MS
      const local = new Date(atMs + londonOffsetMs(atMs)).getUTCHours()
      assert.equal(Number(format.format(atMs)), local, new Date(atMs).toISOString())
    }
  })
})
