import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { describe, test } from 'node:test'
import { systemPorts, virtualClock } from '@almoner/core'
import { type MllpDestinationOptions, mllpDestination } from './index.ts'
import {
  ACCEPTED,
  delivery,
  known,
  LATE,
  LOST,
  NEVER,
  openedDestination,
} from './testing/destination-under-test.ts'
import {
  ack,
  adt,
  answering,
  controlIdOf,
  framed,
  recordingLog,
  whenClosed,
} from './testing/mllp-peer.ts'

describe('an MLLP destination and its link', () => {
  test('sends the bytes untouched', async (t) => {
    const at = await openedDestination(t, answering('AA'))
    const text = adt('1', '^Si\xe2n\x80\xff\n\t\\F\\')
    await at.send(text)
    assert.deepEqual(at.receiver.received, [text])
  })

  test('says that nothing was sent when nobody listens, and sends when somebody does', async (t) => {
    const at = await openedDestination(t, answering('AA'))
    await at.receiver.close()
    assert.deepEqual(await at.send(adt('1')), {
      kind: 'transient',
      code: 'TRANSPORT_UNREACHABLE',
      scope: 'link',
    })
    const where = (await at.log.whenLogged('mllp.connect-failed'))['where']
    assert.equal(where, `127.0.0.1:${at.receiver.port}, ECONNREFUSED`)
  })

  test('does not know the end when no answer comes, and connects anew', async (t) => {
    const clock = virtualClock(0)
    let isSilent = true
    const at = await openedDestination(
      t,
      (text, socket) => {
        if (isSilent) clock.advance(30_000)
        else answering('AA')(text, socket)
      },
      {},
      clock,
    )
    assert.deepEqual(known(await at.send(adt('1'))), LATE)
    isSilent = false
    assert.deepEqual(known(await at.send(adt('1'))), ACCEPTED)
    assert.equal(at.receiver.connectionCount(), 2)
  })

  for (const [how, end] of [
    ['resets', (socket: Socket) => socket.resetAndDestroy()],
    ['closes', (socket: Socket) => socket.end()],
    ['half answers and closes', (socket: Socket) => socket.end('\x0bMSH|^~\\&|')],
  ] as const) {
    test(`does not know the end when the receiver ${how} instead of answering`, async (t) => {
      const at = await openedDestination(t, (_text, socket) => void end(socket))
      assert.deepEqual(known(await at.send(adt('1'))), LOST)
    })
  }

  test('does not wait for a receiver that has closed its direction and reads no more', async (t) => {
    const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (socket) => {
      socket.on('error', () => undefined)
      socket.end()
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    t.after(() => server.close())
    // A TCP server that listens has an address of this shape.
    const { port } = server.address() as AddressInfo
    const options = { host: '127.0.0.1', port, recipient: 'RXX' }
    const deps = { ports: systemPorts, log: recordingLog() }
    const destination = await mllpDestination('lab', options).open(deps)
    // More than the sockets of both sides can hold.
    const large = adt('1', '^X'.repeat(8_000_000))
    const outcome = await destination.deliver(delivery(large), NEVER)
    assert.ok('scope' in outcome && outcome.scope === 'link')
  })

  test('keeps its connection for message after message', async (t) => {
    const at = await openedDestination(t, answering('AA'))
    for (let id = 0; id < 50; id++) {
      assert.deepEqual(known(await at.send(adt(String(id)))), ACCEPTED)
    }
    assert.equal(at.receiver.connectionCount(), 1)
  })

  test('notices that the receiver closed between two messages', async (t) => {
    const at = await openedDestination(t, answering('AA'))
    assert.deepEqual(known(await at.send(adt('1'))), ACCEPTED)
    const socket = at.receiver.sockets[0]!
    socket.end()
    await whenClosed(socket)
    assert.deepEqual(known(await at.send(adt('2'))), ACCEPTED)
    assert.equal(at.receiver.connectionCount(), 2)
  })

  test('notices an end that has arrived but was not read, after a rest', async (t) => {
    const clock = virtualClock(0)
    const at = await openedDestination(t, answering('AA'), {}, clock)
    assert.deepEqual(known(await at.send(adt('1'))), ACCEPTED)
    clock.advance(60_000)
    // The end leaves in the same turn of the event loop in which the next message starts.
    at.receiver.sockets[0]!.destroy()
    assert.deepEqual(known(await at.send(adt('2'))), ACCEPTED)
  })

  test('works with a receiver that closes after every answer', async (t) => {
    const at = await openedDestination(t, (text, socket) => {
      socket.end(framed(ack('AA', controlIdOf(text))))
    })
    for (const id of ['1', '2', '3']) {
      assert.deepEqual(known(await at.send(adt(id))), ACCEPTED)
      await whenClosed(at.receiver.sockets.at(-1)!)
    }
    assert.equal(at.receiver.connectionCount(), 3)
  })

  test('has no more connections than it may, each with one message', async (t) => {
    const waiting: (() => void)[] = []
    const at = await openedDestination(t, (text, socket) => {
      waiting.push(() => answering('AA')(text, socket))
    })
    const sent = ['1', '2', '3', '4'].map((id) => at.send(adt(id)))
    while (waiting.length < 2) await new Promise((go) => setImmediate(go))
    assert.equal(at.receiver.received.length, 2)
    for (let answered = 0; answered < 4; answered++) {
      while (waiting.length === 0) await new Promise((go) => setImmediate(go))
      waiting.shift()?.()
    }
    for (const outcome of await Promise.all(sent)) assert.deepEqual(known(outcome), ACCEPTED)
    assert.equal(at.receiver.connectionCount(), 2)
  })

  for (const [why, text, code] of [
    ['has no control id', adt(''), 'TRANSPORT_NO_CONTROL_ID'],
    ['is no HL7 message', 'PID|1||17\r', 'TRANSPORT_NO_CONTROL_ID'],
    ['is empty', '', 'TRANSPORT_NO_CONTROL_ID'],
    ['holds a start byte', adt('1', '\x0b'), 'HL7_NOT_FRAMEABLE'],
    ['holds the end of a frame', adt('1', '\x1c\r'), 'HL7_NOT_FRAMEABLE'],
  ] as const) {
    test(`never sends what ${why}`, async (t) => {
      const at = await openedDestination(t, answering('AA'))
      assert.deepEqual(await at.send(text), { kind: 'rejected', code })
      assert.equal(at.receiver.connectionCount(), 0)
    })
  }
})

describe('stopping an MLLP destination', () => {
  const NOT_SENT = { kind: 'transient', code: 'TRANSPORT_ABORTED', scope: 'message' }

  test('sends nothing once it is aborted', async (t) => {
    const at = await openedDestination(t, answering('AA'))
    assert.deepEqual(await at.send(adt('1'), AbortSignal.abort()), NOT_SENT)
    assert.deepEqual(at.receiver.received, [])
  })

  test('ends the exchange under way, whose end is then unknown, and its connection', async (t) => {
    const abort = new AbortController()
    const at = await openedDestination(t, () => abort.abort())
    assert.deepEqual(await at.send(adt('1'), abort.signal), {
      kind: 'ambiguous',
      code: 'TRANSPORT_ABORTED',
      scope: 'message',
    })
    await whenClosed(at.receiver.sockets[0]!)
  })

  test('ends the wait for a connection', async (t) => {
    const abort = new AbortController()
    const at = await openedDestination(
      t,
      (text, socket) => setImmediate(() => answering('AA')(text, socket)),
      {
        connections: 1,
      },
    )
    const first = at.send(adt('1'))
    const second = at.send(adt('2'), abort.signal)
    const third = at.send(adt('3'))
    abort.abort()
    assert.deepEqual(await second, NOT_SENT)
    assert.deepEqual(known(await first), ACCEPTED)
    assert.deepEqual(known(await third), ACCEPTED)
    assert.deepEqual(at.receiver.received.map(controlIdOf), ['1', '3'])
  })

  test('lets what is under way end, refuses the rest, then closes its connections', async (t) => {
    const waiting: (() => void)[] = []
    const at = await openedDestination(
      t,
      (text, socket) => {
        waiting.push(() => answering('AA')(text, socket))
      },
      { connections: 1 },
    )
    const first = at.send(adt('1'))
    const second = at.send(adt('2'))
    while (waiting.length === 0) await new Promise((go) => setImmediate(go))
    const closed = at.destination.close()
    const REFUSED = { kind: 'transient', code: 'TRANSPORT_CLOSED', scope: 'link' }
    assert.deepEqual(await second, REFUSED)
    assert.deepEqual(await at.send(adt('3')), REFUSED)
    waiting[0]!()
    assert.deepEqual(known(await first), ACCEPTED)
    await closed
    await whenClosed(at.receiver.sockets[0]!)
  })
})

describe('an MLLP destination as it is declared', () => {
  test('says who receives, where, and how much at once', () => {
    const options = { host: '::1', port: 2_600, recipient: 'RXX' }
    const { kind, recipient, concurrency, address } = mllpDestination('lab', options)
    assert.deepEqual(
      { kind, recipient, concurrency, address },
      { kind: 'mllp', recipient: 'RXX', concurrency: 2, address: 'mllp://[::1]:2600' },
    )
  })

  test('does not open in clear to another machine', async () => {
    const destination = mllpDestination('lab', { host: 'lab.rxx', port: 2_600, recipient: 'RXX' })
    await assert.rejects(destination.open({ ports: systemPorts, log: recordingLog() }), {
      code: 'TRANSPORT_PLAIN_REFUSED',
    })
  })

  test('is refused without a recipient', () => {
    const options = { host: '127.0.0.1', port: 2_600 } as MllpDestinationOptions
    assert.throws(() => mllpDestination('lab', options), { code: 'CORE_CONFIG_INVALID' })
  })
})
