import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { parseToken, splitUnescaped, unescapeValue } from './token-parameter.ts'

describe('parseToken', () => {
  for (const [text, token] of [
    ['9000000009', { system: undefined, value: '9000000009' }],
    ['urn:x|9', { system: 'urn:x', value: '9' }],
    ['|9', { system: '', value: '9' }],
    ['a\\|b', { system: undefined, value: 'a|b' }],
    ['urn:x|a\\,b\\\\c\\$d', { system: 'urn:x', value: 'a,b\\c$d' }],
    ['urn:x|', undefined],
    ['', undefined],
    ['|', undefined],
    ['a|b|c', undefined],
  ] as const) {
    test(`reads ${JSON.stringify(text)}`, () => assert.deepEqual(parseToken(text), token))
  }

  test('reads back any system and value that were escaped', () => {
    const escaped = (text: string): string => text.replace(/[\\,|$]/g, '\\$&')
    fc.assert(
      fc.property(fc.string(), fc.string({ minLength: 1 }), (system, value) => {
        const text = `${escaped(system)}|${escaped(value)}`
        assert.deepEqual(parseToken(text), { system, value })
        assert.deepEqual(splitUnescaped(`${text},x`, ',').map(unescapeValue)[1], 'x')
      }),
    )
  })
})
