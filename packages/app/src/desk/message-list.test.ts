import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { startTestServer, type TestServer } from '../http/testing/test-server.ts'

let server: TestServer
before(async () => {
  server = await startTestServer()
})
after(async () => server.app.close())
beforeEach(() => {
  server.fake.audit.length = 0
  server.fake.failAudit = false
})

const look = (url: string, cookie = server.cookie()) =>
  server.app.inject({ url, headers: { cookie, accept: 'text/html' } })
const rowCount = (body: string): number => body.match(/data-message="/g)?.length ?? 0
const formTokenOf = (body: string): string =>
  /name="formToken" value="([^"]+)"/.exec(body)?.[1] ?? ''

describe('the message list', () => {
  test('shows the newest first, a page at a time, each once', async () => {
    const seen: string[] = []
    let url = '/desk/messages'
    for (let page = 0; page < 3; page++) {
      const { body } = await look(url)
      seen.push(...[...body.matchAll(/data-message="([^"]+)"/g)].map((match) => match[1] ?? ''))
      const older = /rel="next" href="([^"]+)"/.exec(body)?.[1]
      if (older === undefined) break
      url = older.replaceAll('&amp;', '&')
    }
    assert.equal(seen.length, server.fake.messages.length)
    assert.equal(new Set(seen).size, seen.length)
  })

  test('is one audited look each time, by the person and for operations', async () => {
    await look('/desk/messages')
    assert.deepEqual(
      server.fake.audit.map(({ actor, action, purpose }) => [actor.name, action, purpose]),
      [['Sam Hartley', 'message.list', 'operations']],
    )
  })

  for (const [query, count] of [
    ['state=held', 1],
    ['state=dead', 1],
    ['state=nonsense&source=pathology', 1],
    ['type=adt%5Ea02', 1],
    ['control=PAS00048213', 1],
    ['delivery=dead', 1],
    ['delivery=waiting&type=ADT%5EA31', 2],
    ['source=nowhere', 0],
  ] as const) {
    test(`shows ${count} for ${query}`, async () => {
      const { body, statusCode } = await look(`/desk/messages?${query}`)
      assert.equal(statusCode, 200)
      assert.equal(rowCount(body), count)
      if (count === 0) assert.match(body, /No message fits these filters/)
    })
  }

  test('finds a patient without the identifier in any address', async () => {
    const cookie = server.cookie()
    const { body } = await look('/desk/messages?state=done', cookie)
    const found = await server.app.inject({
      method: 'POST',
      url: '/desk/messages/search',
      headers: { cookie, 'content-type': 'application/x-www-form-urlencoded' },
      payload: `formToken=${formTokenOf(body)}&patient=900+000+0009&state=done`,
    })
    assert.equal(found.statusCode, 303)
    const location = String(found.headers['location'])
    assert.doesNotMatch(location, /9000000009|900\+000/)
    assert.match(location, /^\/desk\/messages\?state=done&search=/)
    const list = await look(location, cookie)
    assert.equal(rowCount(list.body), 1)
    for (const [, address] of list.body.matchAll(/(?:href|action|data-rows)="([^"]+)"/g)) {
      assert.doesNotMatch(address ?? '', /9000000009/)
    }
    // Another person with the address sees that there is nothing for them, not everybody.
    const other = await look(location)
    assert.equal(rowCount(other.body), 0)
    assert.match(other.body, /no longer kept/)
  })

  test('takes no search from a form that it did not make', async () => {
    const response = await server.app.inject({
      method: 'POST',
      url: '/desk/messages/search',
      headers: {
        cookie: server.cookie(),
        'content-type': 'application/x-www-form-urlencoded',
      },
      payload: 'patient=9000000009',
    })
    assert.equal(response.statusCode, 403)
    assert.match(response.body, /APP_FORGED_FORM/)
  })

  test('gives its rows and counters again as a fragment', async () => {
    const { body } = await look('/desk/messages/rows?state=held')
    assert.equal(rowCount(body), 1)
    assert.match(body, /id="fragment-counters"/)
    assert.doesNotMatch(body, /<html/)
  })

  test('shows nothing when the look cannot be audited', async () => {
    server.fake.failAudit = true
    const { body, statusCode } = await look('/desk/messages')
    assert.equal(statusCode, 503)
    assert.equal(rowCount(body), 0)
    assert.match(body, /APP_STORE_UNAVAILABLE/)
  })

  test('ignores a page that is no number', async () => {
    assert.equal((await look('/desk/messages?before=x')).statusCode, 200)
  })

  test('says that a page is not there, signed in or not', async () => {
    assert.equal((await look('/desk/nothing')).statusCode, 404)
    const stranger = await server.app.inject('/desk/nothing')
    assert.equal(stranger.statusCode, 404)
    assert.match(stranger.body, /There is nothing at this address/)
  })
})
