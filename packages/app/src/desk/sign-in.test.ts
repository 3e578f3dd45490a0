import assert from 'node:assert/strict'
import { beforeEach, describe, test } from 'node:test'
import { grantLink } from '../access/grants.ts'
import { NOON_MS } from '../http/testing/sample-store.ts'
import { startTestServer, type TestServer } from '../http/testing/test-server.ts'

let server: TestServer
beforeEach(async () => {
  server = await startTestServer()
})

const FORM = { 'content-type': 'application/x-www-form-urlencoded' }

async function makeLink(scopes: readonly string[] = ['desk']) {
  const actor = { kind: 'person', id: 'op-7', name: 'Ola Mensah' } as const
  const { store } = server.fake
  const ports = { clock: server.clock, random: { bytes: randomish, unit: () => 0 }, ids }
  return grantLink({ store, ports }, { actor, scopes, forMs: 900_000, by: actor })
}
let next = 0
const randomish = (count: number): Uint8Array => new Uint8Array(count).fill(++next)
const ids = { next: () => `id-${++next}` }

const cookiesOf = (headers: Record<string, unknown>): string[] =>
  [headers['set-cookie'] ?? []].flat().map(String)
const sessionCookie = (headers: Record<string, unknown>): string =>
  cookiesOf(headers)
    .find((one) => one.startsWith('almoner-session='))
    ?.split(';')[0] ?? ''

const post = (payload: string, headers: Record<string, string> = {}) =>
  server.app.inject({
    method: 'POST',
    url: '/desk/sign-in',
    headers: { ...FORM, ...headers },
    payload,
  })

describe('a sign-in link', () => {
  test('moves its secret out of the address, and opening it uses nothing up', async () => {
    const { path, secret } = await makeLink()
    for (let count = 0; count < 3; count++) {
      const opened = await server.app.inject(path)
      assert.equal(opened.statusCode, 303)
      assert.equal(opened.headers['location'], '/desk/sign-in')
      const [cookie] = cookiesOf(opened.headers)
      assert.match(cookie ?? '', new RegExp(`^almoner-sign-in=${secret};.*HttpOnly; SameSite=Lax`))
    }
    const page = await server.app.inject({
      url: '/desk/sign-in',
      headers: { cookie: `almoner-sign-in=${secret}` },
    })
    assert.match(page.body, /Your one-time link is ready/)
    assert.doesNotMatch(page.body, new RegExp(secret))
    assert.ok(server.fake.grants.has(secret))
  })

  test('signs in once by its button, with a cookie that no script and no other site gets', async () => {
    const { secret } = await makeLink()
    const cookie = `almoner-sign-in=${secret}`
    const done = await post('', { cookie })
    assert.equal(done.statusCode, 303)
    assert.equal(done.headers['location'], '/desk/messages')
    const set = cookiesOf(done.headers).find((one) => one.startsWith('almoner-session=')) ?? ''
    assert.match(set, /Max-Age=28800; Path=\/; HttpOnly; SameSite=Strict$/)
    assert.ok(cookiesOf(done.headers).some((one) => one.startsWith('almoner-sign-in=;')))
    const list = await server.app.inject({
      url: '/desk/messages',
      headers: { cookie: sessionCookie(done.headers) },
    })
    assert.equal(list.statusCode, 200)
    assert.match(list.body, /Ola Mensah/)

    const again = await post('', { cookie })
    assert.equal(again.statusCode, 403)
    assert.match(again.body, /unknown, used or expired/)
    assert.match(server.fake.audit.at(-1)?.note ?? '', /^APP_LINK_SPENT at POST \/desk\/sign-in/)
  })

  test('signs in by typing its code', async () => {
    const { secret } = await makeLink()
    assert.equal((await post(`code=+${secret}+`)).statusCode, 303)
  })

  test('opens nothing without a scope of the desk', async () => {
    const { secret } = await makeLink(['system/*.rs'])
    assert.equal((await post(`code=${secret}`)).statusCode, 403)
  })

  for (const [why, headers] of [
    ['another site', { 'sec-fetch-site': 'cross-site' }],
    ['a sibling site', { 'sec-fetch-site': 'same-site' }],
    ['another origin', { origin: 'https://evil.example' }],
    ['no origin at all', { origin: 'null' }],
  ] as const) {
    test(`is not redeemed from ${why}`, async () => {
      const { secret } = await makeLink()
      const response = await post(`code=${secret}`, headers)
      assert.equal(response.statusCode, 403)
      assert.match(response.body, /APP_FORGED_FORM/)
      assert.ok(server.fake.grants.has(secret))
    })
  }

  for (const [why, headers] of [
    ['its own origin', { origin: 'http://localhost', host: 'localhost:80' }],
    ['itself, as the browser says', { origin: 'null', 'sec-fetch-site': 'same-origin' }],
    ['the address before the proxy', { origin: 'https://almoner.example', host: '127.0.0.1:80' }],
  ] as const) {
    test(`is redeemed from ${why}`, async () => {
      server = await startTestServer({ publicUrl: 'https://almoner.example' })
      const { secret } = await makeLink()
      assert.equal((await post(`code=${secret}`, headers)).statusCode, 303)
    })
  }

  test('cannot be guessed at speed', async () => {
    for (let count = 0; count < 10; count++) {
      assert.equal((await post('code=guess')).statusCode, 403)
    }
    const { secret } = await makeLink()
    const limited = await post(`code=${secret}`)
    assert.equal(limited.statusCode, 429)
    assert.match(limited.body, /APP_TOO_MANY_REQUESTS/)
    server.clock.advance(60_000)
    assert.equal((await post(`code=${secret}`)).statusCode, 303)
  })

  test('gives a Secure cookie for the whole host when the desk is reached over TLS', async () => {
    server = await startTestServer({ publicUrl: 'https://almoner.example' })
    const { secret } = await makeLink()
    const done = await post(`code=${secret}`)
    const set = cookiesOf(done.headers).find((one) => one.startsWith('__Host-')) ?? ''
    assert.match(
      set,
      /^__Host-almoner-session=[^;]+; Max-Age=28800; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
    )
  })
})

