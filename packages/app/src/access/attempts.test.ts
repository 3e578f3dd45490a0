import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { virtualClock } from '@almoner/core'
import { createAttempts } from './attempts.ts'

const limits = { countMax: 3, windowMs: 60_000, keysMax: 2 }

describe('createAttempts', () => {
  test('refuses a key that used up its window, and no other', () => {
    const attempts = createAttempts(virtualClock(0), limits)
    assert.deepEqual(['a', 'a', 'a', 'a'].map(attempts.allow), [true, true, true, false])
    assert.equal(attempts.allow('b'), true)
  })

  test('allows again in the next window', () => {
    const clock = virtualClock(0)
    const attempts = createAttempts(clock, limits)
    for (let count = 0; count < 4; count++) attempts.allow('a')
    clock.advance(59_999)
    assert.equal(attempts.allow('a'), false)
    clock.advance(1)
    assert.equal(attempts.allow('a'), true)
  })

  test('remembers no more keys than its limit: strangers wait, known keys go on', () => {
    const attempts = createAttempts(virtualClock(0), limits)
    assert.deepEqual(['a', 'b', 'c', 'a'].map(attempts.allow), [true, true, false, true])
  })
})
