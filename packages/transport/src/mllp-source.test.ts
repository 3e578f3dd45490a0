import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  type Accept,
  type Inbound,
  type OpenSource,
  systemPorts,
  virtualClock,
} from '@almoner/core'
import fc from 'fast-check'
import { type MllpSourceOptions, mllpSource } from './index.ts'
import {
  ack,
  adt,
  answerOf,
  certificate,
  connectClient,
  controlIdOf,
  framed,
  recordingLog,
} from './testing/mllp-peer.ts'
import {
  acceptAll,
  connected,
  heldAccept,
  openedSource,
  textOf,
} from './testing/source-under-test.ts'

describe('an MLLP source', () => {
  test('hands on the bytes of a frame untouched and answers in a frame', async (t) => {
    const inbound: Inbound[] = []
    const at = await openedSource(t, async (one) => {
      inbound.push(one)
      return await acceptAll(one)
    })
    const client = await connected(t, at)
    client.write(framed(adt('1', '^Si\xe2n')))
    assert.equal(answerOf(await client.next()), 'AA 1')
    assert.equal(textOf(inbound[0]!), adt('1', '^Si\xe2n'))
    assert.match(inbound[0]!.peer.address, /^127\.0\.0\.1:\d+$/)
    assert.equal(inbound[0]!.peer.subject, undefined)
    assert.match(at.source.address, /^mllp:\/\/127\.0\.0\.1:\d+$/)
  })

  test('takes frames however they are cut into packets', async (t) => {
    const at = await openedSource(t, acceptAll)
    const stream = Buffer.concat(['1', '2', '3'].map((id) => framed(adt(id))))
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(fc.nat(stream.length), { maxLength: 6 }), async (cuts) => {
        const client = await connectClient(at.source.port)
        const edges = [0, ...cuts.toSorted((a, b) => a - b), stream.length]
        for (const [index, edge] of edges.slice(1).entries()) {
          client.write(stream.subarray(edges[index], edge))
          await new Promise((resolve) => setImmediate(resolve))
        }
        const answers = [await client.next(), await client.next(), await client.next()]
        assert.deepEqual(answers.map(answerOf), ['AA 1', 'AA 2', 'AA 3'])
        client.socket.destroy()
      }),
      { numRuns: 25 },
    )
  })

  test('takes several messages at once and answers in order of arrival', async (t) => {
    const { accept, held, whenHeld } = heldAccept()
    const client = await connected(t, await openedSource(t, accept))
    client.write(Buffer.concat(['1', '2', '3'].map((id) => framed(adt(id)))))
    await whenHeld(3)
    assert.deepEqual(
      held.map(({ text }) => controlIdOf(text)),
      ['1', '2', '3'],
    )
    for (const one of held.toReversed()) one.settle(ack('AA', controlIdOf(one.text)))
    const answers = [await client.next(), await client.next(), await client.next()]
    assert.deepEqual(answers.map(answerOf), ['AA 1', 'AA 2', 'AA 3'])
  })

  test('has no more messages under way than it may, and takes the rest later', async (t) => {
    const { accept, held, whenHeld } = heldAccept()
    const client = await connected(t, await openedSource(t, accept, { inFlightMax: 2 }))
    const ids = Array.from({ length: 9 }, (_, index) => String(index))
    client.write(Buffer.concat(ids.map((id) => framed(adt(id)))))
    for (let settled = 0; settled < ids.length; settled++) {
      await whenHeld(Math.min(settled + 2, ids.length))
      assert.ok(held.length <= settled + 2)
      held[settled]!.settle(ack('AA', ids[settled]!))
      assert.equal(answerOf(await client.next()), `AA ${ids[settled]}`)
    }
  })

  test('reads no more from a sender whose messages wait, and loses none', async (t) => {
    const { accept, held, whenHeld } = heldAccept()
    const at = await openedSource(
      t,
      (inbound) => (textOf(inbound).includes('|N') ? acceptAll(inbound) : accept(inbound)),
      { inFlightMax: 1 },
    )
    const [client, neighbour] = [await connected(t, at), await connected(t, at)]
    // More than the sockets of both sides can hold, so that the sender itself must wait.
    const more = '^X'.repeat(100_000)
    const count = 60
    for (let id = 0; id < count; id++) client.write(framed(adt(String(id), more)))
    await whenHeld(1)
    // Time enough to read it all, if it were read.
    for (let id = 0; id < 200; id++) {
      neighbour.write(framed(adt(`N${id}`)))
      await neighbour.next()
    }
    assert.ok(client.socket.writableLength > 0)
    for (let id = 0; id < count; id++) {
      await whenHeld(id + 1)
      held[id]!.settle(ack('AA', String(id)))
      assert.equal(answerOf(await client.next()), `AA ${id}`)
    }
    assert.equal(client.socket.writableLength, 0)
  })

  test('closes without an answer when it may give none, after the answers before it', async (t) => {
    const { accept, held, whenHeld } = heldAccept()
    const at = await openedSource(t, accept)
    const client = await connected(t, at)
    client.write(Buffer.concat(['1', '2', '3'].map((id) => framed(adt(id)))))
    await whenHeld(3)
    held[2]!.settle(ack('AA', '3'))
    held[1]!.settle(undefined)
    held[0]!.settle(ack('AA', '1'))
    const answers = await client.ended
    assert.deepEqual(answers.map(answerOf), ['AA 1'])
    assert.ok(at.log.events.some(({ event }) => event === 'mllp.message-unanswered'))
  })

  for (const [how, accept] of [
    ['rejects', () => Promise.reject(new RangeError('TESTER^ANN'))],
    [
      'throws',
      () => {
        throw new RangeError('TESTER^ANN')
      },
    ],
    ['answers with what cannot be framed', async () => Buffer.from('\x0b')],
  ] as const satisfies readonly (readonly [string, Accept])[]) {
    test(`ends only that connection, without an answer, when accept ${how}`, async (t) => {
      const at = await openedSource(t, (inbound) =>
        textOf(inbound).includes('BAD') ? accept() : acceptAll(inbound),
      )
      const [client, neighbour] = [await connected(t, at), await connected(t, at)]
      client.write(framed(adt('BAD')))
      assert.deepEqual(await client.ended, [])
      neighbour.write(framed(adt('2')))
      assert.equal(answerOf(await neighbour.next()), 'AA 2')
      assert.ok(!JSON.stringify(at.log.events).includes('TESTER'))
    })
  }

  test('writes nothing for a message that wants no answer, and goes on', async (t) => {
    const at = await openedSource(t, async (one) =>
      textOf(one) === adt('1') ? new Uint8Array(0) : await acceptAll(one),
    )
    const client = await connected(t, at)
    client.write(framed(adt('1')))
    client.write(framed(adt('2')))
    assert.equal(answerOf(await client.next()), 'AA 2')
  })

  test('answers a sender that has closed its own direction', async (t) => {
    const { accept, held, whenHeld } = heldAccept()
    const at = await openedSource(t, accept)
    const [client, neighbour] = [await connected(t, at), await connected(t, at)]
    client.socket.end(Buffer.concat([framed(adt('1')), framed(adt('2'))]))
    await whenHeld(2)
    // By the time the neighbour is served, the end of the sender's direction has been seen.
    for (let id = 3; id < 10; id++) {
      neighbour.write(framed(adt(String(id))))
      await whenHeld(id)
      held[id - 1]!.settle(ack('AA', String(id)))
      await neighbour.next()
    }
    for (const one of held.slice(0, 2)) one.settle(ack('AA', controlIdOf(one.text)))
    assert.deepEqual((await client.ended).map(answerOf), ['AA 1', 'AA 2'])
  })

  test('answers such a sender however long the answer takes', async (t) => {
    const { accept, held, whenHeld } = heldAccept()
    const clock = virtualClock(0)
    const log = recordingLog()
    const source = await mllpSource('pas', { port: 0, organisation: 'RXX' }).open(accept, {
      ports: { ...systemPorts, clock },
      log,
    })
    t.after(() => source.close())
    const client = await connectClient(source.port)
    client.socket.end(Buffer.concat([framed(adt('1')), Buffer.from('\x0bMSH|')]))
    await whenHeld(1)
    await log.whenLogged('mllp.frame-cut')
    for (let times = 0; times < 100; times++) clock.advance(60_000)
    held[0]!.settle(ack('AA', '1'))
    assert.deepEqual((await client.ended).map(answerOf), ['AA 1'])
  })

  test('lives on when a sender goes before its answer', async (t) => {
    const { accept, held, whenHeld } = heldAccept()
    const at = await openedSource(t, accept)
    const client = await connected(t, at)
    client.write(framed(adt('1')))
    await whenHeld(1)
    client.socket.resetAndDestroy()
    await at.log.whenLogged('mllp.connection-closed')
    held[0]!.settle(ack('AA', '1'))
    const other = await connected(t, at)
    other.write(framed(adt('2')))
    await whenHeld(2)
    held[1]!.settle(ack('AA', '2'))
    assert.equal(answerOf(await other.next()), 'AA 2')
  })
})

