import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { seededRandom } from '@almoner/core'
import fc from 'fast-check'
import { openPage, type PageKey, sealPage } from './page-link.ts'

const key: PageKey = { type: 'Patient', token: 'secret-token' }
const state = { parameters: [['identifier', 'urn:x|9000000009']], afterId: 'p-1' } as const

describe('page links', () => {
  test('open to what was sealed, and show nothing of it before', () => {
    const sealed = sealPage(seededRandom(1), state, key)
    assert.match(sealed, /^[A-Za-z0-9_-]+$/)
    assert.doesNotMatch(Buffer.from(sealed, 'base64url').toString('latin1'), /9000000009/)
    assert.deepEqual(openPage(sealed, key), state)
  })

  test('two links of the same state differ', () => {
    const random = seededRandom(1)
    assert.notEqual(sealPage(random, state, key), sealPage(random, state, key))
  })

  for (const [why, other] of [
    ['another token', { ...key, token: 'other' }],
    ['another type', { ...key, type: 'Observation' }],
  ] as const) {
    test(`do not open for ${why}`, () => {
      const sealed = sealPage(seededRandom(1), state, key)
      assert.throws(() => openPage(sealed, other), { code: 'APP_BAD_PARAMETER' })
    })
  }

  test('do not open when a single bit was changed', () => {
    const sealed = Buffer.from(sealPage(seededRandom(1), state, key), 'base64url')
    fc.assert(
      fc.property(fc.nat(sealed.length - 1), fc.nat(7), (at, bit) => {
        const changed = Buffer.from(sealed)
        changed[at]! ^= 1 << bit
        assert.throws(() => openPage(changed.toString('base64url'), key), {
          code: 'APP_BAD_PARAMETER',
        })
      }),
    )
  })

  test('do not open when they are no link at all', () => {
    for (const text of ['', 'x', 'a'.repeat(200)]) {
      assert.throws(() => openPage(text, key), { code: 'APP_BAD_PARAMETER' })
    }
  })

  test('a caller that seals nonsense with its own token gains nothing', () => {
    // The caller holds the token and could make links; what comes out is checked like any input.
    for (const forged of [null, 7, {}, { parameters: 'x' }, { parameters: [], afterId: '../x' }]) {
      // Deliberately of a wrong shape.
      const sealed = sealPage(seededRandom(1), forged as unknown as typeof state, key)
      assert.throws(() => openPage(sealed, key), { code: 'APP_BAD_PARAMETER' })
    }
  })
})
