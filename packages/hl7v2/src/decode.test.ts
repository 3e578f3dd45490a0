import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { decode, decodeFormatted, find, get, parseMessage } from './index.ts'

const message = (value: string, encoding = '^~\\&') =>
  parseMessage(`MSH|${encoding}|PAS\rNTE|1||${value}|next\r`)

const text = (value: string, encoding?: string): string | undefined =>
  get(message(value, encoding), 'NTE-3')

const formatted = (value: string): string => {
  const parsed = message(value)
  return decodeFormatted(parsed, find(parsed, 'NTE-3')!)
}

describe('decode', () => {
  for (const [value, expected] of [
    ['plain', 'plain'],
    ['', ''],
    ['""', '""'],
    // The delimiters.
    ['a\\F\\b', 'a|b'],
    ['x10\\S\\9/L', 'x10^9/L'],
    ['a\\T\\b', 'a&b'],
    ['a\\R\\b', 'a~b'],
    ['a\\E\\b', 'a\\b'],
    ['\\F\\\\S\\\\T\\\\R\\\\E\\', '|^&~\\'],
    // Decoded exactly once.
    ['\\E\\T\\E\\', '\\T\\'],
    ['\\E\\E\\E\\', '\\E\\'],
    ['\\E\\.br\\E\\', '\\.br\\'],
    ['end\\E\\', 'end\\'],
    ['\\E\\', '\\'],
    // Backslashes that open nothing.
    ['\\', '\\'],
    ['\\\\', '\\\\'],
    ['\\\\\\', '\\\\\\'],
    ['4\\5 re.', '4\\5 re.'],
    ['4\\5 re. and \\T\\ more', '4\\5 re. and & more'],
    ['C:\\data\\file', 'C:\\data\\file'],
    ['a\\', 'a\\'],
    ['\\T', '\\T'],
    ['a\\T\\\\', 'a&\\'],
    ['\\\\T\\', '\\&'],
    // Sequences that are none.
    ['\\Q\\', '\\Q\\'],
    ['\\t\\', '\\t\\'],
    ['\\TT\\', '\\TT\\'],
    ['\\Q\\S\\', '\\Q^'],
    // Hexadecimal.
    ['a\\X0D\\b', 'a\rb'],
    ['a\\X0d\\b', 'a\rb'],
    ['a\\X000d\\b', 'a\rb'],
    ['a\\X0D0A\\b', 'a\r\nb'],
    ['a\\X000D000A\\b', 'a\r\nb'],
    ['a\\X0D\\\\X0A\\b', 'a\r\nb'],
    ['a\\X000D\\\\X0A\\b', 'a\r\nb'],
    ['\\XC3B8\\', 'ø'],
    ['\\XC3\\\\XB8\\', 'ø'],
    ['\\XF8\\', 'ø'],
    ['\\XE282AC\\', '€'],
    ['\\X00E9\\', 'é'],
    ['\\X00\\', '\0'],
    ['\\X414243\\', 'ABC'],
    ['\\X39\\\\X2f\\\\X4F\\\\X6a\\', '9/Oj'],
    ['\\X5C545C\\', '\\T\\'],
    ['\\X\\', '\\X\\'],
    ['\\X0\\', '\\X0\\'],
    ['\\X0G\\', '\\X0G\\'],
    ['\\X0D 0A\\', '\\X0D 0A\\'],
    ['\\X41\\\\X4\\', 'A\\X4\\'],
    ['\\X41\\X42\\', 'AX42\\'],
    // Other character sets and local sequences.
    ['\\C2842\\', '\\C2842\\'],
    ['\\M2442\\', '\\M2442\\'],
    ['\\M244242\\', '\\M244242\\'],
    ['\\Z1\\T\\', '\\Z1\\T\\'],
    ['\\Zabc\\\\T\\', '\\Zabc\\&'],
    ['\\Z\\', '\\Z\\'],
    ['\\C28\\T\\', '\\C28&'],
    // Looks, not words.
    ['\\H\\high\\N\\ normal', 'high normal'],
    // Formatting belongs to formatted text only.
    ['a\\.br\\b', 'a\\.br\\b'],
    ['a\\.sp3\\b\\T\\', 'a\\.sp3\\b&'],
  ] as const) {
    test(`reads ${JSON.stringify(value)}`, () => assert.equal(text(value), expected))
  }

  for (const [value, encoding, expected] of [
    ['a!T!b!S!c', '*+!%', 'a%b*c'],
    ['a\\T\\b', '*+!%', 'a\\T\\b'],
    ['a\\T\\b\\S\\c', '^~\\', 'a\\T\\b^c'],
    ['a\\S\\b', '^~', 'a\\S\\b'],
    ['a\\P\\b', '^~\\&#', 'a#b'],
    ['a\\P\\b', '^~\\&', 'a\\P\\b'],
    ['a\\P\\b', '^~\\&^', 'a\\P\\b'],
    // A short MSH-2 in front of a field that starts with the usual truncation character.
    ['a\\P\\b', '^~\\|#', 'a\\P\\b'],
  ] as const) {
    test(`reads ${value} where MSH-2 is ${encoding}`, () =>
      assert.equal(text(value, encoding), expected))
  }

  test('leaves MSH-2 as it is, even where it looks like an escape', () => {
    const odd = parseMessage('MSH|^~\\E\\|PAS\r')
    assert.equal(get(odd, 'MSH-2'), '^~\\E\\')
  })

  test('never reads past its region', () => {
    const parsed = message('a\\T', '^~\\&')
    assert.equal(get(parsed, 'NTE-3'), 'a\\T')
    assert.equal(decode(parsed, { start: 0, end: 3 }), 'MSH')
  })

  // Quadratic work on these would take minutes; the time limit of the run is the check.
  for (const value of ['\\', '\\X', '\\X41\\', '\\E', '\\.sp', 'a\\Z', '\\X4\\']) {
    test(`takes linear time for many ${JSON.stringify(value)}`, () => {
      const parsed = message(value.repeat(400_000 / value.length))
      assert.ok(decode(parsed, find(parsed, 'NTE-3')!).length > 0)
    })
  }

  test('changes nothing where there is no escape character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (value) => {
        const plain = value.replaceAll(/[\r\n|~\\]/g, '')
        assert.equal(text(plain), plain)
      }),
    )
  })
})

