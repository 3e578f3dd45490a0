/**
 * What outsiders can do wrong on an MLLP port, over real sockets. Whatever comes, the process
 * lives, a neighbour's message is taken and processed, and the bad one leaves a trace.
 */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { loadSite, type RunningSite, runSite } from '@almoner/app'
import { silentLog, systemPorts } from '@almoner/core'
import { frame, readAck } from '@almoner/hl7v2'
import { type Receiver, startReceiver } from '@almoner/simulators'
import type { MessageRow } from '@almoner/store'

const SITE = new URL('../crash/site.ts', import.meta.url).pathname
const folder = mkdtempSync(join(tmpdir(), 'almoner-bad-'))
let running: RunningSite
let receiver: Receiver
let port: number

before(async () => {
  receiver = await startReceiver({ ports: systemPorts, log: silentLog })
  const given = (name: string): number => (name === 'sink' ? receiver.port : 0)
  const { site } = await loadSite(SITE, { port: given })
  const onFatal = (error: unknown): void => assert.fail(String(error))
  running = await runSite(site, { folder, ports: systemPorts, log: silentLog, onFatal })
  port = running.engine.sources.get('in')!.port
})

after(async () => {
  await running.stop()
  await receiver.stop()
  rmSync(folder, { recursive: true })
})

const good = (controlId: string, patient = 'N1'): string =>
  [
    `MSH|^~\\&|PAS|RZZ|HUB|RZZ01|20260105120000||ADT^A31^ADT_A05|${controlId}|P|2.4`,
    'EVN|A31|20260105120000',
    `PID|1||${patient}^^^RZZ^MR||EXAMPLE^ANN||19700101|2`,
    'PV1|1|N',
    '',
  ].join('\r')

/** Sends raw bytes on a connection of their own and gives all that came back. */
function exchange(
  bytes: Uint8Array,
  done: (answer: Buffer) => boolean = (answer) => answer.includes('\x1c\r'),
): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = Buffer.alloc(0)
    const finish = (): void => {
      socket.destroy()
      resolve(answer.toString('latin1'))
    }
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes))
    socket.setTimeout(8_000, finish)
    socket.on('error', reject)
    socket.on('close', finish)
    socket.on('data', (chunk: Buffer) => {
      answer = Buffer.concat([answer, chunk])
      if (done(answer)) finish()
    })
  })
}

const ackOf = (answer: string): string | undefined =>
  readAck(answer.replaceAll(/[\x0b\x1c]/g, ''))?.code

async function newest(): Promise<MessageRow> {
  await running.engine.idle()
  const view = running.store.view({ kind: 'system', id: 'proof', name: 'proof' }, 'audit')
  return (await view.messages({}, { countMax: 1 }))[0]!
}

let neighbours = 0
/** A well-behaved sender next door must not notice anything. */
async function neighbourIsServed(): Promise<void> {
  neighbours += 1
  const message = good(`N${neighbours}`, 'NEIGHBOUR')
  assert.equal(ackOf(await exchange(frame(Buffer.from(message)))), 'AA')
  assert.equal((await newest()).state, 'done')
}

