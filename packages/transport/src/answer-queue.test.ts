import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { createAnswerQueue, type Slot } from './answer-queue.ts'

const bytes = (text: string): Uint8Array => Buffer.from(text)

describe('an answer queue', () => {
  test('starts messages in order and gives their answers in order, whatever settles first', () => {
    const steps = fc.array(fc.constantFrom('add', 'refuse', 'start', 'settle', 'take'), {
      maxLength: 200,
    })
    fc.assert(
      fc.property(steps, fc.nat(), (plan, seed) => {
        const queue = createAnswerQueue()
        const started: Slot[] = []
        const order: string[] = []
        const starts: string[] = []
        const takes: string[] = []
        let next = 0
        const run = (step: string): void => {
          if (step === 'add') {
            order.push(`m${next}`)
            queue.addMessage(bytes(`m${next++}`))
          } else if (step === 'refuse') {
            order.push(`r${next}`)
            queue.addAnswer(bytes(`r${next++}`))
          } else if (step === 'start') {
            const slot = queue.startNext()
            if (slot === undefined) return
            starts.push(Buffer.from(slot.bytes!).toString())
            started.push(slot)
          } else if (step === 'settle' && started.length > 0) {
            const [slot] = started.splice((seed + next) % started.length, 1)
            queue.settle(slot!, slot!.bytes, true)
          } else if (step === 'take') {
            const slot = queue.takeSettled()
            if (slot !== undefined) takes.push(Buffer.from(slot.answer!).toString())
          }
        }
        for (const step of plan) run(step)
        assert.equal(queue.acceptingCount, started.length)
        for (const _ of order) for (const step of ['start', 'settle', 'take']) run(step)
        while (started.length > 0) run('settle')
        for (const _ of order) run('take')
        assert.deepEqual(
          starts,
          order.filter((name) => name.startsWith('m')),
        )
        assert.deepEqual(takes, order)
        assert.equal(queue.isEmpty, true)
        assert.equal(queue.hasWaiting, false)
      }),
    )
  })

  test('drops only what was not started, and says how much that was', () => {
    const queue = createAnswerQueue()
    for (const text of ['a', 'bb', 'cccc']) queue.addMessage(bytes(text))
    const first = queue.startNext()!
    assert.equal(queue.dropWaiting(), 6)
    assert.equal(queue.startNext(), undefined)
    queue.settle(first, bytes('answer'), true)
    assert.equal(queue.takeSettled()?.state, 'answered')
    assert.equal(queue.takeSettled()?.state, 'unanswered')
    assert.equal(queue.dropWaiting(), 0)
  })
})
