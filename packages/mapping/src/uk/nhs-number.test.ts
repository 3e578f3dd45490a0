import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { hasRightCheckDigit, tenDigits, validNationalNumber } from './nhs-number.ts'

describe('an NHS number', () => {
  for (const sent of ['9990000018', '999 000 0018', '999-000-0018', '999\u00a0000\u00a00018']) {
    test(`is read from ${sent}`, () => {
      assert.equal(validNationalNumber(sent, 'nhs'), '9990000018')
    })
  }

  for (const [why, sent] of [
    ['the check digit is wrong', '9990000019'],
    ['two digits are swapped', '9990000108'],
    ['nine digits', '999000001'],
    ['eleven digits', '99900000180'],
    ['a letter', '999000001B'],
    ['empty', ''],
    ['no check digit fits', '9990000140'],
    ['a placeholder of zeros', '0000000000'],
    ['a placeholder of nines', '9999999999'],
  ] as const) {
    test(`is not taken: ${why}`, () => {
      assert.equal(validNationalNumber(sent, 'nhs'), undefined)
    })
  }

  test('of ten equal digits may be somebody where such numbers are issued', () => {
    assert.equal(validNationalNumber('3333333333', 'nhs'), '3333333333')
  })

  test('is never right with any one digit changed', () => {
    const numbers = fc.stringMatching(/^\d{9}$/).filter((nine) => checkDigit(nine) !== undefined)
    fc.assert(
      fc.property(numbers, fc.nat(9), fc.integer({ min: 1, max: 9 }), (nine, place, shift) => {
        const right = `${nine}${checkDigit(nine)}`
        assert.ok(hasRightCheckDigit(right))
        const digit = (Number(right[place]) + shift) % 10
        assert.ok(!hasRightCheckDigit(right.slice(0, place) + digit + right.slice(place + 1)))
      }),
    )
  })

  test('has ten digits and nothing but spaces and hyphens between them', () => {
    assert.equal(tenDigits('99 90-000 018'), '9990000018')
    assert.equal(tenDigits('9990000018.'), undefined)
  })
})

/** The tenth digit, worked out the other way round; undefined where none fits. */
function checkDigit(nine: string): number | undefined {
  const found = Array.from({ length: 10 }, (_, digit) => digit).filter((digit) => {
    const sum = [...nine].reduce((total, one, at) => total + Number(one) * (10 - at), digit)
    return sum % 11 === 0
  })
  return found[0]
}
