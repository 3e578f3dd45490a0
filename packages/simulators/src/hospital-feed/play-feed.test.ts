import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { silentLog, systemPorts } from '@almoner/core'
import type { Receiver } from '../receiver/receiver.ts'
import { startReceiver } from '../receiver/receiver.ts'
import type { FeedMessage } from './feed.ts'
import { createFeed, fixedDay, supplyOf } from './feed.ts'
import type { PlayOptions } from './play-feed.ts'
import { playFeed } from './play-feed.ts'

const ports = systemPorts
const OPTIONS = { seed: 4, startAtMs: Date.UTC(2026, 2, 2), organisation: 'RZZ' } as const
const day = fixedDay(OPTIONS)
const SOURCES = ['pas', 'lab', 'epr'] as const

describe('playFeed', () => {
  let receiver: Receiver
  let base: Omit<PlayOptions, 'feed'>
  let sent: FeedMessage[]
  beforeEach(async () => {
    receiver = await startReceiver({ ports, log: silentLog })
    const target = { host: '127.0.0.1', port: receiver.port }
    sent = []
    base = {
      targets: { pas: target, lab: target, epr: target },
      ratePerSecond: 1_000_000,
      signal: new AbortController().signal,
      ports,
      log: silentLog,
      onSent: (message) => sent.push(message),
      retryMs: 1,
    }
  })
  afterEach(() => receiver.stop())

  const receivedIds = () => receiver.received.map((one) => one.controlId)

  test('sends a whole day in order, on one connection per system, byte for byte', async () => {
    const played = await playFeed({ ...base, feed: supplyOf(day) })
    assert.deepEqual(played, { sent: 400, acknowledged: 400, refused: 0, resent: 0 })
    assert.deepEqual(
      receiver.received.map((one) => Buffer.from(one.bytes)),
      day.map((one) => Buffer.from(one.bytes)),
    )
    assert.deepEqual(sent, day)
    assert.equal(new Set(receiver.received.map((one) => one.connection)).size, SOURCES.length)
    const systems = SOURCES.map(
      (_, connection) => new Set(receiver.orderOn(connection).map(systemOf)),
    )
    for (const system of systems) assert.equal(system.size, 1)
  })

  test('sends again what was refused for now, and nothing else before it is accepted', async () => {
    receiver.setScript(({ index }) => ({ kind: index === 1 || index === 2 ? 'AE' : 'AA' }))
    const played = await playFeed({ ...base, feed: supplyOf(day.slice(0, 4)) })
    assert.deepEqual(played, { sent: 4, acknowledged: 4, refused: 2, resent: 2 })
    const [a, b, c, d] = day.map((one) => one.controlId)
    assert.deepEqual(receivedIds(), [a, b, b, b, c, d])
  })

  for (const kind of ['close', 'reset', 'half-ack', 'wrong-id', 'garbage'] as const) {
    test(`sends again under the same control id after the answer "${kind}"`, async () => {
      receiver.setScript(({ index }) => ({ kind: index === 0 ? kind : 'AA' }))
      const played = await playFeed({ ...base, feed: supplyOf(day.slice(0, 2)) })
      assert.deepEqual(played, { sent: 2, acknowledged: 2, refused: 0, resent: 1 })
      const [a, b] = day.map((one) => one.controlId)
      assert.deepEqual(receivedIds(), [a, a, b])
      assert.equal(receiver.received[1]?.repeatOf, 0)
    })
  }

  test('sends again when no answer comes in time', async () => {
    receiver.setScript(({ index }) => ({ kind: index === 0 ? 'none' : 'AA' }))
    const played = await playFeed({ ...base, feed: supplyOf(day.slice(0, 1)), ackMs: 20 })
    assert.deepEqual(played, { sent: 1, acknowledged: 1, refused: 0, resent: 1 })
  })

  test('stops at a message that is refused for good', async () => {
    receiver.setScript(({ index }) => ({ kind: index === 1 ? 'AR' : 'AA' }))
    const played = await playFeed({ ...base, feed: supplyOf(day.slice(0, 5)) })
    assert.deepEqual(played, { sent: 2, acknowledged: 1, refused: 1, resent: 0 })
    assert.deepEqual(sent, day.slice(0, 1))
  })

  test('waits for a receiver that is not there yet', async () => {
    const { port } = receiver
    await receiver.stop()
    const playing = playFeed({ ...base, feed: supplyOf(day.slice(0, 3)) })
    receiver = await startReceiver({ ports, log: silentLog, port })
    const played = await playing
    assert.equal(played.acknowledged, 3)
    assert.deepEqual(
      [...new Set(receivedIds())],
      day.slice(0, 3).map((one) => one.controlId),
    )
  })

  test('ends with the signal in the middle of an endless feed', async () => {
    const halt = new AbortController()
    const feed = createFeed(OPTIONS)
    const onSent = (message: FeedMessage) => {
      if (message.index === 9) halt.abort()
    }
    const played = await playFeed({ ...base, feed, signal: halt.signal, onSent })
    assert.deepEqual(played, { sent: 10, acknowledged: 10, refused: 0, resent: 0 })
  })

  test('ends with the signal while it waits for an answer, without counting it as accepted', async () => {
    const halt = new AbortController()
    receiver.setScript(() => {
      halt.abort()
      return { kind: 'none' }
    })
    const played = await playFeed({ ...base, feed: supplyOf(day), signal: halt.signal })
    assert.deepEqual(played, { sent: 1, acknowledged: 0, refused: 0, resent: 0 })
    assert.deepEqual(sent, [])
  })

  test('keeps to its rate', async () => {
    const startMs = ports.clock.monotonicMs()
    await playFeed({ ...base, feed: supplyOf(day.slice(0, 6)), ratePerSecond: 50 })
    // Five gaps of 20 ms; timers may fire a millisecond early.
    assert.ok(ports.clock.monotonicMs() - startMs >= 95)
  })

  test('refuses a rate of nothing', async () => {
    await assert.rejects(playFeed({ ...base, feed: supplyOf(day), ratePerSecond: 0 }), {
      code: 'SIM_OPTION_INVALID',
    })
  })
})

const systemOf = (controlId: string): string => controlId.slice(0, 3)
