import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { virtualClock } from '@almoner/core'
import type { CommandName } from './commands/all.ts'
import { BURST_MS, CAUGHT_UP_MS, createWriteQueue, type WriteQueue } from './write-queue.ts'

const unit = (name: CommandName) => ({
  work: { name, args: undefined },
  resolve: () => undefined,
  reject: () => undefined,
})

const IDLE = { isIdle: true, isClosing: false }

const push = (queue: WriteQueue, name: CommandName, count = 1): void => {
  for (let i = 0; i < count; i += 1) queue.push(unit(name))
}

const names = (group: ReturnType<WriteQueue['next']>): string =>
  group.map((one) => one.work.name.slice(0, 6)).join(' ')

describe('the write queue', () => {
  test('gives patient units at once when nothing urgent has come', () => {
    const queue = createWriteQueue(virtualClock(0))
    push(queue, 'commitMessage', 2)
    assert.equal(names(queue.next(IDLE)), 'commit commit')
    assert.equal(queue.isEmpty(), true)
  })

  test('lets patient units wait while senders push, but not for ever', () => {
    const clock = virtualClock(0)
    const queue = createWriteQueue(clock)
    push(queue, 'acceptMessage')
    push(queue, 'commitMessage', 30)
    queue.next(IDLE)
    let committed = 0
    for (let round = 0; round < 60; round += 1) {
      push(queue, 'acceptMessage')
      const group = queue.next(IDLE)
      queue.answered(group)
      assert.equal(group[0]?.work.name, 'acceptMessage')
      committed += group.length - 1
      clock.advance(1)
    }
    // Twice in 60 ms: after 20 ms and after 40 ms, six each time.
    assert.equal(committed, 12)
  })

  test('waits a moment after an answer, because the sender will send again', () => {
    const clock = virtualClock(0)
    const queue = createWriteQueue(clock)
    push(queue, 'acceptMessage')
    push(queue, 'commitMessage', 50)
    const group = queue.next(IDLE)
    clock.advance(10)
    queue.answered(group)
    clock.advance(2)
    assert.equal(queue.next(IDLE).length, 0)
    clock.advance(1)
    assert.equal(queue.next({ ...IDLE, isIdle: false }).length, 0)
    assert.equal(names(queue.next(IDLE)).startsWith('commit'), true)
  })

  test('takes turns once senders have pushed for too long, until the rest has caught up', () => {
    const clock = virtualClock(0)
    const queue = createWriteQueue(clock)
    /** How many patient units go in a time in which a sender sends every two milliseconds. */
    const committedIn = (ms: number, perRound: number): number => {
      let committed = 0
      for (let atMs = 0; atMs < ms; atMs += 2) {
        push(queue, 'acceptMessage')
        push(queue, 'commitMessage', perRound)
        const group = queue.next(IDLE)
        queue.answered(group)
        committed += group.filter((one) => one.work.name === 'commitMessage').length
        clock.advance(2)
      }
      return committed
    }
    const pushed = BURST_MS / 2
    assert.ok(committedIn(BURST_MS, 1) < pushed)
    // Now they go as they come, and what was left behind goes with them.
    assert.equal(committedIn(4_000, 1) > pushed, true)
    assert.equal(committedIn(100, 1), 50)
    // Without any for a while, the next burst may push them aside again.
    committedIn(CAUGHT_UP_MS, 0)
    assert.ok(committedIn(1_000, 1) < 500)
  })

  test('lets deliveries share a group with the commits that make new ones', () => {
    const queue = createWriteQueue(virtualClock(0))
    push(queue, 'commitMessage', 100)
    push(queue, 'turnDelivery', 3)
    const mixed = queue.next(IDLE).map((one) => one.work.name)
    assert.equal(mixed.filter((name) => name === 'turnDelivery').length, 3)
    assert.ok(mixed.filter((name) => name === 'commitMessage').length > 3)
    push(queue, 'turnDelivery', 100)
    const half = queue.next(IDLE).map((one) => one.work.name)
    const turns = half.filter((name) => name === 'turnDelivery').length
    assert.equal(turns, half.length / 2)
  })

  test('hurries when it is told to, and drains whole', () => {
    const queue = createWriteQueue(virtualClock(0))
    push(queue, 'acceptMessage')
    push(queue, 'turnDelivery', 3)
    assert.equal(
      names(queue.next({ isIdle: false, isClosing: true })),
      'accept turnDe turnDe turnDe',
    )
    push(queue, 'acceptMessage', 2)
    push(queue, 'sweep')
    assert.equal(queue.drain().length, 3)
    assert.equal(queue.isEmpty(), true)
  })
})
