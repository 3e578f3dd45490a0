import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { virtualClock } from '@almoner/core'
import type { CommandName } from './commands/all.ts'
import { createWriteQueue, type WriteQueue } from './write-queue.ts'

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
    // Twice in 60 ms: after 25 ms and after 50 ms, six each time.
    assert.equal(committed, 12)
  })

  test('waits a moment after an answer, because the sender will send again', () => {
    const clock = virtualClock(0)
    const queue = createWriteQueue(clock)
    push(queue, 'commitMessage', 20)
    queue.next(IDLE)
    push(queue, 'acceptMessage')
    const group = queue.next(IDLE)
    clock.advance(10)
    queue.answered(group)
    clock.advance(2)
    assert.equal(queue.next(IDLE).length, 0)
    clock.advance(1)
    assert.equal(queue.next({ ...IDLE, isIdle: false }).length, 0)
    assert.equal(names(queue.next(IDLE)).startsWith('commit'), true)
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
