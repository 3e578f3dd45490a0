import assert from 'node:assert/strict'
import { createSecretKey } from 'node:crypto'
import { describe, test } from 'node:test'
import { seededRandom } from '@almoner/core'
import fc from 'fast-check'
import { KEY_BYTES, takeKey, unwrapKey, WRAPPED_BYTES, wrapKey } from './wrap.ts'

const random = seededRandom(1)
const wrappingKey = createSecretKey(random.bytes(KEY_BYTES))
const key = createSecretKey(random.bytes(KEY_BYTES))
const label = { id: 7, purpose: 'seal' } as const
const wrapped = wrapKey(wrappingKey, label, key, random)

describe('wrapKey and unwrapKey', () => {
  test('give the key back under the same label', () => {
    assert.equal(wrapped.length, WRAPPED_BYTES)
    assert.ok(unwrapKey(wrappingKey, label, wrapped)?.equals(key))
  })

  test('never hold the key in clear', () => {
    assert.equal(Buffer.from(wrapped).indexOf(key.export()), -1)
  })

  for (const [why, wrapping, otherLabel] of [
    ['another id', wrappingKey, { id: 8, purpose: 'seal' }],
    ['another purpose', wrappingKey, { id: 7, purpose: 'index' }],
    ['another wrapping key', key, label],
  ] as const) {
    test(`give nothing under ${why}`, () => {
      assert.equal(unwrapKey(wrapping, otherLabel, wrapped), undefined)
    })
  }

  test('give nothing when any one bit differs', () => {
    fc.assert(
      fc.property(fc.nat(WRAPPED_BYTES * 8 - 1), (bit) => {
        const bent = Uint8Array.from(wrapped)
        bent[bit >> 3]! ^= 1 << (bit & 7)
        assert.equal(unwrapKey(wrappingKey, label, bent), undefined)
      }),
    )
  })

  test('give nothing when bytes are missing or too many', () => {
    assert.equal(unwrapKey(wrappingKey, label, wrapped.subarray(1)), undefined)
    assert.equal(unwrapKey(wrappingKey, label, Buffer.concat([wrapped, wrapped])), undefined)
  })
})

test('takeKey overwrites the bytes that it took', () => {
  const bytes = Uint8Array.from({ length: KEY_BYTES }, (_, index) => index + 1)
  takeKey(bytes)
  assert.deepEqual(bytes, new Uint8Array(KEY_BYTES))
})
