import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import { createServer as createTlsServer, type ServerOptions } from 'node:https'
import { type AddressInfo, createServer as createSocketServer, type Socket } from 'node:net'
import { describe, type TestContext, test } from 'node:test'
import { systemPorts, virtualClock } from '@almoner/core'
import { type AllowedOrigin, type EgressInit, httpEgress } from './index.ts'
import { certificate, type RecordingLog, recordingLog } from './testing/mllp-peer.ts'

const TLS_1_1: ServerOptions = {
  minVersion: 'TLSv1',
  maxVersion: 'TLSv1.1',
  ciphers: 'DEFAULT@SECLEVEL=0',
}
const LIMITS = { timeoutMs: 5_000, bytesMax: 1_000 }

type Listening = { readonly port: number }

async function listening(
  t: TestContext,
  server: ReturnType<typeof createServer | typeof createTlsServer | typeof createSocketServer>,
): Promise<Listening> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => sockets.add(socket))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  // A TCP server that listens has an address of this shape.
  return { port: (server.address() as AddressInfo).port }
}

function egressTo(
  t: TestContext,
  allow: readonly AllowedOrigin[],
  log: RecordingLog = recordingLog(),
) {
  const egress = httpEgress({ allow, ports: systemPorts, log })
  t.after(() => egress.close())
  return egress
}

async function plain(t: TestContext, listener: RequestListener) {
  const { port } = await listening(t, createServer(listener))
  const origin = `http://127.0.0.1:${port}`
  const log = recordingLog()
  const egress = egressTo(t, [{ origin, recipient: 'X26' }], log)
  return { egress, origin, log, port }
}

describe('httpEgress', () => {
  test('sends method, path, headers and body, and gives back the whole answer', async (t) => {
    const seen: unknown[] = []
    const { egress, origin } = await plain(t, async (request, response) => {
      const body = Buffer.concat(await Array.fromAsync<Buffer>(request)).toString()
      const { 'x-request-id': id, 'content-length': length } = request.headers
      seen.push([request.method, request.url, id, length, body])
      response.writeHead(201, { 'content-type': 'application/fhir+json', 'set-cookie': ['a', 'b'] })
      response.end('{"resourceType":"Patient"}')
    })
    const init: EgressInit = {
      method: 'POST',
      headers: { 'X-Request-ID': '7' },
      body: '{"é":1}',
    }
    const response = await egress.request(`${origin}/Patient?_id=1#part`, init, LIMITS)
    assert.deepEqual(seen, [['POST', '/Patient?_id=1', '7', '8', '{"é":1}']])
    assert.equal(response.status, 201)
    assert.equal(response.headers.get('content-type'), 'application/fhir+json')
    assert.deepEqual(response.headers.getSetCookie(), ['a', 'b'])
    assert.deepEqual(await response.json(), { resourceType: 'Patient' })
  })

  for (const [what, body, expected] of [
    [
      'a form',
      new URLSearchParams({ grant_type: 'a b' }),
      'application/x-www-form-urlencoded;charset=UTF-8 grant_type=a+b',
    ],
    ['bytes', Uint8Array.of(0x41, 0x42), 'undefined AB'],
    ['nothing', undefined, 'undefined '],
  ] as const) {
    test(`sends ${what} as a body`, async (t) => {
      const { egress, origin } = await plain(t, async (request, response) => {
        const sent = Buffer.concat(await Array.fromAsync<Buffer>(request)).toString()
        response.end(`${request.headers['content-type']} ${sent}`)
      })
      const response = await egress.request(origin, { method: 'POST', body }, LIMITS)
      assert.equal(await response.text(), expected)
    })
  }

  test('gives back an answer without a body', async (t) => {
    const { egress, origin } = await plain(t, (_request, response) => response.writeHead(204).end())
    const response = await egress.request(origin, { method: 'DELETE' }, LIMITS)
    assert.deepEqual([response.status, response.body], [204, null])
  })

  test('gives back what the server failed with, as an answer', async (t) => {
    const { egress, origin } = await plain(t, (_request, response) =>
      response.writeHead(503, { 'retry-after': '120' }).end('later'),
    )
    const response = await egress.request(origin, {}, LIMITS)
    assert.deepEqual([response.status, response.headers.get('retry-after')], [503, '120'])
  })

  test('keeps its connection for the next request', async (t) => {
    const ports = new Set<number | undefined>()
    const { egress, origin } = await plain(t, (request, response) => {
      ports.add(request.socket.remotePort)
      response.end('x')
    })
    for (let count = 0; count < 3; count++) await egress.request(origin, {}, LIMITS)
    assert.equal(ports.size, 1)
  })

  test('never follows a redirect, even to the same origin', async (t) => {
    const paths: (string | undefined)[] = []
    const { egress, origin } = await plain(t, (request, response) => {
      paths.push(request.url)
      response
        .writeHead(302, { location: request.url === '/a' ? '/b' : 'https://evil.example' })
        .end()
    })
    const response = await egress.request(`${origin}/a`, {}, LIMITS)
    assert.deepEqual([response.status, response.headers.get('location')], [302, '/b'])
    assert.deepEqual(paths, ['/a'])
  })
})

