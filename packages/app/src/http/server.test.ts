import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { type Log, type LogFields, silentLog } from '@almoner/core'
import type { FastifyInstance } from 'fastify'
import { startTestServer, type TestServer } from './testing/test-server.ts'

let server: TestServer
before(async () => {
  server = await startTestServer({
    metrics: async () => 'almoner_source_messages{source="pas"} 7\n',
  })
})
after(async () => server.app.close())

describe('every answer', () => {
  for (const url of [
    '/fhir/R4/metadata',
    '/fhir/R4/Patient',
    '/desk/sign-in',
    '/health/live',
    '/x',
  ]) {
    test(`of ${url} carries the security headers and is not stored`, async () => {
      const { headers } = await server.app.inject(url)
      assert.match(
        String(headers['content-security-policy']),
        /^default-src 'self';script-src 'self' 'nonce-/,
      )
      assert.match(String(headers['content-security-policy']), /frame-ancestors 'none'/)
      assert.equal(headers['x-content-type-options'], 'nosniff')
      assert.equal(headers['x-frame-options'], 'DENY')
      assert.equal(headers['referrer-policy'], 'same-origin')
      assert.equal(headers['cache-control'], 'no-store')
      assert.equal(headers['strict-transport-security'], undefined)
      assert.equal(headers['x-powered-by'], undefined)
    })
  }

  test('promises TLS to browsers when it is reached over TLS', async () => {
    const { app } = await startTestServer({ publicUrl: 'https://almoner.example/' })
    const response = await app.inject('/fhir/R4/metadata')
    assert.match(String(response.headers['strict-transport-security']), /max-age=31536000/)
    assert.equal(response.json().implementation.url, 'https://almoner.example/fhir/R4')
    await app.close()
  })

  test('repeats a harmless request id and replaces any other', async () => {
    for (const [given, isRepeated] of [
      ['abc-123', true],
      ['a b', false],
      ['x'.repeat(65), false],
      ['<script>', false],
    ] as const) {
      const { headers } = await server.app.inject({
        url: '/health/live',
        headers: { 'x-request-id': given },
      })
      assert.equal(headers['x-request-id'] === given, isRepeated, given)
      assert.ok(String(headers['x-request-id']).length > 0)
    }
  })

  test('builds no link from a Host header that is none', async () => {
    const response = await server.app.inject({
      url: '/fhir/R4/metadata',
      headers: { host: 'evil.example/x?y' },
    })
    assert.equal(response.json().implementation.url, 'http://localhost/fhir/R4')
  })
})

describe('errors', () => {
  test('outside FHIR and desk are a code and a sentence', async () => {
    const response = await server.app.inject('/nothing')
    assert.equal(response.statusCode, 404)
    assert.deepEqual(response.json(), {
      code: 'APP_NOT_FOUND',
      message: 'There is nothing at this address.',
    })
  })

  test('that nobody expected say nothing of what happened', async () => {
    const isReady = () => {
      throw new Error('secret at /opt/site/key.pem')
    }
    const { app } = await startTestServer({ isReady })
    const response = await app.inject('/health/ready')
    assert.equal(response.statusCode, 500)
    assert.equal(response.json().code, 'APP_INTERNAL')
    assert.doesNotMatch(response.body, /secret|stack|\.ts/)
    await app.close()
  })

  test('answer an address that cannot be decoded', async () => {
    const response = await server.app.inject('/fhir/R4/%ZZ')
    assert.equal(response.statusCode, 400)
    assert.equal(response.json().code, 'APP_BAD_REQUEST')
    assert.equal(response.headers['x-content-type-options'], 'nosniff')
  })
})

describe('health', () => {
  test('tells whether the process lives and works, and why not', async () => {
    assert.equal((await server.app.inject('/health/live')).statusCode, 200)
    assert.deepEqual((await server.app.inject('/health/ready')).json(), { status: 'ready' })
    const { app } = await startTestServer({ isReady: () => ({ ready: false, why: 'store full' }) })
    const response = await app.inject('/health/ready')
    assert.equal(response.statusCode, 503)
    assert.deepEqual(response.json(), { status: 'not ready', why: 'store full' })
    await app.close()
  })
})

