import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { inspect } from 'node:util'
import { reveal, seededRandom, virtualClock } from '@almoner/core'
import { createPatientSearches, typedIdentifier } from './patient-searches.ts'

function start() {
  const clock = virtualClock(0)
  return { clock, searches: createPatientSearches({ clock, random: seededRandom(1) }) }
}

describe('patient searches', () => {
  test('keep an identifier under an id that tells nothing, for its session only', () => {
    const { searches } = start()
    const id = searches.keep('9000000009', 'session-1')
    assert.doesNotMatch(id, /9000000009/)
    const found = searches.find(id, 'session-1')
    assert.ok(found !== undefined)
    assert.equal(reveal(found), '9000000009')
    assert.doesNotMatch(inspect(found), /9000000009/)
    assert.equal(searches.find(id, 'session-2'), undefined)
    assert.equal(searches.find('other', 'session-1'), undefined)
  })

  test('end after half an hour', () => {
    const { clock, searches } = start()
    const id = searches.keep('9000000009', 's')
    clock.advance(30 * 60_000 - 1)
    assert.notEqual(searches.find(id, 's'), undefined)
    clock.advance(1)
    assert.equal(searches.find(id, 's'), undefined)
  })

  test('forget the oldest beyond their limit', () => {
    const { searches } = start()
    const first = searches.keep('1', 's')
    const second = searches.keep('2', 's')
    for (let count = 0; count < 999; count++) searches.keep('3', 's')
    assert.equal(searches.find(first, 's'), undefined)
    assert.notEqual(searches.find(second, 's'), undefined)
  })
})

describe('typedIdentifier', () => {
  for (const [typed, identifier] of [
    [' 900 000 0009 ', '9000000009'],
    ['900-000-0009', '9000000009'],
    ['R4471902', 'R4471902'],
    ['AB 12 34', 'AB 12 34'],
    ['', ''],
  ] as const) {
    test(`reads ${JSON.stringify(typed)}`, () => {
      assert.equal(typedIdentifier(typed), identifier)
    })
  }
})
