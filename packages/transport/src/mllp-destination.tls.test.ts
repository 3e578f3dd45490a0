import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { describe, type TestContext, test } from 'node:test'
import type { TlsOptions } from 'node:tls'
import { type Inbound, type Outcome, systemPorts, virtualClock } from '@almoner/core'
import { mllpDestination, mllpSource, type TlsClientFiles } from './index.ts'
import {
  ack,
  adt,
  answering,
  certificate,
  controlIdOf,
  recordingLog,
  startReceiver,
} from './testing/mllp-peer.ts'

const pem = (name: string): Buffer => readFileSync(certificate(name))
const ca = certificate('ca.cert')
const clientFiles = { cert: certificate('client.cert'), key: certificate('client.key') }
const serverOf = (name: string): TlsOptions => ({
  cert: pem(`${name}.cert`),
  key: pem(`${name}.key`),
})

async function sendTo(
  t: TestContext,
  port: number,
  tls: TlsClientFiles,
  more: { readonly host?: string } = {},
  clock = systemPorts.clock,
) {
  const log = recordingLog()
  const options = { host: 'localhost', port, recipient: 'RXX', tls, ...more }
  const destination = await mllpDestination('lab', options).open({
    ports: { ...systemPorts, clock },
    log,
  })
  t.after(() => destination.close())
  const bytes = Buffer.from(adt('1'))
  const delivery = { idempotencyKey: 'k', attempt: 1, maybeRepeat: false, bytes }
  const outcome = await destination.deliver(delivery, new AbortController().signal)
  return { outcome, log }
}

const isTlsFailure = (outcome: Outcome): void =>
  assert.deepEqual(outcome, { kind: 'transient', code: 'TRANSPORT_TLS_FAILED', scope: 'link' })

describe('an MLLP destination with TLS', () => {
  for (const host of ['localhost', '127.0.0.1']) {
    test(`reaches a receiver at ${host} whose certificate it trusts`, async (t) => {
      const receiver = await startReceiver(answering('AA'), serverOf('server'))
      t.after(() => receiver.close())
      const { outcome } = await sendTo(t, receiver.port, { ca }, { host })
      assert.equal(outcome.kind, 'accepted')
    })
  }

  test('shows its certificate to an MLLP source that requires one', async (t) => {
    const inbound: Inbound[] = []
    const tls = {
      cert: certificate('server.cert'),
      key: certificate('server.key'),
      ca,
      requireClient: true,
    }
    const source = await mllpSource('pas', { port: 0, organisation: 'RXX', tls }).open(
      async (one) => {
        inbound.push(one)
        return Buffer.from(ack('AA', controlIdOf(Buffer.from(one.bytes).toString())))
      },
      { ports: systemPorts, log: recordingLog() },
    )
    t.after(() => source.close())
    const { outcome } = await sendTo(t, source.port, { ca, ...clientFiles })
    assert.equal(outcome.kind, 'accepted')
    assert.match(inbound[0]?.peer.subject ?? '', /CN=pas\.rxx\.nhs\.example/)
  })

  for (const [why, server, tls, reason] of [
    ['an authority that it does not trust', 'foreign', { ca }, /UNABLE_TO|SELF_SIGNED/],
    ['an authority that only others trust', 'server', {}, /UNABLE_TO|SELF_SIGNED/],
    ['another name', 'server', { ca, servername: 'lab.rxx' }, /ERR_TLS_CERT_ALTNAME_INVALID/],
  ] as const) {
    test(`sends nothing to a receiver whose certificate has ${why}`, async (t) => {
      const receiver = await startReceiver(answering('AA'), serverOf(server))
      t.after(() => receiver.close())
      const { outcome, log } = await sendTo(t, receiver.port, tls)
      isTlsFailure(outcome)
      assert.match(String((await log.whenLogged('mllp.connect-failed'))['where']), reason)
      assert.deepEqual(receiver.received, [])
    })
  }

  for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
    test(`knows that a receiver which demands a certificate read nothing (${maxVersion})`, async (t) => {
      const receiver = await startReceiver(answering('AA'), {
        ...serverOf('server'),
        ca: pem('ca.cert'),
        requestCert: true,
        maxVersion,
      })
      t.after(() => receiver.close())
      const { outcome } = await sendTo(t, receiver.port, { ca })
      isTlsFailure(outcome)
      assert.deepEqual(receiver.received, [])
    })
  }

  test('sends nothing to a receiver that knows only TLS 1.1', async (t) => {
    const receiver = await startReceiver(answering('AA'), {
      ...serverOf('server'),
      minVersion: 'TLSv1',
      maxVersion: 'TLSv1.1',
      ciphers: 'DEFAULT@SECLEVEL=0',
    })
    t.after(() => receiver.close())
    isTlsFailure((await sendTo(t, receiver.port, { ca })).outcome)
  })

  test('gives up on a receiver that never finishes the handshake', async (t) => {
    const clock = virtualClock(0)
    const server = createServer((socket) => {
      socket.on('error', () => undefined)
      // The first bytes of its handshake: the connection stands.
      socket.once('data', () => clock.advance(10_000))
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    t.after(() => server.close())
    const address = server.address()
    assert.ok(typeof address === 'object' && address !== null)
    isTlsFailure((await sendTo(t, address.port, { ca }, {}, clock)).outcome)
  })

  test('does not open with files that cannot be used', async () => {
    for (const tls of [{ ca: certificate('nobody') }, { ca, cert: clientFiles.cert }]) {
      const destination = mllpDestination('lab', { host: 'lab', port: 1, recipient: 'RXX', tls })
      await assert.rejects(destination.open({ ports: systemPorts, log: recordingLog() }), {
        code: 'TRANSPORT_TLS_FILES',
      })
    }
  })
})
