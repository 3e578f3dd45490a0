import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, type TestContext, test } from 'node:test'
import { type AlmonerError, type Clock, systemPorts, virtualClock } from '@almoner/core'
import { type MllpTargetOptions, sendFrames } from './index.ts'
import {
  ack,
  adt,
  answering,
  answerOf,
  certificate,
  controlIdOf,
  framed,
  type Receiver,
  recordingLog,
  startReceiver,
} from './testing/mllp-peer.ts'

async function started(
  t: TestContext,
  onMessage: Parameters<typeof startReceiver>[0],
): Promise<Receiver> {
  const receiver = await startReceiver(onMessage)
  t.after(() => receiver.close())
  return receiver
}

async function send(
  port: number,
  texts: readonly string[],
  more: Partial<MllpTargetOptions> = {},
  { signal, clock = systemPorts.clock }: { signal?: AbortSignal; clock?: Clock } = {},
): Promise<readonly string[]> {
  const target = { host: '127.0.0.1', port, ...more }
  const messages = texts.map((text) => Buffer.from(text, 'latin1'))
  const deps = { ports: { ...systemPorts, clock }, log: recordingLog() }
  return await Array.fromAsync(sendFrames(target, messages, deps, signal))
}

describe('sendFrames', () => {
  test('sends one message after another over one connection and yields each answer', async (t) => {
    const receiver = await started(t, (text, socket) => {
      const id = controlIdOf(text)
      answering(id === '2' ? 'AE' : 'AA')(text, socket)
    })
    const answers = await send(receiver.port, [adt('1'), adt('2'), adt('3')])
    assert.deepEqual(answers.map(answerOf), ['AA 1', 'AE 2', 'AA 3'])
    assert.equal(answers[0], ack('AA', '1'))
    assert.equal(receiver.connectionCount(), 1)
  })

  test('sends the next message only when the caller asks for it', async (t) => {
    const receiver = await started(t, answering('AA'))
    const target = { host: '127.0.0.1', port: receiver.port }
    const messages = [Buffer.from(adt('1')), Buffer.from(adt('2'))]
    for await (const answer of sendFrames(target, messages, {
      ports: systemPorts,
      log: recordingLog(),
    })) {
      assert.equal(answerOf(answer), 'AA 1')
      break
    }
    assert.deepEqual(receiver.received.map(controlIdOf), ['1'])
  })

  test('takes any answer to a message that has no control id', async (t) => {
    const receiver = await started(t, (_text, socket) => void socket.write(framed(ack('AR', ''))))
    const answers = await send(receiver.port, ['PID|1\r', adt('')])
    assert.deepEqual(answers.map(answerOf), ['AR', 'AR'])
  })

  test('connects again when the receiver closes after an answer', async (t) => {
    const receiver = await started(t, (text, socket) => {
      socket.end(framed(ack('AA', controlIdOf(text))))
    })
    async function* slowly() {
      for (const id of ['1', '2']) {
        yield Buffer.from(adt(id))
        while (receiver.sockets.at(-1)?.destroyed === false) {
          await new Promise((resolve) => setImmediate(resolve))
        }
      }
    }
    const target = { host: '127.0.0.1', port: receiver.port }
    const deps = { ports: systemPorts, log: recordingLog() }
    const answers = await Array.fromAsync(sendFrames(target, slowly(), deps))
    assert.deepEqual(answers.map(answerOf), ['AA 1', 'AA 2'])
  })

  for (const [why, onMessage, code] of [
    ['closes', (_text, socket) => void socket.end(), 'TRANSPORT_CONNECTION_LOST'],
    [
      'answers another message',
      (_text, socket) => void socket.write(framed(ack('AA', '9'))),
      'TRANSPORT_WRONG_ANSWER',
    ],
  ] as const satisfies readonly (readonly [
    string,
    Parameters<typeof startReceiver>[0],
    string,
  ])[]) {
    test(`fails with ${code} when the receiver ${why}`, async (t) => {
      const receiver = await started(t, onMessage)
      await assert.rejects(send(receiver.port, [adt('1')]), { code })
    })
  }

  test('fails when the receiver does not answer', async (t) => {
    const clock = virtualClock(0)
    const receiver = await started(t, () => clock.advance(30_000))
    await assert.rejects(send(receiver.port, [adt('1')], {}, { clock }), {
      code: 'TRANSPORT_NO_ANSWER',
    })
  })

  test('keeps the wrong answer as private detail', async (t) => {
    const receiver = await started(t, (_text, socket) => void socket.write(framed(ack('AA', '9'))))
    await assert.rejects(send(receiver.port, [adt('1')]), (thrown: AlmonerError) => {
      assert.equal(thrown.detail, ack('AA', '9'))
      assert.ok(!thrown.message.includes('MSA'))
      return true
    })
  })

  test('fails when nobody listens', async (t) => {
    const receiver = await started(t, answering('AA'))
    await receiver.close()
    await assert.rejects(send(receiver.port, [adt('1')]), { code: 'TRANSPORT_UNREACHABLE' })
  })

  test('stops when it is aborted', async (t) => {
    const abort = new AbortController()
    const receiver = await started(t, () => abort.abort())
    await assert.rejects(send(receiver.port, [adt('1')], {}, { signal: abort.signal }), {
      code: 'TRANSPORT_ABORTED',
    })
    await assert.rejects(send(receiver.port, [adt('1')], {}, { signal: abort.signal }), {
      code: 'TRANSPORT_ABORTED',
    })
  })

  test('refuses to send in clear to another machine', async () => {
    await assert.rejects(send(2_575, [adt('1')], { host: '10.0.0.1' }), {
      code: 'TRANSPORT_PLAIN_REFUSED',
    })
  })

  test('refuses a message that cannot be framed', async (t) => {
    const receiver = await started(t, answering('AA'))
    await assert.rejects(send(receiver.port, [adt('1', '\x0b')]), { code: 'HL7_NOT_FRAMEABLE' })
  })

  test('says that the secure connection failed', async (t) => {
    const tls = {
      cert: readFileSync(certificate('foreign.cert')),
      key: readFileSync(certificate('foreign.key')),
    }
    const receiver = await startReceiver(answering('AA'), tls)
    t.after(() => receiver.close())
    const more = { host: 'localhost', tls: { ca: certificate('ca.cert') } }
    await assert.rejects(send(receiver.port, [adt('1')], more), { code: 'TRANSPORT_TLS_FAILED' })
    assert.deepEqual(receiver.received, [])
  })
})
