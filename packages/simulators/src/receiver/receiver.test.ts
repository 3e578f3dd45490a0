import assert from 'node:assert/strict'
import type { Socket } from 'node:net'
import { connect } from 'node:net'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { seededPorts, silentLog, virtualClock } from '@almoner/core'
import { createDeframer, decodeBytes, encodeText, frame, readAck } from '@almoner/hl7v2'
import type { Receiver } from './receiver.ts'
import { startReceiver } from './receiver.ts'

const clock = virtualClock(Date.UTC(2026, 2, 2))
const ports = seededPorts(1, clock)

const message = (controlId: string): string =>
  `MSH|^~\\&|PAS|RZZ|TIE|RZZ|20260302||ADT^A01|${controlId}|P|2.4\rPID|1\r`

type Peer = {
  readonly socket: Socket
  readonly send: (text: string) => void
  /** The next frame; undefined when the connection ends first. */
  readonly answer: () => Promise<string | undefined>
  /** How the connection ended: an error code, or nothing for a clean end. */
  readonly ended: Promise<string | undefined>
  /** Bytes that came in no whole frame. */
  readonly strayBytes: () => number
}

function openPeer(port: number): Peer {
  const socket = connect(port, '127.0.0.1')
  const deframer = createDeframer({ frameBytesMax: 100_000 })
  const answers: string[] = []
  const waiting: ((text: string | undefined) => void)[] = []
  let garbage = 0
  let failure: string | undefined
  socket.on('error', (error: NodeJS.ErrnoException) => {
    failure = error.code
  })
  socket.on('data', (chunk: Buffer) => {
    for (const event of deframer.push(chunk)) {
      if (event.kind !== 'frame') garbage += event.byteCount
      else answers.push(decodeBytes(event.bytes).text)
    }
    while (answers.length > 0 && waiting.length > 0) waiting.shift()!(answers.shift()!)
  })
  const ended = new Promise<string | undefined>((resolve) => {
    socket.on('close', () => {
      for (const one of waiting) one(undefined)
      resolve(failure)
    })
  })
  return {
    socket,
    ended,
    strayBytes: () => garbage + deframer.pendingBytes,
    send: (text) => socket.write(frame(encodeText(text, 'utf-8'))),
    answer: () =>
      new Promise((resolve) => {
        const ready = answers.shift()
        if (ready !== undefined) resolve(ready)
        else if (socket.destroyed) resolve(undefined)
        else waiting.push(resolve)
      }),
  }
}

