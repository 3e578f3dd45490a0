import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { createZone, type LocalTime } from './zone.ts'

const london = createZone('Europe/London')

const at = (text: string): LocalTime => {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = text.split(/[-T:]/).map(Number)
  return { year, month, day, hour, minute, second: 0 }
}

describe('the offset of a local time in London', () => {
  for (const [why, time, kind, offset] of [
    ['winter', '2024-01-10T09:00', 'known', '+00:00'],
    ['summer', '2024-07-10T09:00', 'known', '+01:00'],
    ['the last minute before the clocks go forward', '2024-03-31T00:59', 'known', '+00:00'],
    ['the first minute after', '2024-03-31T02:00', 'known', '+01:00'],
    ['the hour that happens twice: the first is taken', '2024-10-27T01:30', 'twice', '+01:00'],
    ['after that hour', '2024-10-27T02:00', 'known', '+00:00'],
    ['British Standard Time, winter of 1970', '1970-01-15T12:00', 'known', '+01:00'],
    ['double summer time of the war', '1944-06-06T06:30', 'known', '+02:00'],
  ] as const) {
    test(`${why} is ${offset}`, () => {
      assert.deepEqual(london.offsetOf(at(time)), { kind, offset })
    })
  }

  for (const [why, time] of [
    ['the hour that the clocks skip', '2024-03-31T01:30'],
    ['local mean time, whose offset has seconds', '1840-06-01T12:00'],
  ] as const) {
    test(`there is none for ${why}`, () => {
      assert.deepEqual(london.offsetOf(at(time)), { kind: 'never' })
    })
  }

  test('gives back the instant that the clock showed, at any time', () => {
    const instants = fc.integer({
      min: Date.UTC(1972, 0, 1) / 60_000,
      max: Date.UTC(2037, 0, 1) / 60_000,
    })
    fc.assert(
      fc.property(instants, (minute) => {
        const instant = Temporal.Instant.fromEpochMilliseconds(minute * 60_000)
        const shown = instant.toZonedDateTimeISO('Europe/London')
        const found = london.offsetOf(shown)
        assert.notEqual(found.kind, 'never')
        if (found.kind !== 'known') return
        assert.equal(found.offset, shown.offset)
      }),
    )
  })
})

describe('a zone', () => {
  test('must be one of the tz database', () => {
    assert.throws(() => createZone('Europe/Camelot'), { code: 'MAP_UNKNOWN_TIME_ZONE' })
  })

  test('may have an offset that is no whole hour', () => {
    const zone = createZone('Asia/Kolkata')
    assert.deepEqual(zone.offsetOf(at('2024-01-10T09:00')), { kind: 'known', offset: '+05:30' })
  })
})
