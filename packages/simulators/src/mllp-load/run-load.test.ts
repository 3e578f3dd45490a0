import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { silentLog, systemPorts } from '@almoner/core'
import { encodeText } from '@almoner/hl7v2'
import type { Receiver } from '../receiver/receiver.ts'
import { startReceiver } from '../receiver/receiver.ts'
import { numberedMessages } from './load-message.ts'
import type { LoadOptions } from './run-load.ts'
import { runLoad } from './run-load.ts'

const ports = systemPorts
const model = encodeText('MSH|^~\\&|PAS|RZZ|TIE|RZZ|20260302||ADT^A01|X|P|2.4\rPID|1\r', 'utf-8')

describe('runLoad', () => {
  let receiver: Receiver
  let base: Omit<LoadOptions, 'messages' | 'seconds'>
  beforeEach(async () => {
    receiver = await startReceiver({ ports, log: silentLog })
    base = {
      host: '127.0.0.1',
      port: receiver.port,
      connections: 4,
      outstanding: 1,
      makeMessage: numberedMessages(model, 'L'),
      ports,
    }
  })
  afterEach(() => receiver.stop())

  test('sends every message once over its connections and tells of every acknowledgement', async () => {
    const acked: string[] = []
    const result = await runLoad({ ...base, messages: 200, onAck: (id) => acked.push(id) })
    assert.deepEqual([result.sent, result.acked, result.refused, result.resent], [200, 200, 0, 0])
    const wanted = Array.from({ length: 200 }, (_, i) => `L${i}`).sort()
    assert.deepEqual(acked.toSorted(), wanted)
    assert.deepEqual(receiver.received.map((one) => one.controlId).sort(), wanted)
    assert.equal(new Set(receiver.received.map((one) => one.connection)).size, 4)
    const { p50, p95, p99 } = result.latencyMs
    assert.ok(p50 > 0 && p50 <= p95 && p95 <= p99)
    assert.ok(result.perSecond > 0)
  })

  test('has one message under way per connection', async () => {
    receiver.setScript(({ index }) => (index < 4 ? { kind: 'none' } : { kind: 'AA' }))
    const halt = new AbortController()
    const running = runLoad({ ...base, messages: 50, signal: halt.signal })
    while (receiver.receivedCount() < 4) await new Promise((resolve) => setImmediate(resolve))
    halt.abort()
    const { sent, acked } = await running
    assert.deepEqual([sent, acked, receiver.receivedCount()], [4, 0, 4])
  })

  test('stops after the seconds it was given', async () => {
    const { sent, acked, elapsedMs } = await runLoad({ ...base, seconds: 0.2 })
    assert.ok(sent > 0 && acked === sent)
    assert.ok(elapsedMs >= 200)
  })

  test('counts refusals and goes on', async () => {
    receiver.setScript(({ index }) => ({ kind: index % 2 === 0 ? 'AE' : 'AA' }))
    const { acked, refused } = await runLoad({ ...base, messages: 20 })
    assert.deepEqual([acked, refused], [10, 10])
  })

  test('takes a commit acknowledgement for one and ignores the answer after it', async () => {
    receiver.setScript(() => ({ kind: 'CA-AA' }))
    const { acked, refused } = await runLoad({ ...base, messages: 20 })
    assert.deepEqual([acked, refused], [20, 0])
  })

  test('connects again and sends again what was not acknowledged', async () => {
    receiver.setScript(({ index }) => ({ kind: index % 5 === 4 ? 'reset' : 'AA' }))
    const acked = new Set<string>()
    const result = await runLoad({
      ...base,
      messages: 40,
      reconnectMs: 1,
      onAck: (id) => acked.add(id),
    })
    assert.deepEqual([result.sent, result.acked, acked.size], [40, 40, 40])
    assert.ok(result.resent > 0)
    assert.equal(receiver.receivedCount(), 40 + result.resent)
  })

  test('takes an acknowledgement of another message for none', async () => {
    receiver.setScript(({ index }) => ({ kind: index === 0 ? 'wrong-id' : 'AA' }))
    const options = { ...base, connections: 1, reconnectMs: 1, ackTimeoutMs: 20 }
    const { acked, resent } = await runLoad({ ...options, messages: 1 })
    assert.deepEqual([acked, resent], [1, 1])
  })

  test('fails when a connection is lost and nobody asked to connect again', async () => {
    receiver.setScript(({ index }) => ({ kind: index === 5 ? 'close' : 'AA' }))
    await assert.rejects(runLoad({ ...base, messages: 100 }), { code: 'SIM_LINK_FAILED' })
  })

  test('fails when nobody listens', async () => {
    await receiver.stop()
    await assert.rejects(runLoad({ ...base, messages: 1 }), (error: Error) => {
      assert.match(String(error.cause), /ECONNREFUSED/)
      return 'code' in error && error.code === 'SIM_LINK_FAILED'
    })
  })

  test('sends nothing for a signal that was given before', async () => {
    const { sent } = await runLoad({ ...base, messages: 5, signal: AbortSignal.abort() })
    assert.equal(sent, 0)
  })

  test('refuses to run on no connection or for no time', async () => {
    for (const wrong of [
      { ...base, connections: 0, messages: 1 },
      { ...base, messages: -1 },
      { ...base, seconds: 0 },
    ]) {
      await assert.rejects(runLoad(wrong), { code: 'SIM_OPTION_INVALID' })
    }
  })
})
