import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { seededRandom, systemRandom } from '@almoner/core'
import { bearerToken, isSecretShaped, mintSecret } from './secrets.ts'

describe('mintSecret', () => {
  test('gives 256 bits as 43 characters that are at home in an address and a header', () => {
    const secret = mintSecret(systemRandom)
    assert.match(secret, /^[A-Za-z0-9_-]{43}$/)
    assert.equal(Buffer.from(secret, 'base64url').length, 32)
    assert.ok(isSecretShaped(secret))
  })

  test('takes its chance from the given source alone', () => {
    assert.equal(mintSecret(seededRandom(1)), mintSecret(seededRandom(1)))
    assert.notEqual(mintSecret(seededRandom(1)), mintSecret(seededRandom(2)))
  })
})

describe('bearerToken', () => {
  for (const [why, header, token] of [
    ['a token', 'Bearer abc-DEF_1', 'abc-DEF_1'],
    ['a scheme in another case', 'bearer abc', 'abc'],
    ['padding', 'Bearer YWJj==', 'YWJj=='],
    ['no header', undefined, undefined],
    ['an empty header', '', undefined],
    ['another scheme', 'Basic abc', undefined],
    ['no token', 'Bearer ', undefined],
    ['two tokens', 'Bearer abc def', undefined],
    ['characters that no token has', 'Bearer a,b', undefined],
    ['a token longer than any', `Bearer ${'a'.repeat(513)}`, undefined],
  ] as const) {
    test(`reads ${why}`, () => assert.equal(bearerToken(header), token))
  }
})
