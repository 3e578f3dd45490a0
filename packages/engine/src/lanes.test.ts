import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { createLanes, type Lanes, type RunEnd } from './lanes.ts'

/** A task whose end the test decides. */
function task(lanes: Lanes, seq: number, keys: readonly string[], started: number[]) {
  let end: (how: RunEnd) => void = () => undefined
  const ended = lanes.enter({
    id: `task ${seq}`,
    seq,
    keys,
    run: () => {
      started.push(seq)
      return new Promise<RunEnd>((resolve) => {
        end = resolve
      })
    },
  })
  return { ended, end: (how: RunEnd) => end(how) }
}

const soon = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe('createLanes', () => {
  test('runs tasks of different lanes at once and of one lane in turn', async () => {
    const lanes = createLanes()
    const started: number[] = []
    const first = task(lanes, 1, ['a'], started)
    task(lanes, 2, ['a'], started)
    task(lanes, 3, ['b'], started)
    await soon()
    assert.deepEqual(started, [1, 3])
    first.end('free')
    await soon()
    assert.deepEqual(started, [1, 3, 2])
  })

  test('makes a task with two keys wait for both lanes, and both lanes wait for it', async () => {
    const lanes = createLanes()
    const started: number[] = []
    const a = task(lanes, 1, ['a'], started)
    const b = task(lanes, 2, ['b'], started)
    const merge = task(lanes, 3, ['a', 'b'], started)
    task(lanes, 4, ['b'], started)
    a.end('free')
    await soon()
    assert.deepEqual(started, [1, 2])
    b.end('free')
    await soon()
    assert.deepEqual(started, [1, 2, 3])
    merge.end('free')
    await soon()
    assert.deepEqual(started, [1, 2, 3, 4])
  })

  test('turns later tasks away from a held lane, and from the lanes of those turned away', async () => {
    const lanes = createLanes()
    const started: number[] = []
    const held = task(lanes, 1, ['a'], started)
    const merge = task(lanes, 2, ['a', 'b'], started)
    const other = task(lanes, 3, ['b'], started)
    const free = task(lanes, 4, ['c'], started)
    held.end('held')
    assert.equal(await held.ended, 'held')
    assert.equal(await merge.ended, 'turned-away')
    assert.equal(await other.ended, 'turned-away')
    assert.deepEqual(started, [1, 4])
    free.end('free')
    assert.equal(await free.ended, 'free')
  })

  test('keeps order when what was turned away enters again after a release', async () => {
    const lanes = createLanes()
    const started: number[] = []
    lanes.hold({ id: 'task 1', seq: 1, keys: ['a'] })
    const turned = task(lanes, 2, ['a', 'b'], started)
    assert.equal(await turned.ended, 'turned-away')
    lanes.release('task 1')
    // A newer task of the other lane must not overtake the one that has not come back yet.
    const newer = task(lanes, 3, ['b'], started)
    assert.equal(await newer.ended, 'turned-away')
    const first = task(lanes, 1, ['a'], started)
    const second = task(lanes, 2, ['a', 'b'], started)
    const third = task(lanes, 3, ['b'], started)
    await soon()
    first.end('free')
    await soon()
    second.end('free')
    await soon()
    third.end('free')
    assert.equal(await third.ended, 'free')
    assert.deepEqual(started, [1, 2, 3])
  })

  test('tells a task that waited through a release to enter again', async () => {
    const lanes = createLanes()
    const started: number[] = []
    lanes.hold({ id: 'task 1', seq: 1, keys: ['a'] })
    const busy = task(lanes, 2, ['c'], started)
    const turned = task(lanes, 3, ['a', 'b'], started)
    await turned.ended
    const waiting = task(lanes, 4, ['b', 'c'], started)
    lanes.release('task 1')
    busy.end('free')
    assert.equal(await waiting.ended, 'again')
    assert.deepEqual(started, [2])
  })

  test('runs all tasks of each lane in order, whatever lanes they share', async () => {
    const keys = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 3 })
    await fc.assert(
      fc.asyncProperty(fc.array(keys, { maxLength: 40 }), async (tasks) => {
        const lanes = createLanes()
        const order: number[] = []
        await Promise.all(
          tasks.map((taskKeys, seq) =>
            lanes.enter({
              id: String(seq),
              seq,
              keys: taskKeys,
              run: async () => {
                // Ends out of step, so that a missing wait would show.
                for (let turn = 0; turn < (seq * 7) % 5; turn += 1) await soon()
                order.push(seq)
                return 'free'
              },
            }),
          ),
        )
        for (const key of ['a', 'b', 'c', 'd'] as const) {
          const ofLane = order.filter((seq) => tasks[seq]!.includes(key))
          assert.deepEqual(
            ofLane,
            ofLane.toSorted((x, y) => x - y),
          )
        }
        assert.equal(order.length, tasks.length)
      }),
      { numRuns: 40 },
    )
  })
})