describe('the list of allowed origins', () => {
  for (const [why, url] of [
    ['another host', 'http://localhost:PORT/'],
    ['another port', 'http://127.0.0.1:1/'],
    ['another scheme', 'https://127.0.0.1:PORT/'],
    ['no HTTP', 'file:///etc/passwd'],
    ['a user name that looks like the host', 'http://127.0.0.1:PORT@evil.example/'],
    ['credentials', 'http://user:secret@127.0.0.1:PORT/'],
    ['no URL', '9434765919'],
  ] as const) {
    test(`stops a request to ${why}, and nothing is sent`, async (t) => {
      let requestCount = 0
      const { egress, port, log } = await plain(t, (_request, response) => {
        requestCount++
        response.end()
      })
      const target = url.replace('PORT', String(port))
      await assert.rejects(egress.request(target, {}, LIMITS), {
        code: 'TRANSPORT_EGRESS_REFUSED',
      })
      assert.equal(requestCount, 0)
      assert.ok(!JSON.stringify(log.events).match(/9434765919|secret|passwd/))
    })
  }

  test('stops a request with a host header of its own', async (t) => {
    const { egress, origin } = await plain(t, (_request, response) => response.end())
    const init = { headers: { Host: 'evil.example' } }
    await assert.rejects(egress.request(origin, init, LIMITS), { code: 'TRANSPORT_EGRESS_REFUSED' })
  })

  test('never logs path or query', async (t) => {
    const { egress, origin, log } = await plain(t, (_request, response) => response.end())
    await egress.request(`${origin}/Patient/9434765919?family=BLENKINSOP`, {}, LIMITS)
    const { recipient, status } = await log.whenLogged('egress.answered')
    assert.deepEqual([recipient, status], ['X26', 200])
    assert.ok(!JSON.stringify(log.events).match(/9434765919|BLENKINSOP/))
  })

  for (const origin of ['http://10.0.0.1', 'http://pds.nhs.uk', 'http://localhost.evil.example']) {
    test(`refuses ${origin}: patient data never travels in clear`, () => {
      assert.throws(
        () =>
          httpEgress({
            allow: [{ origin, recipient: 'X26' }],
            ports: systemPorts,
            log: recordingLog(),
          }),
        { code: 'TRANSPORT_PLAIN_REFUSED' },
      )
    })
  }

  for (const [why, origins] of [
    ['has a path', ['https://pds.nhs.uk/fhir']],
    ['has credentials', ['https://user@pds.nhs.uk']],
    ['is no HTTP', ['ftp://pds.nhs.uk']],
    ['is no URL', ['pds.nhs.uk']],
    ['is listed twice', ['https://pds.nhs.uk', 'https://PDS.nhs.uk/']],
  ] as const) {
    test(`refuses an entry that ${why}`, () => {
      const allow = origins.map((origin) => ({ origin, recipient: 'X26' }))
      assert.throws(() => httpEgress({ allow, ports: systemPorts, log: recordingLog() }), {
        code: 'CORE_CONFIG_INVALID',
      })
    })
  }
})