describe('a session', () => {
  const look = (cookie: string, url = '/desk/messages') =>
    server.app.inject({ url, headers: { cookie, accept: 'text/html' } })

  test('ends after eight hours, whatever happens in it', async () => {
    const { secret } = await makeLink()
    const cookie = sessionCookie((await post(`code=${secret}`)).headers)
    server.clock.advance(8 * 3_600_000 - 1)
    assert.equal((await look(cookie)).statusCode, 200)
    server.clock.advance(1)
    const late = await look(cookie)
    assert.equal(late.statusCode, 303)
    assert.equal(late.headers['location'], '/desk/sign-in')
  })

  test('ends by signing out, which needs the token of its forms', async () => {
    const cookie = server.cookie()
    const body = (await look(cookie)).body
    const formToken = /name="formToken" value="([^"]+)"/.exec(body)?.[1] ?? ''
    const signOut = (payload: string) =>
      server.app.inject({
        method: 'POST',
        url: '/desk/sign-out',
        headers: { ...FORM, cookie },
        payload,
      })
    assert.equal((await signOut('')).statusCode, 403)
    assert.equal((await signOut('formToken=wrong')).statusCode, 403)
    assert.equal((await look(cookie)).statusCode, 200)
    const done = await signOut(`formToken=${formToken}`)
    assert.equal(done.headers['location'], '/desk/sign-in')
    assert.equal((await look(cookie)).statusCode, 303)
    assert.equal(server.fake.audit.at(-1)?.action, 'access.end')
  })

  test('ends when the same person signs in again', async () => {
    const before = server.cookie()
    const { secret } = await makeLink()
    await post(`code=${secret}`, { cookie: before })
    assert.equal((await look(before)).statusCode, 303)
  })

  test('without a scope of the desk shows nothing', async () => {
    const response = await look(server.cookie('other'))
    assert.equal(response.statusCode, 403)
    assert.match(response.body, /APP_FORBIDDEN/)
  })

  test('is needed for every page, and a program hears so plainly', async () => {
    for (const url of [
      '/desk',
      '/desk/messages',
      '/desk/attention',
      '/desk/audit',
      '/desk/about',
    ]) {
      const page = await server.app.inject({ url, headers: { accept: 'text/html' } })
      assert.equal(page.headers['location'], '/desk/sign-in', url)
    }
    const program = await server.app.inject('/desk/messages/rows')
    assert.equal(program.statusCode, 401)
    assert.match(program.body, /APP_UNAUTHENTICATED/)
  })

  test('signed in, the sign-in page leads to the desk', async () => {
    const response = await look(server.cookie(), '/desk/sign-in')
    assert.equal(response.headers['location'], '/desk/messages')
    assert.equal(NOON_MS, server.clock.nowMs())
  })
})
