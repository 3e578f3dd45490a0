import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { isNhsNumber, nhsNumberCheckDigit, nhsNumberOf, PERSONS_MAX } from './nhs-number.ts'

describe('isNhsNumber', () => {
  for (const [text, expected] of [
    ['9434765919', true],
    ['4505577104', true],
    ['9434765918', false],
    ['943476591', false],
    ['94347659190', false],
    ['943 476 5919', false],
    ['', false],
  ] as const) {
    test(`says ${expected} to "${text}"`, () => assert.equal(isNhsNumber(text), expected))
  }

  test('knows that some nine digits have no check digit', () => {
    // 1 × 10 leaves 10 over eleven: 11 - 10 = 1. 6 × 2 leaves 1: 11 - 1 = 10, which is void.
    assert.equal(nhsNumberCheckDigit('100000000'), '1')
    assert.equal(nhsNumberCheckDigit('000000006'), undefined)
    assert.equal(nhsNumberCheckDigit('000000000'), '0')
  })
})

describe('nhsNumberOf', () => {
  test('gives valid numbers of the test range', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: PERSONS_MAX - 1 }), (person) => {
        const number = nhsNumberOf(person)
        assert.ok(isNhsNumber(number) && number.startsWith('999'), number)
      }),
    )
  })

  test('gives no number twice', () => {
    const numbers = new Set<string>()
    for (let person = 0; person < PERSONS_MAX; person += 9) numbers.add(nhsNumberOf(person))
    assert.equal(numbers.size, PERSONS_MAX / 9)
    // The whole range is too slow to walk here: pairs stand for it.
    const any = fc.integer({ min: 0, max: PERSONS_MAX - 1 })
    fc.assert(
      fc.property(any, any, (a, b) => {
        assert.equal(nhsNumberOf(a) === nhsNumberOf(b), a === b)
      }),
    )
  })

  test('has no number for a person beyond the range', () => {
    assert.throws(() => nhsNumberOf(PERSONS_MAX), RangeError)
  })
})