describe('the limits of a request', () => {
  for (const [how, respond] of [
    ['says so in its head', { 'content-length': '1001' }],
    ['says nothing of it', {}],
  ] as const) {
    test(`stop an answer that is too large and ${how}`, async (t) => {
      const { egress, origin } = await plain(t, (_request, response) => {
        response.writeHead(200, respond)
        response.end(Buffer.alloc(1_001))
      })
      await assert.rejects(egress.request(origin, {}, LIMITS), {
        code: 'TRANSPORT_ANSWER_TOO_LARGE',
      })
    })
  }

  test('let an answer through that is just as large as allowed', async (t) => {
    const { egress, origin } = await plain(t, (_request, response) =>
      response.end(Buffer.alloc(1_000)),
    )
    const response = await egress.request(origin, {}, LIMITS)
    assert.equal((await response.bytes()).length, 1_000)
  })

  for (const [why, listener] of [
    ['never answers', () => undefined],
    ['never ends its answer', (_request, response) => void response.write('x')],
  ] as const satisfies readonly (readonly [string, RequestListener])[]) {
    test(`end a request to a server that ${why}`, async (t) => {
      const clock = virtualClock(0)
      const { port } = await listening(
        t,
        createServer(async (request, response) => {
          listener(request, response)
          // Turns enough for what was written to arrive.
          for (let turn = 0; turn < 20; turn++) await new Promise((go) => setImmediate(go))
          clock.advance(5_000)
        }),
      )
      const origin = `http://127.0.0.1:${port}`
      const egress = httpEgress({
        allow: [{ origin, recipient: 'X26' }],
        ports: { ...systemPorts, clock },
        log: recordingLog(),
      })
      await assert.rejects(egress.request(origin, {}, LIMITS), { code: 'TRANSPORT_NO_ANSWER' })
      egress.close()
    })
  }

  test('end a request before anything is sent, when no handshake ends in time', async (t) => {
    const clock = virtualClock(0)
    const { port } = await listening(
      t,
      createSocketServer((socket) => {
        socket.on('error', () => undefined)
        // The first bytes of its handshake: the connection stands.
        socket.once('data', () => clock.advance(5_000))
      }),
    )
    const origin = `https://127.0.0.1:${port}`
    const egress = httpEgress({
      allow: [{ origin, recipient: 'X26' }],
      ports: { ...systemPorts, clock },
      log: recordingLog(),
    })
    await assert.rejects(egress.request(origin, {}, LIMITS), { code: 'TRANSPORT_UNREACHABLE' })
    egress.close()
  })

  test('end a request that is aborted, before or under way', async (t) => {
    const abort = new AbortController()
    const { egress, origin } = await plain(t, () => abort.abort())
    const limits = { ...LIMITS, signal: abort.signal }
    await assert.rejects(egress.request(origin, {}, limits), { code: 'TRANSPORT_ABORTED' })
    await assert.rejects(egress.request(origin, {}, limits), { code: 'TRANSPORT_ABORTED' })
  })
})

