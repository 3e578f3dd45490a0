import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { virtualClock } from '@almoner/core'
import {
  ACCEPTED,
  known,
  LATE,
  openedDestination,
  WRONG,
} from './testing/destination-under-test.ts'
import { ack, adt, answering, controlIdOf, framed, whenClosed } from './testing/mllp-peer.ts'

describe('the answer of a receiver', () => {
  for (const [code, outcome] of [
    ['AA', ACCEPTED],
    ['CA', ACCEPTED],
    ['AR', { kind: 'rejected', code: 'TRANSPORT_PEER_REFUSED' }],
    ['CR', { kind: 'rejected', code: 'TRANSPORT_PEER_REFUSED' }],
    ['AE', { kind: 'transient', code: 'TRANSPORT_PEER_FAILED', scope: 'message' }],
    ['CE', { kind: 'transient', code: 'TRANSPORT_PEER_FAILED', scope: 'message' }],
  ] as const) {
    test(`${code} makes the message ${outcome.kind}, and the connection goes on`, async (t) => {
      const at = await openedDestination(t, answering(code))
      for (const id of ['1', '2']) {
        const result = await at.send(adt(id))
        assert.deepEqual(known(result), outcome)
        assert.equal(Buffer.from(result.reply!).toString(), ack(code, id))
      }
      assert.equal(at.receiver.connectionCount(), 1)
    })
  }

  for (const [why, answer] of [
    ['names another message', framed(ack('AA', '2'))],
    ['names no message', framed(ack('AA', ''))],
    ['names the message in other letters', framed(ack('AA', '01'))],
    ['has a code that is not in table 0008', framed(ack('XX', '1'))],
    ['has no MSA', framed('MSH|^~\\&|TIE|RXX|PAS|RXX|2026||ACK|9|P|2.4\r')],
    ['is no message', framed('OK')],
    ['is empty', framed('')],
    ['is far too large', Buffer.concat([framed(`MSH|${'X'.repeat(1_100_000)}`)])],
  ] as const) {
    test(`settles nothing when it ${why}, and the connection ends`, async (t) => {
      const at = await openedDestination(t, (text, socket) => {
        if (controlIdOf(text) === '1') socket.write(answer)
        else answering('AA')(text, socket)
      })
      assert.deepEqual(known(await at.send(adt('1'))), WRONG)
      assert.deepEqual(known(await at.send(adt('3'))), ACCEPTED)
      assert.equal(at.receiver.connectionCount(), 2)
    })
  }

  test('may come in pieces, after garbage', async (t) => {
    const at = await openedDestination(t, async (text, socket) => {
      const answer = Buffer.concat([Buffer.from('\r\n'), framed(ack('AA', controlIdOf(text)))])
      for (const byte of answer) {
        socket.write(Uint8Array.of(byte))
        await new Promise((resolve) => setImmediate(resolve))
      }
    })
    assert.deepEqual(known(await at.send(adt('1'))), ACCEPTED)
  })

  test('that comes too late for its message never settles the next one', async (t) => {
    const clock = virtualClock(0)
    let late: () => void = () => undefined
    const at = await openedDestination(
      t,
      (text, socket) => {
        if (controlIdOf(text) === '1') late = () => socket.write(framed(ack('AA', '1')))
        else socket.write(framed(ack('AE', '2')))
      },
      { connections: 1 },
      clock,
    )
    const first = at.send(adt('1'))
    while (at.receiver.received.length === 0) await new Promise((go) => setImmediate(go))
    clock.advance(30_000)
    assert.deepEqual(known(await first), LATE)
    const second = at.send(adt('2'))
    late()
    assert.equal((await second).kind, 'transient')
    assert.equal(at.receiver.connectionCount(), 2)
  })

  test('for the message before, in front of its own, does not count', async (t) => {
    const at = await openedDestination(t, (text, socket) => {
      const id = controlIdOf(text)
      if (id === '2') socket.write(framed(ack('AA', '1')))
      socket.write(framed(ack('AA', id)))
    })
    assert.deepEqual(known(await at.send(adt('1'))), ACCEPTED)
    assert.deepEqual(known(await at.send(adt('2'))), WRONG)
  })

  test('that nothing waits for ends the connection, and settles no later message', async (t) => {
    const at = await openedDestination(t, (text, socket) => {
      socket.write(framed(ack('AA', controlIdOf(text))))
      if (controlIdOf(text) === '1') socket.write(framed(ack('AA', '2')))
      else if (controlIdOf(text) === '2') socket.write(framed(ack('AR', '2')))
    })
    assert.deepEqual(known(await at.send(adt('1'))), ACCEPTED)
    await at.log.whenLogged('mllp.answer-refused')
    await whenClosed(at.receiver.sockets[0]!)
    assert.deepEqual(known(await at.send(adt('2'))), ACCEPTED)
    assert.equal(at.receiver.connectionCount(), 2)
  })

  test('AA after CA, in enhanced mode, is skipped on a connection that goes on', async (t) => {
    const at = await openedDestination(
      t,
      (text, socket) => {
        const id = controlIdOf(text)
        socket.write(framed(ack('CA', id)))
        if (id === '1') socket.write(framed(ack('AA', id)))
        // The AA for message 2 arrives while message 3 waits.
        if (id === '3')
          socket.write(Buffer.concat([framed(ack('AA', '2')), framed(ack('CA', '3'))]))
      },
      { connections: 1 },
    )
    for (const id of ['1', '2', '3']) assert.deepEqual(known(await at.send(adt(id))), ACCEPTED)
    assert.equal(at.receiver.connectionCount(), 1)
  })
})
