import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { field, fields, isNull, isPopulated, parseMessage, raw } from './index.ts'

const message = parseMessage('MSH|^~\\&|PAS||LAB\rPID|1|""|x~y||\rPV2\r')
const [msh, pid, pv2] = message.segments

describe('field', () => {
  test('numbers MSH like every other segment: the separator is MSH-1', () => {
    const texts = [0, 1, 2, 3, 4, 5, 6].map((n) => {
      const region = field(message, msh!, n)
      return region && raw(message, region)
    })
    assert.deepEqual(texts, ['MSH', '|', '^~\\&', 'PAS', '', 'LAB', undefined])
  })

  test('tells absent, empty and null apart', () => {
    const absent = field(message, pid!, 6)
    const empty = field(message, pid!, 4)!
    const nothing = field(message, pid!, 2)!
    assert.equal(absent, undefined)
    assert.deepEqual([isPopulated(message, empty), isNull(message, empty)], [false, false])
    assert.deepEqual([isPopulated(message, nothing), isNull(message, nothing)], [true, true])
    assert.equal(isNull(message, field(message, pid!, 1)!), false)
  })

  test('counts an empty field behind a final separator', () => {
    assert.deepEqual(field(message, pid!, 5), { start: pid!.end, end: pid!.end })
  })

  for (const n of [-1, 0.5, Number.NaN, 99]) {
    test(`has no field ${n}`, () => assert.equal(field(message, pid!, n), undefined))
  }

  test('of a bare segment is absent, but it has a name', () => {
    assert.equal(field(message, pv2!, 1), undefined)
    assert.equal(raw(message, field(message, pv2!, 0)!), 'PV2')
  })

  test('never reads into the next segment', () => {
    assert.equal(raw(message, fields(message, pid!).at(-1)!), '')
    assert.equal(raw(message, fields(message, msh!).at(-1)!), 'LAB')
  })
})

describe('fields', () => {
  test('gives every field under its number', () => {
    for (const segment of message.segments) {
      const all = fields(message, segment)
      for (const [n, region] of all.entries()) assert.deepEqual(field(message, segment, n), region)
      assert.equal(field(message, segment, all.length), undefined)
    }
    assert.equal(fields(message, pid!).length, 6)
    assert.equal(fields(message, pv2!).length, 1)
  })
})
