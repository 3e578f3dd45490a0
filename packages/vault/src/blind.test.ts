import assert from 'node:assert/strict'
import { createSecretKey } from 'node:crypto'
import { describe, test } from 'node:test'
import { seededRandom } from '@almoner/core'
import fc from 'fast-check'
import { createBlind } from './blind.ts'

const random = seededRandom(1)
const oneKey = createSecretKey(random.bytes(32))
const otherKey = createSecretKey(random.bytes(32))
const blind = createBlind(() => oneKey)

describe('blind', () => {
  test('gives 22 characters of base64url', () => {
    assert.match(blind('nhs-number', '9434765919'), /^[A-Za-z0-9_-]{22}$/)
  })

  test('gives the same for the same value, now and in another process', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (domain, value) => {
        assert.equal(blind(domain, value), createBlind(() => oneKey)(domain, value))
      }),
    )
  })

  test('differs by value, by domain and by key', () => {
    const distinct = fc.uniqueArray(fc.string({ unit: 'grapheme' }), {
      minLength: 2,
      maxLength: 2,
    })
    fc.assert(
      fc.property(distinct, distinct, ([domain, otherDomain], [value, otherValue]) => {
        const hashes = [
          blind(domain!, value!),
          blind(domain!, otherValue!),
          blind(otherDomain!, value!),
          createBlind(() => otherKey)(domain!, value!),
        ]
        assert.equal(new Set(hashes).size, hashes.length)
      }),
    )
  })

  test('does not confuse where the domain ends and the value begins', () => {
    assert.notEqual(blind('a', 'bc'), blind('ab', 'c'))
  })

  test('takes bytes as it takes the text that they spell', () => {
    assert.equal(blind('name', Buffer.from('Siân', 'utf8')), blind('name', 'Siân'))
  })

  test('gives the same after so many domains that keys were forgotten', () => {
    const before = blind('nhs-number', '9434765919')
    for (let count = 0; count < 600; count++) blind(`domain ${count}`, 'x')
    assert.equal(blind('nhs-number', '9434765919'), before)
  })

  test('follows the index key when the keyring brings another', () => {
    let current = oneKey
    const following = createBlind(() => current)
    following('nhs-number', '1')
    current = otherKey
    assert.equal(following('nhs-number', '1'), createBlind(() => otherKey)('nhs-number', '1'))
  })
})
