import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { keepArrivals } from './arrivals.ts'

const arrival = (controlId: string) => ({
  connection: 0,
  controlId,
  bytes: new Uint8Array(),
  atMs: 0,
})

describe('keepArrivals', () => {
  test('marks each repeat with the index of the first', () => {
    const { add, list } = keepArrivals(10)
    for (const id of ['a', 'b', 'a', 'a']) add(arrival(id))
    assert.deepEqual(
      list.map((one) => one.repeatOf),
      [undefined, undefined, 0, 0],
    )
  })

  test('forgets the older half beyond its bound, and counts on', () => {
    const { add, list, count } = keepArrivals(4)
    for (const id of ['a', 'b', 'c', 'd', 'e']) add(arrival(id))
    assert.deepEqual(
      list.map((one) => one.index),
      [2, 3, 4],
    )
    assert.equal(count(), 5)
    add(arrival('a'))
    add(arrival('c'))
    assert.deepEqual(
      list.slice(-2).map((one) => one.repeatOf),
      [undefined, 2],
    )
  })
})
