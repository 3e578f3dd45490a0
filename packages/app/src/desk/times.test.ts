import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { isoTime, longTime, shortTime, size, span } from './times.ts'

describe('times', () => {
  test('are of the United Kingdom, in winter and in summer', () => {
    const winter = Date.UTC(2026, 10, 22, 14, 1, 7)
    assert.equal(longTime(winter), '22 Nov 2026 14:01:07 GMT')
    assert.equal(shortTime(winter), '22 Nov 14:01:07')
    assert.equal(isoTime(winter), '2026-11-22T14:01:07.000Z')
    assert.equal(longTime(Date.UTC(2026, 6, 1, 23, 30, 0)), '2 Jul 2026 00:30:00 BST')
  })
})

describe('span', () => {
  for (const [ms, text] of [
    [-5, '0 s'],
    [999, '0 s'],
    [59_000, '59 s'],
    [146_000, '2 min 26 s'],
    [3 * 3_600_000 + 12 * 60_000, '3 h 12 min'],
    [52 * 3_600_000, '2 d 4 h'],
  ] as const) {
    test(`says ${text} for ${ms} ms`, () => assert.equal(span(ms), text))
  }
})

describe('size', () => {
  for (const [bytes, text] of [
    [999, '999 B'],
    [1_021, '1.0 KB'],
    [16_000_000, '16.0 MB'],
  ] as const) {
    test(`says ${text}`, () => assert.equal(size(bytes), text))
  }
})