describe('closing an MLLP source', () => {
  test('lets messages under way finish and be answered', async (t) => {
    const { accept, held, whenHeld } = heldAccept()
    const at = await openedSource(t, accept)
    const client = await connected(t, at)
    client.write(framed(adt('1')))
    await whenHeld(1)
    const closed = at.source.close()
    held[0]!.settle(ack('AA', '1'))
    await closed
    assert.deepEqual((await client.ended).map(answerOf), ['AA 1'])
  })

  test('ends in bounded time although a message never finishes', async () => {
    const { accept, whenHeld } = heldAccept()
    const clock = virtualClock(0)
    const source = await mllpSource('pas', { port: 0, organisation: 'RXX' }).open(accept, {
      ports: { ...systemPorts, clock },
      log: recordingLog(),
    })
    const client = await connectClient(source.port)
    client.write(framed(adt('1')))
    await whenHeld(1)
    const closed = source.close()
    clock.advance(20_000)
    await closed
    assert.deepEqual(await client.ended, [])
  })

  test('frees the port', async (t) => {
    const first = await openedSource(t, acceptAll)
    await connected(t, first)
    await first.source.close()
    const again = await openedSource(t, acceptAll, { port: first.source.port })
    assert.equal(again.source.port, first.source.port)
  })
})

