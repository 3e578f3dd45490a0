import assert from 'node:assert/strict'
import { get, type IncomingMessage } from 'node:http'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { startTestServer, type TestServer } from '../http/testing/test-server.ts'

let server: TestServer
let port = 0
beforeEach(async () => {
  server = await startTestServer()
  await server.app.listen({ host: '127.0.0.1', port: 0 })
  port = (server.app.server.address() as { port: number }).port // listening on TCP
})
afterEach(async () => server.app.close())

type Stream = {
  readonly response: IncomingMessage
  /** Resolves with all text so far, once it holds `text`; rejects when the stream ends before. */
  readonly until: (text: string) => Promise<string>
  readonly ended: Promise<void>
}

function open(cookie: string): Promise<Stream> {
  return new Promise((resolve, reject) => {
    get({ port, host: '127.0.0.1', path: '/desk/live', headers: { cookie } }, (response) => {
      let seen = ''
      let check = (): void => undefined
      const ended = new Promise<void>((done) => response.on('close', done))
      response.setEncoding('utf8').on('data', (chunk: string) => {
        seen += chunk
        check()
      })
      const until = (text: string): Promise<string> =>
        new Promise((found, missed) => {
          check = () => (seen.includes(text) ? found(seen) : undefined)
          check()
          void ended.then(() => missed(new Error(`ended without ${text}: ${seen}`)))
        })
      resolve({ response, until, ended })
    }).on('error', reject)
  })
}

describe('the live feed', () => {
  test('tells which messages changed, gathered, and nothing but their ids', async () => {
    const stream = await open(server.cookie())
    assert.equal(stream.response.headers['content-type'], 'text/event-stream; charset=utf-8')
    assert.equal(stream.response.headers['cache-control'], 'no-store')
    await stream.until('retry: 3000')
    for (const messageId of ['m-1', 'm-2', 'm-1']) server.change({ messageId })
    server.clock.advance(250)
    const text = await stream.until('event: change')
    assert.match(text, /data: \{"isMany":false,"ids":\["m-1","m-2"\]\}\n\n/)
  })

  test('says only that many changed when many did', async () => {
    const stream = await open(server.cookie())
    await stream.until('retry')
    for (let count = 0; count < 500; count++) server.change({ messageId: `m-${count}` })
    server.clock.advance(250)
    assert.match(await stream.until('event: change'), /data: \{"isMany":true,"ids":\[\]\}/)
  })

  test('stays alive, and ends when the session ends', async () => {
    const cookie = server.cookie()
    const stream = await open(cookie)
    await stream.until('retry')
    server.clock.advance(20_000)
    await stream.until(': alive')
    server.fake.grants.delete(cookie.split('=')[1] ?? '')
    server.clock.advance(20_000)
    await stream.ended
    assert.equal(server.listenerCount(), 0)
  })

  test('listens no longer when the browser has gone', async () => {
    const stream = await open(server.cookie())
    await stream.until('retry')
    assert.equal(server.listenerCount(), 1)
    stream.response.destroy()
    while (server.listenerCount() > 0) await new Promise((resolve) => setImmediate(resolve))
  })

  test('does not keep the server from closing', async () => {
    const stream = await open(server.cookie())
    await stream.until('retry')
    await server.app.close()
    await stream.ended
  })

  test('is for people who are signed in', async () => {
    const response = await server.app.inject('/desk/live')
    assert.equal(response.statusCode, 401)
    assert.equal(server.listenerCount(), 0)
  })

  test('is nothing to ask the head of', async () => {
    const headers = { cookie: server.cookie() }
    const response = await server.app.inject({ method: 'HEAD', url: '/desk/live', headers })
    assert.equal(response.statusCode, 404)
    assert.equal(server.listenerCount(), 0)
  })

  test('has a limit of streams', async () => {
    const cookie = server.cookie()
    const streams = await Promise.all(Array.from({ length: 100 }, () => open(cookie)))
    const response = await server.app.inject({ url: '/desk/live', headers: { cookie } })
    assert.equal(response.statusCode, 503)
    assert.match(response.body, /APP_TOO_MANY_STREAMS/)
    for (const { response: one } of streams) one.destroy()
  })
})