describe('a receiver', () => {
  let receiver: Receiver
  let peer: Peer
  beforeEach(async () => {
    receiver = await startReceiver({ ports, log: silentLog })
    peer = openPeer(receiver.port)
  })
  afterEach(async () => {
    peer.socket.destroy()
    await receiver.stop()
  })

  const ask = async (controlId: string) => {
    peer.send(message(controlId))
    const text = await peer.answer()
    return text === undefined ? undefined : readAck(text)
  }

  for (const kind of ['AA', 'AE', 'AR'] as const) {
    test(`answers ${kind} when told to`, async () => {
      receiver.setScript(() => ({ kind }))
      const ack = await ask('ID-1')
      assert.equal(ack?.code, kind)
      assert.equal(ack?.controlId, 'ID-1')
    })
  }

  test('answers AA when told nothing', async () => {
    assert.equal((await ask('ID-1'))?.code, 'AA')
  })

  test('commits first and accepts then', async () => {
    receiver.setScript(() => ({ kind: 'CA-AA' }))
    assert.equal((await ask('ID-1'))?.code, 'CA')
    assert.equal(readAck((await peer.answer()) ?? '')?.code, 'AA')
  })

  test('names a message that was never sent', async () => {
    receiver.setScript(() => ({ kind: 'wrong-id' }))
    const ack = await ask('ID-1')
    assert.equal(ack?.code, 'AA')
    assert.equal(ack?.controlId, 'NEVER-SENT')
  })

  test('answers with a frame that holds no HL7', async () => {
    receiver.setScript(() => ({ kind: 'garbage' }))
    peer.send(message('ID-1'))
    assert.equal(readAck((await peer.answer()) ?? ''), undefined)
  })

  test('puts noise before the acknowledgement', async () => {
    receiver.setScript(() => ({ kind: 'noise-AA' }))
    assert.equal((await ask('ID-1'))?.code, 'AA')
    assert.ok(peer.strayBytes() > 0)
  })

  test('closes the connection without an answer', async () => {
    receiver.setScript(() => ({ kind: 'close' }))
    assert.equal(await ask('ID-1'), undefined)
    assert.equal(await peer.ended, undefined)
    assert.equal(peer.strayBytes(), 0)
  })

  test('resets the connection', async () => {
    receiver.setScript(() => ({ kind: 'reset' }))
    assert.equal(await ask('ID-1'), undefined)
    assert.equal(await peer.ended, 'ECONNRESET')
  })

  test('gives half of an acknowledgement and closes', async () => {
    receiver.setScript(() => ({ kind: 'half-ack' }))
    assert.equal(await ask('ID-1'), undefined)
    assert.ok(peer.strayBytes() > 10)
  })

  test('never answers, and goes on listening on the same connection', async () => {
    receiver.setScript(({ index }) => ({ kind: index === 0 ? 'none' : 'AA' }))
    peer.send(message('ID-1'))
    assert.equal((await ask('ID-2'))?.controlId, 'ID-2')
    assert.deepEqual(receiver.orderOn(0), ['ID-1', 'ID-2'])
  })

  test('answers late, not before its time', async () => {
    receiver.setScript(({ index }) => (index === 0 ? { kind: 'AA', lateMs: 500 } : { kind: 'AA' }))
    peer.send(message('LATE'))
    assert.equal((await ask('PROMPT'))?.controlId, 'PROMPT')
    clock.advance(499)
    assert.equal((await ask('PROMPT-2'))?.controlId, 'PROMPT-2')
    clock.advance(1)
    assert.equal(readAck((await peer.answer()) ?? '')?.controlId, 'LATE')
  })

  test('drops a late answer when the sender has gone', async () => {
    receiver.setScript(() => ({ kind: 'AA', lateMs: 500 }))
    peer.send(message('LATE'))
    while (receiver.receivedCount() === 0) await new Promise((resolve) => setImmediate(resolve))
    const other = openPeer(receiver.port)
    receiver.setScript(() => ({ kind: 'AA' }))
    peer.socket.destroy()
    await peer.ended
    other.send(message('NEXT'))
    await other.answer()
    clock.advance(500)
    other.send(message('LAST'))
    assert.equal(readAck((await other.answer()) ?? '')?.controlId, 'LAST')
    other.socket.destroy()
  })

  test('answers what is no HL7, and remembers it without a control id', async () => {
    peer.send('hello')
    assert.equal(readAck((await peer.answer()) ?? '')?.code, 'AA')
    assert.equal(receiver.received[0]?.controlId, '')
  })

  test('remembers bytes, time, connection and repeats', async () => {
    await ask('ID-1')
    const other = openPeer(receiver.port)
    other.send(message('ID-1'))
    await other.answer()
    other.socket.destroy()
    assert.equal(receiver.receivedCount(), 2)
    assert.deepEqual(
      receiver.received.map(({ index, connection, controlId, repeatOf }) => [
        index,
        connection,
        controlId,
        repeatOf,
      ]),
      [
        [0, 0, 'ID-1', undefined],
        [1, 1, 'ID-1', 0],
      ],
    )
    assert.equal(decodeBytes(receiver.received[0]!.bytes).text, message('ID-1'))
    assert.equal(receiver.received[0]!.atMs, clock.nowMs())
  })

  test('counts bytes that are in no frame', async () => {
    peer.socket.write('\r\n\r\n')
    await ask('ID-1')
    assert.equal(receiver.badFrameCount(), 1)
  })
})

describe('starting a receiver', () => {
  test('fails on a port that is taken', async () => {
    const first = await startReceiver({ ports, log: silentLog })
    await assert.rejects(startReceiver({ ports, log: silentLog, port: first.port }), {
      code: 'SIM_PORT_UNAVAILABLE',
    })
    await first.stop()
  })

  test('fails for a memory of nothing', async () => {
    await assert.rejects(startReceiver({ ports, log: silentLog, keepMax: 0 }), {
      code: 'SIM_OPTION_INVALID',
    })
  })

  test('stops with connections open and answers pending', async () => {
    const receiver = await startReceiver({
      ports,
      log: silentLog,
      script: ({ index }) => (index === 0 ? { kind: 'AA', lateMs: 60_000 } : { kind: 'AA' }),
    })
    const peer = openPeer(receiver.port)
    peer.send(message('ID-1'))
    peer.send(message('ID-2'))
    await peer.answer()
    await receiver.stop()
    await peer.ended
    clock.advance(60_000)
    assert.equal(await peer.answer(), undefined)
  })
})
