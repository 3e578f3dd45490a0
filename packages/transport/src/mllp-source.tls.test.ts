import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { describe, type TestContext, test } from 'node:test'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { type Inbound, systemPorts } from '@almoner/core'
import { mllpSource } from './index.ts'
import {
  ack,
  adt,
  answerOf,
  certificate,
  clientOf,
  connectClient,
  controlIdOf,
  framed,
  recordingLog,
} from './testing/mllp-peer.ts'

const pem = (name: string): Buffer => readFileSync(certificate(name))
const ca = pem('ca.cert')
const identity = (name: string) => ({ ca, cert: pem(`${name}.cert`), key: pem(`${name}.key`) })

async function opened(t: TestContext, { requireClient }: { readonly requireClient: boolean }) {
  const log = recordingLog()
  const inbound: Inbound[] = []
  const tls = {
    cert: certificate('server.cert'),
    key: certificate('server.key'),
    ca: certificate('ca.cert'),
    requireClient,
  }
  const source = await mllpSource('pas', { port: 0, organisation: 'RXX', tls }).open(
    async (one) => {
      inbound.push(one)
      // Long enough for what the client does next to arrive.
      for (let turn = 0; turn < 10; turn++) await new Promise((go) => setImmediate(go))
      return Buffer.from(ack('AA', controlIdOf(Buffer.from(one.bytes).toString())))
    },
    { ports: systemPorts, log },
  )
  t.after(() => source.close())
  return { source, log, inbound }
}

describe('an MLLP source with TLS', () => {
  test('takes messages without a client certificate when it asks for none', async (t) => {
    const { source, inbound } = await opened(t, { requireClient: false })
    const client = await connectClient(source.port, { ca })
    client.write(framed(adt('1')))
    assert.equal(answerOf(await client.next()), 'AA 1')
    assert.equal(inbound[0]?.peer.subject, undefined)
    assert.match(source.address, /^mllps:/)
    client.socket.destroy()
  })

  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
    test(`speaks ${version}`, async (t) => {
      const { source } = await opened(t, { requireClient: true })
      const socket = connectTls({
        port: source.port,
        host: 'localhost',
        maxVersion: version,
        minVersion: version,
        ...identity('client'),
      })
      await once(socket, 'secureConnect')
      assert.equal(socket.getProtocol(), version)
      const client = clientOf(socket)
      client.write(framed(adt('1')))
      assert.equal(answerOf(await client.next()), 'AA 1')
      socket.destroy()
    })
  }

  test('tells accept the subject of a good client certificate', async (t) => {
    const { source, inbound } = await opened(t, { requireClient: true })
    const client = await connectClient(source.port, identity('client'))
    client.write(framed(adt('1')))
    assert.equal(answerOf(await client.next()), 'AA 1')
    assert.equal(inbound[0]?.peer.subject, 'C=GB, O=Riverside Test Trust, CN=pas.rxx.nhs.example')
    client.socket.destroy()
  })

  test('answers a client that has closed its own direction', async (t) => {
    const { source } = await opened(t, { requireClient: true })
    // The types of Node lack this option, which its documentation has.
    const halfOpen: object = { allowHalfOpen: true }
    const socket = connectTls({
      port: source.port,
      host: 'localhost',
      ...halfOpen,
      ...identity('client'),
    })
    await once(socket, 'secureConnect')
    const client = clientOf(socket)
    socket.end(Buffer.concat([framed(adt('1')), framed(adt('2'))]))
    assert.deepEqual((await client.ended).map(answerOf), ['AA 1', 'AA 2'])
  })

  for (const [why, client, reason] of [
    ['no certificate', { ca }, /no certificate/],
    ['an expired certificate', identity('expired'), /CERT_HAS_EXPIRED/],
    ['a certificate of a foreign authority', identity('foreign'), /UNABLE_TO|SELF_SIGNED|DEPTH/],
  ] as const) {
    test(`refuses a client with ${why} before it reads a byte, and harms no neighbour`, async (t) => {
      const { source, log, inbound } = await opened(t, { requireClient: true })
      const neighbour = await connectClient(source.port, identity('client'))
      const refused = await connectClient(source.port, client)
      refused.write(framed(adt('1')))
      assert.deepEqual(await refused.ended, [])
      assert.match(String((await log.whenLogged('mllp.peer-refused'))['why']), reason)
      neighbour.write(framed(adt('2')))
      assert.equal(answerOf(await neighbour.next()), 'AA 2')
      assert.deepEqual(
        inbound.map(({ bytes }) => controlIdOf(Buffer.from(bytes).toString())),
        ['2'],
      )
      neighbour.socket.destroy()
    })
  }

  test('refuses a client that knows only TLS 1.1', async (t) => {
    const { source, log } = await opened(t, { requireClient: false })
    const socket = connectTls({
      port: source.port,
      host: 'localhost',
      ca,
      minVersion: 'TLSv1.1',
      maxVersion: 'TLSv1.1',
      ciphers: 'DEFAULT@SECLEVEL=0',
    })
    await assert.rejects(once(socket, 'secureConnect'))
    await log.whenLogged('mllp.handshake-failed')
  })

  test('never takes a message in clear on a port with TLS', async (t) => {
    const { source, log, inbound } = await opened(t, { requireClient: false })
    const client = clientOf(connect(source.port, '127.0.0.1'))
    client.write(framed(adt('1')))
    await log.whenLogged('mllp.handshake-failed')
    assert.deepEqual(await client.ended, [])
    assert.deepEqual(inbound, [])
  })

  test('looks at the certificate of every connection: no session is resumed', async (t) => {
    const { source } = await opened(t, { requireClient: true })
    for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
      const options = {
        port: source.port,
        host: 'localhost',
        maxVersion,
        ...identity('client'),
      }
      const first = connectTls(options)
      let session: Buffer | undefined
      first.on('session', (given) => (session = given))
      await answered(first)
      session ??= first.getSession()
      first.destroy()
      const second = connectTls({ ...options, ...(session === undefined ? {} : { session }) })
      await answered(second)
      assert.equal(second.isSessionReused(), false)
      second.destroy()
    }
  })

  test('closes at once while a handshake is under way', async (t) => {
    const { source } = await opened(t, { requireClient: false })
    const client = clientOf(connect(source.port, '127.0.0.1'))
    await once(client.socket, 'connect')
    const served = await connectClient(source.port, { ca })
    await source.close()
    assert.deepEqual(await client.ended, [])
    assert.deepEqual(await served.ended, [])
  })

  async function answered(socket: TLSSocket): Promise<void> {
    await once(socket, 'secureConnect')
    const client = clientOf(socket)
    client.write(framed(adt('1')))
    assert.equal(answerOf(await client.next()), 'AA 1')
  }
})

describe('the files of an MLLP source with TLS', () => {
  const good = { cert: certificate('server.cert'), key: certificate('server.key') }
  for (const [why, tls] of [
    ['a certificate that is not there', { ...good, cert: certificate('nobody.cert') }],
    ['a key of another certificate', { ...good, key: certificate('client.key') }],
    ['a certificate that is a key', { ...good, cert: certificate('server.key') }],
    ['an authority that is no PEM', { ...good, ca: import.meta.filename }],
  ] as const) {
    test(`are refused with ${why}`, async () => {
      const source = mllpSource('pas', { port: 0, organisation: 'RXX', tls })
      await assert.rejects(
        source.open(() => assert.fail('open'), { ports: systemPorts, log: recordingLog() }),
        { code: 'TRANSPORT_TLS_FILES' },
      )
    })
  }
})
