import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createMemoryGauge } from './memory-gauge.ts'

describe('a memory gauge', () => {
  test('is full from its limit on, until enough is given back', () => {
    const gauge = createMemoryGauge(100)
    gauge.take(99)
    assert.equal(gauge.isFull, false)
    gauge.take(1)
    assert.equal(gauge.isFull, true)
    gauge.give(1)
    assert.equal(gauge.isFull, false)
  })

  test('calls back once everyone who waits, as soon as it is no longer full', () => {
    const gauge = createMemoryGauge(100)
    const calls: string[] = []
    gauge.take(150)
    gauge.whenFree(() => calls.push('one'))
    gauge.whenFree(() => calls.push('other'))
    gauge.give(50)
    assert.deepEqual(calls, [])
    gauge.give(1)
    gauge.give(1)
    assert.deepEqual(calls, ['one', 'other'])
  })

  test('lets one who is called back wait again', () => {
    const gauge = createMemoryGauge(1)
    let callCount = 0
    const wait = (): void => {
      callCount++
      gauge.whenFree(wait)
    }
    gauge.take(1)
    gauge.whenFree(wait)
    gauge.give(1)
    assert.equal(callCount, 1)
  })

  test('refuses unfinished frames to grow beyond the limit, and never to shrink', () => {
    const gauge = createMemoryGauge(100)
    assert.equal(gauge.growPartial(60), true)
    assert.equal(gauge.growPartial(60), false)
    assert.equal(gauge.growPartial(-10), true)
    assert.equal(gauge.growPartial(-60), true)
    assert.equal(gauge.growPartial(50), true)
  })
})
