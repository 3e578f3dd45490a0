import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { systemPorts, virtualClock } from '@almoner/core'
import { mllpSource } from './index.ts'
import {
  ack,
  adt,
  answerOf,
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

describe('an MLLP source and what is no good frame', () => {
  test('skips garbage between frames and logs it', async (t) => {
    const at = await openedSource(t, acceptAll)
    const client = await connected(t, at)
    client.write(Buffer.concat([Buffer.from('GET / HTTP/1.1\r\n\r\n'), framed(adt('1'))]))
    assert.equal(answerOf(await client.next()), 'AA 1')
    const { byteCount } = await at.log.whenLogged('mllp.garbage-skipped')
    assert.equal(byteCount, 18)
  })

  test('hands on only the second frame when one starts inside another', async (t) => {
    const taken: string[] = []
    const at = await openedSource(t, async (inbound) => {
      taken.push(controlIdOf(textOf(inbound)))
      return await acceptAll(inbound)
    })
    const client = await connected(t, at)
    client.write(Buffer.concat([Buffer.from(`\x0b${adt('1')}`), framed(adt('2'))]))
    assert.equal(answerOf(await client.next()), 'AA 2')
    assert.deepEqual(taken, ['2'])
    await at.log.whenLogged('mllp.frame-restarted')
  })

  test('logs the faults of a sender ever more rarely', async (t) => {
    const at = await openedSource(t, acceptAll)
    const client = await connected(t, at)
    client.write(Buffer.concat([Buffer.alloc(1_025, 0x0b), framed(adt('1'))]))
    assert.equal(answerOf(await client.next()), 'AA 1')
    const counts = at.log.events.flatMap((logged) =>
      logged.event === 'mllp.frame-restarted' ? [logged['count']] : [],
    )
    assert.deepEqual(counts, [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024])
  })

  const large = '^X'.repeat(2_000)
  for (const [how, cut] of [
    ['in one packet', undefined],
    ['in packets cut inside MSH', 12],
    ['in packets cut after MSH', 200],
  ] as const) {
    test(`answers AR to a message that is too large and comes ${how}, then goes on`, async (t) => {
      const taken: string[] = []
      const at = await openedSource(
        t,
        async (inbound) => {
          taken.push(controlIdOf(textOf(inbound)))
          return await acceptAll(inbound)
        },
        { frameBytesMax: 1_024 },
      )
      const client = await connected(t, at)
      const stream = Buffer.concat([framed(adt('1')), framed(adt('2', large)), framed(adt('3'))])
      const at2 = framed(adt('1')).length
      client.write(stream.subarray(0, at2 + (cut ?? 0)))
      if (cut !== undefined) assert.equal(answerOf(await client.next()), 'AA 1')
      client.write(stream.subarray(at2 + (cut ?? 0)))
      if (cut === undefined) assert.equal(answerOf(await client.next()), 'AA 1')
      const refusal = await client.next()
      assert.equal(answerOf(refusal), 'AR 2')
      assert.match(refusal, /larger than this link allows/)
      assert.equal(answerOf(await client.next()), 'AA 3')
      assert.deepEqual(taken, ['1', '3'])
      assert.equal((await at.log.whenLogged('mllp.frame-refused'))['why'], 'too-large')
    })
  }

  test('keeps the refusal in its place behind messages under way', async (t) => {
    const { accept, held, whenHeld } = heldAccept()
    const client = await connected(t, await openedSource(t, accept, { frameBytesMax: 1_024 }))
    client.write(Buffer.concat([framed(adt('1')), framed(adt('2', large)), framed(adt('3'))]))
    await whenHeld(2)
    held[1]!.settle(ack('AA', '3'))
    held[0]!.settle(ack('AA', '1'))
    const answers = [await client.next(), await client.next(), await client.next()]
    assert.deepEqual(answers.map(answerOf), ['AA 1', 'AR 2', 'AA 3'])
  })

  test('refuses what is too large and no message with an answer that names none', async (t) => {
    const at = await openedSource(t, acceptAll, { frameBytesMax: 1_024 })
    const client = await connected(t, at)
    client.write(framed('X'.repeat(2_000)))
    assert.equal(answerOf(await client.next()), 'AR')
  })

  test('ends a connection whose frame is never closed, after answering what came whole', async (t) => {
    const at = await openedSource(t, acceptAll, { frameMs: 20 })
    const [client, neighbour] = [await connected(t, at), await connected(t, at)]
    client.write(Buffer.concat([framed(adt('1')), Buffer.from('\x0bMSH|')]))
    assert.deepEqual((await client.ended).map(answerOf), ['AA 1'])
    assert.equal((await at.log.whenLogged('mllp.frame-refused'))['why'], 'unfinished')
    neighbour.write(framed(adt('2')))
    assert.equal(answerOf(await neighbour.next()), 'AA 2')
  })

  test('ends a connection on which nothing happens', async (t) => {
    const at = await openedSource(t, acceptAll, { idleMs: 20 })
    const client = await connected(t, at)
    assert.deepEqual(await client.ended, [])
    await at.log.whenLogged('mllp.connection-idled')
  })

  test('logs a frame that ends with its connection, and hands nothing on', async (t) => {
    const at = await openedSource(t, () => assert.fail('half a message was handed on'))
    const client = await connected(t, at)
    client.socket.end('\x0bMSH|^~\\&|')
    const { byteCount } = await at.log.whenLogged('mllp.frame-cut')
    assert.equal(byteCount, 9)
    assert.deepEqual(await client.ended, [])
  })

  test('reads no more from a sender that does not read its answers, and ends it at last', async (t) => {
    const clock = virtualClock(0)
    const log = recordingLog()
    const padding = Buffer.alloc(1_000_000, 'X')
    let acceptedCount = 0
    const source = await mllpSource('pas', { port: 0, organisation: 'RXX' }).open(
      async (inbound) => {
        if (textOf(inbound).includes('|N')) return await acceptAll(inbound)
        acceptedCount++
        return padding
      },
      { ports: { ...systemPorts, clock }, log },
    )
    t.after(() => source.close())
    const [client, neighbour] = [await connectClient(source.port), await connectClient(source.port)]
    client.socket.pause()
    const count = 200
    const large = '^X'.repeat(30_000)
    for (let id = 0; id < count; id++) client.write(framed(adt(String(id), large)))
    // Time enough to accept them all, if they were read.
    for (let id = 0; id < 300; id++) {
      neighbour.write(framed(adt(`N${id}`)))
      await neighbour.next()
    }
    assert.ok(acceptedCount > 0 && acceptedCount < count)
    neighbour.socket.destroy()

    let isClosed = false
    const whenIdled = log.whenLogged('mllp.connection-idled')
    while (!isClosed) {
      clock.advance(700_000)
      await new Promise((resolve) => setImmediate(resolve))
      const closedCount = log.events.filter(
        ({ event }) => event === 'mllp.connection-closed',
      ).length
      isClosed = closedCount === 2
    }
    await whenIdled
    client.socket.destroy()
  })

  test('refuses connections beyond the limit and serves those it has', async (t) => {
    const at = await openedSource(t, acceptAll, { connectionsMax: 1 })
    const client = await connected(t, at)
    client.write(framed(adt('1')))
    assert.equal(answerOf(await client.next()), 'AA 1')
    const second = await connected(t, at)
    assert.deepEqual(await second.ended, [])
    await at.log.whenLogged('mllp.connection-refused')
    client.write(framed(adt('2')))
    assert.equal(answerOf(await client.next()), 'AA 2')
  })
})
