import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { type Delimiters, escapeText, get, parseMessage } from './index.ts'

const standard = parseMessage('MSH|^~\\&|A\r').delimiters

describe('escapeText', () => {
  for (const [value, expected] of [
    ['', ''],
    ['plain text', 'plain text'],
    ['|^~\\&', '\\F\\\\S\\\\R\\\\E\\\\T\\'],
    ['O&M', 'O\\T\\M'],
    ['\\T\\', '\\E\\T\\E\\'],
    ['one\rPID|2', 'one\\X0D\\PID\\F\\2'],
    ['a\r\nb', 'a\\X0D\\\\X0A\\b'],
    ['\v\x1c\r', '\\X0B\\\\X1C\\\\X0D\\'],
    ['""', '""'],
  ] as const) {
    test(`writes ${JSON.stringify(value)}`, () => {
      assert.equal(escapeText(standard, value), expected)
    })
  }

  test('refuses what it cannot escape, and writes what needs no escape', () => {
    const bare = parseMessage('MSH|^~|A\r').delimiters
    assert.equal(escapeText(bare, 'a\\b&c'), 'a\\b&c')
    for (const value of ['a^b', 'a|b', 'a\rb']) {
      assert.throws(() => escapeText(bare, value), { code: 'HL7_BAD_EDIT' })
    }
  })

  const punctuation = [...'|^~\\&#*+!%$@:;/_=<>§¦']
  const sets: fc.Arbitrary<Delimiters> = fc
    .shuffledSubarray(punctuation, { minLength: 5, maxLength: 5 })
    .map((chosen) => ({
      field: chosen[0]!,
      component: chosen[1]!,
      repetition: chosen[2]!,
      escape: chosen[3]!,
      subcomponent: chosen[4]!,
    }))
  const values = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom(...punctuation, ...'\r\n\v\x1cEFSTRXPHN0D.br"') }),
  )

  test('is undone by decoding, whatever the delimiters and the value', () => {
    fc.assert(
      fc.property(sets, values, (delimiters, value) => {
        const { field, component, repetition, escape: mark, subcomponent } = delimiters
        const header = `MSH${field}${component}${repetition}${mark}${subcomponent}${field}A\r`
        const text = `${header}NTE${field}${escapeText(delimiters, value)}${field}end\r`
        const message = parseMessage(text)
        assert.equal(get(message, 'NTE-1'), value)
        assert.equal(get(message, 'NTE-2'), 'end')
        assert.equal(message.segments.length, 2)
      }),
      { numRuns: 1000 },
    )
  })
})
