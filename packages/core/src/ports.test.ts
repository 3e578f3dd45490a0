import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { pause, systemClock, systemPorts, systemRandom, uuidV7 } from './ports.ts'
import { seededRandom, virtualClock } from './seeded.ts'

describe('uuidV7', () => {
  test('writes version 7, the variant of RFC 9562 and the time', () => {
    const id = uuidV7(virtualClock(0x0123456789ab), seededRandom(1)).next()
    assert.match(id, /^01234567-89ab-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  })

  test('sorts in the order of making, whatever the clock does', () => {
    fc.assert(
      fc.property(fc.integer(), fc.array(fc.integer({ min: -5, max: 5 })), (seed, steps) => {
        let nowMs = 1_000_000
        const clock = { ...virtualClock(0), nowMs: () => nowMs }
        const ids = uuidV7(clock, seededRandom(seed))
        const made = [0, ...steps].flatMap((step) => {
          nowMs += step
          return [ids.next(), ids.next()]
        })
        assert.deepEqual(made.toSorted(), made)
        assert.equal(new Set(made).size, made.length)
      }),
    )
  })

  test('sorts and never repeats when one millisecond makes more ids than it can count', () => {
    const ids = uuidV7(virtualClock(1_000), seededRandom(7))
    const made = Array.from({ length: 10_000 }, () => ids.next())
    assert.deepEqual(made.toSorted(), made)
    assert.equal(new Set(made).size, made.length)
  })

  test('differs between two makers that share a clock', () => {
    const clock = virtualClock(1_000)
    assert.notEqual(uuidV7(clock, seededRandom(1)).next(), uuidV7(clock, seededRandom(2)).next())
  })
})

describe('the system ports', () => {
  test('make ids of the present', () => {
    const before = Date.now()
    const madeMs = Number.parseInt(systemPorts.ids.next().replaceAll('-', '').slice(0, 12), 16)
    assert.ok(madeMs >= before)
    assert.ok(madeMs <= Date.now())
  })

  test('give as many random bytes as asked, and a unit below one', () => {
    assert.equal(systemRandom.bytes(33).length, 33)
    assert.notDeepEqual(systemRandom.bytes(16), systemRandom.bytes(16))
    const draws = Array.from({ length: 5_000 }, () => systemRandom.bytes(12))
    // Each is its own and none comes twice, however many are taken from one refill.
    assert.equal(new Set(draws.map((draw) => Buffer.from(draw).toString('hex'))).size, draws.length)
    assert.ok(draws.every((draw) => draw.length === 12 && draw.buffer.byteLength === 12))
    assert.equal(systemRandom.bytes(5_000).length, 5_000)
    const unit = systemRandom.unit()
    assert.ok(unit >= 0 && unit < 1)
  })

  test('have a monotonic time that does not go back', () => {
    const first = systemClock.monotonicMs()
    assert.ok(systemClock.monotonicMs() >= first)
  })

  test('call back once, and not at all when cancelled', (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] })
    const called: string[] = []
    systemClock.after(10, () => called.push('kept'))
    const cancel = systemClock.after(10, () => called.push('cancelled'))
    cancel()
    t.mock.timers.tick(9)
    assert.deepEqual(called, [])
    t.mock.timers.tick(100)
    assert.deepEqual(called, ['kept'])
  })

  // Node alone would fire this timer after one millisecond.
  test('wait as long as asked even when the delay does not fit in 31 bits', (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] })
    let isCalled = false
    systemClock.after(2 ** 31 + 5, () => {
      isCalled = true
    })
    // In two steps: a mocked timer that is armed within a step counts from the end of the step.
    t.mock.timers.tick(2 ** 31 - 1)
    t.mock.timers.tick(5)
    assert.equal(isCalled, false)
    t.mock.timers.tick(1)
    assert.equal(isCalled, true)
  })

  test('cancel a long wait in its second turn', (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] })
    let isCalled = false
    const cancel = systemClock.after(2 ** 31 + 5, () => {
      isCalled = true
    })
    t.mock.timers.tick(2 ** 31 - 1)
    cancel()
    t.mock.timers.tick(2 ** 31)
    assert.equal(isCalled, false)
  })
})

describe('pause', () => {
  /** 'waiting' until the promise has resolved. */
  async function stateOf(waiting: Promise<void>): Promise<string> {
    return await Promise.race([waiting.then(() => 'over'), Promise.resolve('waiting')])
  }

  test('ends after its delay and not before', async () => {
    const clock = virtualClock(0)
    const waiting = pause(clock, 100)
    clock.advance(99)
    await Promise.resolve()
    assert.equal(await stateOf(waiting), 'waiting')
    clock.advance(1)
    await waiting
  })

  test('ends at once for a signal that was aborted before', async () => {
    await pause(virtualClock(0), 100, AbortSignal.abort())
  })

  test('ends when the signal aborts, and leaves no timer behind', async () => {
    const stop = new AbortController()
    let cancelled = 0
    const clock = {
      ...virtualClock(0),
      after: () => () => {
        cancelled += 1
      },
    }
    const waiting = pause(clock, 100, stop.signal)
    stop.abort()
    await waiting
    assert.equal(cancelled, 1)
  })
})