describe('opening an MLLP source', () => {
  const open = (options: MllpSourceOptions): Promise<OpenSource> =>
    mllpSource('pas', options).open(acceptAll, { ports: systemPorts, log: recordingLog() })

  for (const host of ['0.0.0.0', '::', '10.1.2.3', 'tie.rxx.nhs.uk', '192.168.0.1']) {
    test(`refuses ${host} without TLS`, async () => {
      await assert.rejects(open({ port: 0, host, organisation: 'RXX' }), {
        code: 'TRANSPORT_PLAIN_REFUSED',
      })
    })
  }

  for (const host of ['127.0.0.1', 'localhost']) {
    test(`takes ${host} without TLS`, async () => {
      const source = await open({ port: 0, host, organisation: 'RXX' })
      await source.close()
    })
  }

  test('says that another program has the port', async (t) => {
    const { source } = await openedSource(t, acceptAll)
    await assert.rejects(open({ port: source.port, organisation: 'RXX' }), {
      code: 'TRANSPORT_PORT_IN_USE',
    })
  })

  test('says that it cannot listen on an address of another machine', async () => {
    // 192.0.2.0/24 is kept for documentation: no machine has it.
    const tls = { cert: certificate('server.cert'), key: certificate('server.key') }
    await assert.rejects(open({ port: 0, host: '192.0.2.1', organisation: 'RXX', tls }), {
      code: 'TRANSPORT_CANNOT_LISTEN',
    })
  })

  for (const [why, options] of [
    ['an unknown setting', { port: 0, organisation: 'RXX', frameMax: 1 }],
    ['no organisation', { port: 0 }],
    ['a port beyond 65535', { port: 65_536, organisation: 'RXX' }],
    ['TLS without a key', { port: 0, organisation: 'RXX', tls: { cert: 'c.pem' } }],
    ['TLS with an unknown setting', { port: 0, organisation: 'RXX', tls: { cart: 'c.pem' } }],
    ['TLS that is no group', { port: 0, organisation: 'RXX', tls: 'c.pem' }],
    [
      'client certificates without an authority',
      { port: 0, organisation: 'RXX', tls: { cert: 'c', key: 'k', requireClient: true } },
    ],
  ] as const) {
    test(`refuses ${why}`, () => {
      // Site files may be plain JavaScript, so the types do not protect here.
      assert.throws(() => mllpSource('pas', options as unknown as MllpSourceOptions), {
        code: 'CORE_CONFIG_INVALID',
      })
    })
  }
})