describe('on an MLLP port', () => {
  const text = good('X')
  for (const [what, message, code] of [
    ['something that is not HL7', 'GET / HTTP/1.1\r\n\r\n', 'HL7_NO_MSH'],
    ['a message without MSH', text.slice(text.indexOf('EVN')), 'HL7_NO_MSH'],
    ['an empty message', '', 'HL7_NO_MSH'],
    ['nothing but NUL bytes', '\0'.repeat(500), 'HL7_NO_MSH'],
    ['a message without MSH-10', good(''), 'ENGINE_NO_CONTROL_ID'],
    ['a type that no route takes', good('X1').replace('ADT^A31', 'ZZZ^Z01'), 'ENGINE_NO_ROUTE'],
  ] as const) {
    test(`${what} gets AR, is kept as a dead letter, and harms nobody`, async () => {
      assert.equal(ackOf(await exchange(frame(Buffer.from(message)))), 'AR')
      const row = await newest()
      assert.deepEqual([row.state, row.code], ['dead', code])
      await neighbourIsServed()
    })
  }

  test('an unknown trigger of a known type is taken and kept for a person to see', async () => {
    const message = good('X2').replace('ADT^A31^ADT_A05', 'ADT^A99')
    assert.equal(ackOf(await exchange(frame(Buffer.from(message)))), 'AA')
    const row = await newest()
    assert.deepEqual([row.state, row.code], ['dead', 'MAP_UNSUPPORTED_MESSAGE'])
    await neighbourIsServed()
  })

  test('a message of another charset than it says is taken, with the difference on record', async () => {
    const message = good('X3', 'N3').replace('|2.4', '|2.4||||||UNICODE UTF-8')
    const bytes = Buffer.from(message.replace('ANN', 'ZO\xc9'), 'latin1')
    assert.equal(ackOf(await exchange(frame(bytes))), 'AA')
    const row = await newest()
    assert.equal(row.state, 'done')
    assert.ok(
      row.flags.some((flag) => flag.includes('CHARSET')),
      row.flags.join(),
    )
  })

  test('a message cut at any place is answered, never with a crash', async () => {
    for (let length = 0; length < text.length; length += 7) {
      const code = ackOf(await exchange(frame(Buffer.from(text.slice(0, length)))))
      assert.ok(code === 'AA' || code === 'AR', `cut at ${length}: ${code}`)
    }
    await neighbourIsServed()
  })

  test('a frame that arrives byte by byte is one message', async () => {
    const bytes = frame(Buffer.from(good('X4')))
    const socket = connect(port, '127.0.0.1').setNoDelay(true)
    const answered = new Promise<string>((resolve) =>
      socket.once('data', (chunk: Buffer) => resolve(chunk.toString('latin1'))),
    )
    for (const byte of bytes) {
      await new Promise<void>((resolve) => socket.write(Uint8Array.of(byte), () => resolve()))
    }
    assert.equal(ackOf(await answered), 'AA')
    socket.destroy()
  })

  test('garbage before and between frames is passed over, the frames count', async () => {
    const bytes = Buffer.concat([
      Buffer.from('garbage\r\n'),
      frame(Buffer.from(good('X5'))),
      Buffer.from('\r\n\r\nmore'),
      frame(Buffer.from(good('X6'))),
    ])
    const twice = (answer: Buffer): boolean => answer.toString('latin1').split('\x1c\r').length > 2
    const answer = await exchange(bytes, twice)
    assert.match(answer, /MSA\|AA\|X5/)
    assert.match(answer, /MSA\|AA\|X6/)
  })

  test('a second start byte inside a frame drops the torn one and keeps the whole one', async () => {
    const torn = Buffer.concat([Buffer.of(0x0b), Buffer.from(good('X7').slice(0, 60))])
    const answer = await exchange(Buffer.concat([torn, frame(Buffer.from(good('X8')))]))
    assert.match(answer, /MSA\|AA\|X8/)
  })

  test('a message of 50 MB is refused without being held in memory, and the next is taken', async () => {
    const huge = good('X9').replace('EXAMPLE', 'E'.repeat(50 * 1024 * 1024))
    const bytes = Buffer.concat([frame(Buffer.from(huge)), frame(Buffer.from(good('X10')))])
    const answer = await exchange(bytes, (sofar) => sofar.includes('|X10'))
    assert.match(answer, /MSA\|AR\|X9/)
    assert.match(answer, /MSA\|AA\|X10/)
    await neighbourIsServed()
  })

  test('a sender that never ends its frame holds up nobody', async () => {
    const socket = connect(port, '127.0.0.1', () => socket.write(Buffer.from('\x0bMSH|^~\\&|PAS')))
    await neighbourIsServed()
    socket.destroy()
  })

  test('a sender that goes away before its answer finds its message kept', async () => {
    const socket = connect(port, '127.0.0.1')
    await new Promise<void>((resolve) =>
      socket.write(frame(Buffer.from(good('X11', 'N11'))), () => resolve()),
    )
    socket.resume().end()
    await new Promise<void>((resolve) => socket.once('close', () => resolve()))
    const again = await exchange(frame(Buffer.from(good('X11', 'N11'))))
    assert.equal(ackOf(again), 'AA')
    await running.engine.idle()
    const delivered = receiver.received.filter((one) => one.controlId === 'X11')
    assert.equal(delivered.length, 1)
  })
})