describe('metrics', () => {
  const ask = (authorization: string | undefined) =>
    server.app.inject({
      url: '/metrics',
      ...(authorization === undefined ? {} : { headers: { authorization } }),
    })

  test('need a token with their scope, also from the same machine', async () => {
    assert.equal((await ask(undefined)).statusCode, 401)
    const other = await ask(`Bearer ${server.token('system/*.rs')}`)
    assert.equal(other.statusCode, 403)
    assert.match(other.body, /^APP_FORBIDDEN: /)
  })

  test('count by state, with the engine’s own, and name no patient', async () => {
    await server.app.inject('/fhir/R4/Patient?identifier=9000000009')
    const { body, statusCode } = await ask(`Bearer ${server.token('metrics')}`)
    assert.equal(statusCode, 200)
    assert.match(body, /^almoner_messages\{state="held"\} 1$/m)
    assert.match(body, /^almoner_deliveries\{state="dead"\} 1$/m)
    assert.match(body, /^almoner_oldest_received_age_seconds 146$/m)
    assert.match(body, /^almoner_source_messages\{source="pas"\} 7$/m)
    assert.match(body, /endpoint="GET \/fhir\/R4\/:type",status="401"/)
    assert.doesNotMatch(body, /9000000009|ASHWORTH|4471902/)
  })
})

describe('the log', () => {
  test('names addresses by their pattern only', async () => {
    const lines: string[] = []
    const keep = (event: string, fields?: LogFields): void =>
      void lines.push(JSON.stringify([event, fields]))
    const log: Log = { ...silentLog, debug: keep, info: keep, warn: keep, error: keep }
    const { app, token } = await startTestServer({ log })
    const authorization = `Bearer ${token('system/*.rs')}`
    await app.inject({ url: '/fhir/R4/Patient?identifier=9000000009', headers: { authorization } })
    await app.inject({ url: '/desk/sign-in?link=secret-of-the-link' })
    await app.inject({ url: '/9000000009' })
    await app.close()
    assert.equal(lines.length >= 3, true)
    assert.match(lines.join('\n'), /GET \/fhir\/R4\/:type/)
    assert.doesNotMatch(lines.join('\n'), /9000000009|secret-of-the-link|test-secret/)
  })
})

describe('a request with a body', () => {
  /** Sends only the headers of a request that announces a body, and gives what comes back. */
  async function headersOnly(app: FastifyInstance, path: string, more: string): Promise<string> {
    const { port } = app.server.address() as { port: number } // listening on TCP
    const socket = connect(port, '127.0.0.1')
    socket.write(
      `POST ${path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/x-www-form-urlencoded\r\n` +
        `content-length: 60000\r\n${more}\r\n`,
    )
    let text = ''
    for await (const chunk of socket) {
      text += String(chunk)
      if (text.includes('\r\n\r\n')) break
    }
    socket.destroy()
    return text
  }

  test('is turned away before any of the body is read when nobody knows the sender', async () => {
    const { app } = await startTestServer()
    await app.listen({ host: '127.0.0.1', port: 0 })
    for (const [path, more, status] of [
      ['/fhir/R4/Patient/_search', '', '401'],
      ['/fhir/R4/Patient/_search', 'authorization: Bearer wrong\r\n', '401'],
      ['/fhir/R4/Patient', '', '401'],
      ['/desk/messages/search', '', '401'],
      ['/desk/messages/x/release', 'cookie: almoner-session=wrong\r\n', '401'],
      ['/desk/sign-in', 'sec-fetch-site: cross-site\r\n', '403'],
    ] as const) {
      const answer = await headersOnly(app, path, more)
      assert.match(answer, new RegExp(`^HTTP/1.1 ${status} `), path)
    }
    await app.close()
  })
})