describe('a broken exchange', () => {
  async function raw(t: TestContext, serve: (socket: Socket) => void) {
    const { port } = await listening(t, createSocketServer(serve))
    const origin = `http://127.0.0.1:${port}`
    return { egress: egressTo(t, [{ origin, recipient: 'X26' }]), origin }
  }

  for (const [why, answer, code] of [
    ['closes without an answer', '', 'TRANSPORT_CONNECTION_LOST'],
    [
      'cuts its answer short',
      'HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nx',
      'TRANSPORT_CONNECTION_LOST',
    ],
    ['speaks no HTTP', 'hello\r\n\r\n', 'TRANSPORT_CONNECTION_LOST'],
    [
      'answers a status that HTTP does not have',
      'HTTP/1.1 999 X\r\ncontent-length: 0\r\n\r\n',
      'TRANSPORT_WRONG_ANSWER',
    ],
  ] as const) {
    test(`is reported as ${code} when the server ${why}`, async (t) => {
      const { egress, origin } = await raw(t, (socket) => {
        socket.on('error', () => undefined)
        socket.once('data', () => socket.end(answer))
      })
      await assert.rejects(egress.request(origin, {}, LIMITS), { code })
    })
  }

  test('is reported as lost when the server resets it', async (t) => {
    const { egress, origin } = await raw(t, (socket) => {
      socket.once('data', () => socket.resetAndDestroy())
    })
    await assert.rejects(egress.request(origin, {}, LIMITS), { code: 'TRANSPORT_CONNECTION_LOST' })
  })

  test('is reported as never sent when nobody listens', async (t) => {
    const server = createServer()
    const { port } = await listening(t, server)
    server.close()
    await once(server, 'close')
    const origin = `http://localhost:${port}`
    const egress = egressTo(t, [{ origin, recipient: 'X26' }])
    await assert.rejects(egress.request(origin, {}, LIMITS), { code: 'TRANSPORT_UNREACHABLE' })
  })

  test('is ended by closing', async (t) => {
    const server = createServer(() => egress.close())
    const { port } = await listening(t, server)
    const origin = `http://127.0.0.1:${port}`
    const egress = egressTo(t, [{ origin, recipient: 'X26' }])
    await assert.rejects(egress.request(origin, {}, LIMITS), { code: 'TRANSPORT_CONNECTION_LOST' })
  })
})

describe('httpEgress with TLS', () => {
  const pem = (name: string): Buffer => readFileSync(certificate(name))
  const ca = certificate('ca.cert')

  async function secure(t: TestContext, name: string, more: ServerOptions = {}) {
    const options = { cert: pem(`${name}.cert`), key: pem(`${name}.key`), ...more }
    let requestCount = 0
    const server = createTlsServer(options, (_request, response) => {
      requestCount++
      response.end('secret')
    })
    const { port } = await listening(t, server)
    return { origin: `https://localhost:${port}`, requestCount: () => requestCount }
  }

  test('reaches a server that it trusts', async (t) => {
    const { origin } = await secure(t, 'server')
    const egress = egressTo(t, [{ origin, recipient: 'X26', tls: { ca } }])
    assert.equal(await (await egress.request(origin, {}, LIMITS)).text(), 'secret')
  })

  test('shows its own certificate to a server that demands one', async (t) => {
    const { origin } = await secure(t, 'server', { ca: pem('ca.cert'), requestCert: true })
    const tls = { ca, cert: certificate('client.cert'), key: certificate('client.key') }
    const egress = egressTo(t, [{ origin, recipient: 'X26', tls }])
    assert.equal(await (await egress.request(origin, {}, LIMITS)).text(), 'secret')
  })

  for (const [why, name, tls, more] of [
    ['whose authority it does not trust', 'foreign', { ca }, {}],
    ['whose authority only others trust', 'server', undefined, {}],
    ['with another name', 'server', { ca, servername: 'pds.nhs.uk' }, {}],
    ['that demands a certificate', 'server', { ca }, { ca: pem('ca.cert'), requestCert: true }],
    ['that knows only TLS 1.1', 'server', { ca }, TLS_1_1],
  ] as const) {
    test(`gets nothing through to a server ${why}`, async (t) => {
      const { origin, requestCount } = await secure(t, name, more)
      const egress = egressTo(t, [{ origin, recipient: 'X26', tls }])
      await assert.rejects(egress.request(origin, {}, LIMITS), { code: 'TRANSPORT_TLS_FAILED' })
      assert.equal(requestCount(), 0)
    })
  }

  test('says which file cannot be used, and looks again for the next request', async (t) => {
    const { origin } = await secure(t, 'server')
    const egress = egressTo(t, [{ origin, recipient: 'X26', tls: { ca: certificate('nobody') } }])
    for (let count = 0; count < 2; count++) {
      await assert.rejects(egress.request(origin, {}, LIMITS), {
        code: 'TRANSPORT_TLS_FILES',
        where: 'tls.ca',
      })
    }
  })
})
