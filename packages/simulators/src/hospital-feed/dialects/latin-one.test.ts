import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { FAMILY_NAMES, FEMALE_NAMES, MALE_NAMES } from '../cast/names.ts'
import { latinOne } from './latin-one.ts'

describe('latinOne', () => {
  for (const [given, expected] of [
    ['Renée', 'Renée'],
    ['Rene\u0301e', 'Renée'],
    ['Brynŵen', 'Brynwen'],
    ['Llŷrion', 'Llyrion'],
    ['Wisłocki', 'Wislocki'],
    ['Łukasz', 'Lukasz'],
    ['Zieliński', 'Zielinski'],
    ['£5 °C µmol', '£5 °C µmol'],
    ['名', '?'],
    ['😀', '?'],
  ] as const) {
    test(`writes ${given} as ${expected}`, () => assert.equal(latinOne(given), expected))
  }

  test('writes every name of the feed without a question mark, in capitals too', () => {
    for (const name of [...FAMILY_NAMES, ...MALE_NAMES, ...FEMALE_NAMES]) {
      assert.match(latinOne(name).toUpperCase(), /^[\u0020-\u003e\u0040-\u00ff]+$/)
    }
  })
})
