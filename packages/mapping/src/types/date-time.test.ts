import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { adt, entryAt, mappedValue, mapText, oru, PID, segment } from '../testing/samples.ts'

/** PV1-44 of an admission. */
const admittedAt = (time: string) =>
  mapText(adt('A01', PID, segment('PV1', { 1: '1', 2: 'I', 19: '1', 44: time })))

describe('a time stamp', () => {
  for (const [sent, expected] of [
    ['2024', '2024'],
    ['202407', '2024-07'],
    ['20240710', '2024-07-10'],
    ['202407101400', '2024-07-10T14:00:00+01:00'],
    ['20240710140059', '2024-07-10T14:00:59+01:00'],
    ['20240710140059.1234', '2024-07-10T14:00:59.1234+01:00'],
    ['202401101400', '2024-01-10T14:00:00+00:00'],
    ['20240710140000+0530', '2024-07-10T14:00:00+05:30'],
    ['202407101400-0000', '2024-07-10T14:00:00-00:00'],
    ['20240229', '2024-02-29'],
    ['20000229', '2000-02-29'],
  ] as const) {
    test(`${sent} becomes ${expected}`, () => {
      assert.equal(mappedValue(admittedAt(sent), 'PV1-44'), expected)
    })
  }

  for (const sent of [
    '20240230',
    '20230229',
    '19000229',
    '20241301',
    '20240700',
    '00000000',
    '2024071014',
    '202407102400',
    '202407101460',
    '20240710140060',
    '20240710140000.',
    '20240710140000.12345',
    '20240710+01',
    '20240710140000+1500',
    '2024-07-10',
    '20240710T14',
    'yesterday',
    '20240331013000',
  ]) {
    test(`${sent} does not exist and is not stored`, () => {
      const mapped = admittedAt(sent)
      const { fate, why } = entryAt(mapped, 'PV1-44')
      assert.equal(fate, 'unmapped')
      assert.equal(why, 'not a date and time that exists')
    })
  }

  test('that the clocks skipped is flagged as such', () => {
    const { flags } = admittedAt('202403310130')
    assert.ok(flags.some(({ code, where }) => code === 'TIME_NEVER_WAS' && where === 'PV1-44'))
  })

  test('that happened twice is the first of the two, flagged', () => {
    const mapped = admittedAt('202410270130')
    assert.equal(mappedValue(mapped, 'PV1-44'), '2024-10-27T01:30:00+01:00')
    assert.ok(mapped.flags.some(({ code, where }) => code === 'TIME_TWICE' && where === 'PV1-44'))
  })
})

describe('the time of issue of a report', () => {
  const issuedAt = (time: string) =>
    mapText(oru(PID, segment('OBR', { 3: 'F1', 4: 'X', 22: time, 25: 'F' })))

  test('needs minutes', () => {
    assert.equal(entryAt(issuedAt('20240710'), 'OBR-22').fate, 'unmapped')
    assert.equal(mappedValue(issuedAt('202407101400'), 'OBR-22'), '2024-07-10T14:00:00+01:00')
  })
})

describe('a time of day', () => {
  const measuredAt = (time: string) =>
    mapText(oru(PID, 'OBR|1||F1|X', segment('OBX', { 2: 'TM', 3: 'T', 5: time, 11: 'F' })))

  for (const [sent, expected] of [
    ['1530', '15:30:00'],
    ['153059', '15:30:59'],
    ['153059.5', '15:30:59.5'],
  ] as const) {
    test(`${sent} becomes ${expected}`, () => {
      assert.equal(mappedValue(measuredAt(sent), 'OBX-5'), expected)
    })
  }

  for (const sent of ['15', '2460', '1530+0100', '1530.5', 'noon']) {
    test(`${sent} is kept as text`, () => {
      assert.equal(entryAt(measuredAt(sent), 'OBX-5').fate, 'unmapped')
    })
  }
})
