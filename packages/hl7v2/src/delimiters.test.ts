import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { get, parseMessage } from './index.ts'

const delimiters = (text: string): string => Object.values(parseMessage(text).delimiters).join(' ')

describe('delimiters', () => {
  for (const [why, text, expected, isOdd] of [
    ['the usual ones', 'MSH|^~\\&|A\r', '| ^ ~ \\ &', false],
    ['the truncation character of v2.7', 'MSH|^~\\&#|A\r', '| ^ ~ \\ &', false],
    ['only a header', 'MSH|^~\\&', '| ^ ~ \\ &', false],
    ['another field separator', 'MSH$^~\\&$A\r', '$ ^ ~ \\ &', true],
    ['others altogether', 'MSH#*+!%#A\r', '# * + ! %', true],
    ['an order that differs from the usual', 'MSH|^&~\\|A\r', '| ^ & ~ \\', true],
    ['two encoding characters', 'MSH|^~|A\r', '| ^ ~  ', true],
    ['three encoding characters', 'MSH|^~\\|A\r', '| ^ ~ \\ ', true],
    ['none', 'MSH||A\r', '|    ', true],
    ['a header cut short', 'MSH|\r', '|    ', true],
    ['too many', 'MSH|^~\\&#!|A\r', '| ^ ~ \\ &', true],
    ['another truncation character', 'MSH|^~\\&!|A\r', '| ^ ~ \\ &', true],
    ['one that is used twice', 'MSH|^^\\&|A\r', '| ^  \\ &', true],
    ['words where the characters should be', 'MSH|PAS|RXX01\r', '|    ', true],
    ['a blank among them', 'MSH|^ \\&|A\r', '| ^  \\ &', true],
    ['half of a surrogate pair', 'MSH|^\u{1f600}&|A\r', '| ^   &', true],
    ['letters beyond ASCII', 'MSH§^¦\\&§A\r', '§ ^ ¦ \\ &', true],
  ] as const) {
    test(`are read as declared: ${why}`, () => {
      assert.equal(delimiters(text), expected)
      const codes = parseMessage(text).leniencies.map(({ code }) => code)
      assert.equal(codes.includes('HL7_ODD_DELIMITERS'), isOdd)
    })
  }

  test('split every segment as declared', () => {
    const message = parseMessage('MSH#*+!%#A\rPID#1##a*b%c+d#x^y~z\r')
    assert.equal(get(message, 'PID-3.2.2'), 'c')
    assert.equal(get(message, 'PID-3[2]'), 'd')
    assert.equal(get(message, 'PID-4'), 'x^y~z')
  })

  test('that are missing never match', () => {
    const message = parseMessage('MSH|^|A\rPID|1||a^b~c\\T\\d&e\r')
    assert.equal(get(message, 'PID-3.2'), 'b~c\\T\\d&e')
    assert.equal(get(message, 'PID-3[2]'), undefined)
    assert.equal(get(message, 'PID-3.2.2'), undefined)
  })
})
