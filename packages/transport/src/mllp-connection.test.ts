import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { describe, type TestContext, test } from 'node:test'
import { type Accept, systemPorts } from '@almoner/core'
import { createMemoryGauge, type MemoryGauge } from './memory-gauge.ts'
import { MllpConnection } from './mllp-connection.ts'
import {
  ack,
  adt,
  answerOf,
  connectClient,
  controlIdOf,
  framed,
  recordingLog,
} from './testing/mllp-peer.ts'

const settings = { frameBytesMax: 100_000, frameMs: 60_000, idleMs: 60_000, inFlightMax: 64 }
const acceptAll: Accept = async ({ bytes }) =>
  Buffer.from(ack('AA', controlIdOf(Buffer.from(bytes).toString())))

/** Connections that share one gauge. */
async function served(t: TestContext, accept: Accept, memory: MemoryGauge) {
  const log = recordingLog()
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    const peer = { address: `127.0.0.1:${socket.remotePort}` }
    new MllpConnection(socket, peer, { accept, log, ports: systemPorts, memory, settings })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  // A TCP server that listens has an address of this shape.
  const { port } = server.address() as AddressInfo
  const connected = async () => {
    const client = await connectClient(port)
    t.after(() => client.socket.destroy())
    return client
  }
  return { log, connected }
}

describe('the memory of MLLP connections', () => {
  test('leaves a message unread while others fill it, and takes it when they leave', async (t) => {
    const memory = createMemoryGauge(10_000)
    const taken: string[] = []
    const { connected } = await served(
      t,
      async (inbound) => {
        taken.push(controlIdOf(Buffer.from(inbound.bytes).toString()))
        return await acceptAll(inbound)
      },
      memory,
    )
    const client = await connected()
    memory.take(10_000)
    // The first is read before the connection can know; it then reads no more.
    client.write(framed(adt('1')))
    assert.equal(answerOf(await client.next()), 'AA 1')
    client.write(framed(adt('2')))
    for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve))
    assert.deepEqual(taken, ['1'])
    memory.give(10_000)
    assert.equal(answerOf(await client.next()), 'AA 2')
  })

  test('gives back what its messages took, also when their sender has gone', async (t) => {
    let takenBytes = 0
    const inner = createMemoryGauge(1_000_000)
    const memory: MemoryGauge = {
      get isFull() {
        return inner.isFull
      },
      whenFree: inner.whenFree,
      take: (byteCount) => {
        takenBytes += byteCount
        inner.take(byteCount)
      },
      give: (byteCount) => {
        takenBytes -= byteCount
        inner.give(byteCount)
      },
      growPartial: (byteCount) => {
        takenBytes += byteCount
        return inner.growPartial(byteCount)
      },
    }
    const settle: (() => void)[] = []
    const { log, connected } = await served(
      t,
      () => new Promise((resolve) => settle.push(() => resolve(undefined))),
      memory,
    )
    const client = await connected()
    const messages = Array.from({ length: 100 }, (_, id) => framed(adt(String(id))))
    const begun = '\x0bMSH|'
    client.write(Buffer.concat([...messages, Buffer.from(begun)]))
    while (settle.length < settings.inFlightMax) {
      await new Promise((resolve) => setImmediate(resolve))
    }
    const framing = 3
    const sentBytes = messages.reduce((sum, { length }) => sum + length - framing, 0)
    assert.equal(takenBytes, sentBytes + begun.length - 1)
    client.socket.resetAndDestroy()
    await log.whenLogged('mllp.connection-closed')
    for (const one of settle) one()
    await new Promise((resolve) => setImmediate(resolve))
    assert.equal(takenBytes, 0)
  })

  test('ends the connection whose unfinished frame goes beyond it, and no other', async (t) => {
    const { log, connected } = await served(t, acceptAll, createMemoryGauge(50_000))
    const [one, other] = [await connected(), await connected()]
    const long = adt('1', '^X'.repeat(15_000))
    one.write(`\x0b${long}`)
    // Answered messages before the unfinished frame show that all of it was read.
    one.write(Buffer.concat([Buffer.from('\x1c\r'), Buffer.from(`\x0b${long}`)]))
    assert.equal(answerOf(await one.next()), 'AA 1')
    other.write(Buffer.concat([framed(adt('2')), Buffer.from(`\x0b${long}`)]))
    assert.equal((await log.whenLogged('mllp.frame-refused'))['why'], 'memory')
    const loser = await Promise.race([one.ended.then(() => one), other.ended.then(() => other)])
    const winner = loser === one ? other : one
    winner.write('\x1c\r')
    const answer = answerOf(await winner.next())
    assert.ok(answer === 'AA 1' || answer === 'AA 2')
  })
})