describe('decodeFormatted', () => {
  for (const [value, expected] of [
    ['plain', 'plain'],
    ['a\\.br\\b', 'a\nb'],
    ['a\\.BR\\b', 'a\nb'],
    ['a\\.sp\\b', 'a\nb'],
    ['a\\.sp3\\b', 'a\n\n\nb'],
    ['a\\.sp+2\\b', 'a\n\nb'],
    ['a\\.sk3\\b', 'a   b'],
    ['a\\.sk\\b', 'a b'],
    ['\\.in+4\\a\\.in-4\\b', 'ab'],
    ['\\.in\\a', 'a'],
    ['\\.ti8\\a', 'a'],
    ['\\.fi\\a\\.nf\\b', 'ab'],
    ['a\\.ce\\b', 'a\nb'],
    ['\\H\\a\\N\\ b\\T\\c', 'a b&c'],
    ['a\\X0D0A\\b', 'a\r\nb'],
    // Not commands.
    ['a\\.br3\\b', 'a\\.br3\\b'],
    ['a\\.fi2\\b', 'a\\.fi2\\b'],
    ['a\\.xx\\b', 'a\\.xx\\b'],
    ['a\\.sp-3\\b', 'a\\.sp-3\\b'],
    ['a\\.sk-3\\b', 'a\\.sk-3\\b'],
    ['a\\.in+\\b', 'a\\.in+\\b'],
    ['a\\.sp999999999\\b', 'a\\.sp999999999\\b'],
    ['a\\.br b', 'a\\.br b'],
    ['\\E\\.br\\E\\', '\\.br\\'],
  ] as const) {
    test(`reads ${JSON.stringify(value)}`, () => assert.equal(formatted(value), expected))
  }
})
