import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, test } from 'node:test'
import {
  ADMISSION_ID,
  HEADLESS_ID,
  HELD_ID,
  REFUSED_DELIVERY_ID,
  RESULT_ID,
} from '../http/testing/sample-store.ts'
import { startTestServer, type TestServer } from '../http/testing/test-server.ts'

let server: TestServer
beforeEach(async () => {
  server = await startTestServer()
})
afterEach(async () => server.app.close())

const look = (url: string, cookie = server.cookie()) =>
  server.app.inject({ url, headers: { cookie, accept: 'text/html' } })

describe('the page of a message', () => {
  test('is one audited look at this message', async () => {
    const { statusCode } = await look(`/desk/messages/${ADMISSION_ID}`)
    assert.equal(statusCode, 200)
    assert.deepEqual(
      server.fake.audit.map(({ action, subjects }) => [action, subjects]),
      [['message.read', [ADMISSION_ID]]],
    )
  })

  test('links each side to the other without a script', async () => {
    const { body } = await look(`/desk/messages/${ADMISSION_ID}`)
    const leaf =
      /<a class="leaf leaf-mapped" id="(leaf-\d+)" href="#(element-\d+)"[^>]*>ASHWORTH-O&#39;NEILL</.exec(
        body,
      )
    assert.ok(leaf !== null)
    assert.match(body, new RegExp(`id="${leaf[2]}" href="#${leaf[1]}"`))
  })

  test('has a target on the page for every link within it, and no id twice', async () => {
    const { body } = await look(`/desk/messages/${ADMISSION_ID}`)
    const ids = [...body.matchAll(/ id="([^"]+)"/g)].map((match) => match[1] ?? '')
    assert.equal(new Set(ids).size, ids.length)
    for (const [, target] of body.matchAll(/href="#([^"]+)"/g)) {
      assert.ok(ids.includes(target ?? ''), String(target))
    }
  })

  test('tells what failed and what to do next', async () => {
    const { body } = await look(`/desk/messages/${HELD_ID}`)
    assert.match(body, /STORE_IDENTITY_AMBIGUOUS/)
    assert.match(body, /What to do next:<\/b> Find which record is meant/)
    assert.match(body, /explained with the rules of today/)
  })

  test('shows a message that is no HL7 as it came', async () => {
    const { body, statusCode } = await look(`/desk/messages/${HEADLESS_ID}`)
    assert.equal(statusCode, 200)
    assert.match(body, /HL7_NO_MSH/)
    assert.match(body, /PID\|1\|\|9000000025/)
  })

  test('shows a message that our own fault keeps from being explained', async () => {
    await server.app.close()
    server = await startTestServer({
      explain: async () => {
        throw new TypeError('undefined is not ASHWORTH')
      },
    })
    const { body, statusCode } = await look(`/desk/messages/${RESULT_ID}`)
    assert.equal(statusCode, 200)
    assert.match(body, /APP_EXPLAIN_FAILED/)
    assert.match(body, /Brâncuși/)
    assert.doesNotMatch(body, /undefined is not/)
  })

  test('does not exist for an unknown message', async () => {
    const { body, statusCode } = await look('/desk/messages/nothing')
    assert.equal(statusCode, 404)
    assert.match(body, /There is nothing at this address/)
  })
})

describe('a decision', () => {
  const decide = async (path: string, fields: string, cookie = server.cookie()) => {
    const { body } = await look('/desk/audit', cookie)
    const formToken = /name="formToken" value="([^"]+)"/.exec(body)?.[1] ?? ''
    return server.app.inject({
      method: 'POST',
      url: `/desk/messages/${path}`,
      headers: { cookie, 'content-type': 'application/x-www-form-urlencoded' },
      payload: `formToken=${formToken}&${fields}`,
    })
  }

  test('on a held message is kept with person and reason, and wakes the engine', async () => {
    const done = await decide(`${HELD_ID}/release`, 'decision=retry&why=+Merged+in+the+PAS+')
    assert.equal(done.statusCode, 303)
    assert.equal(done.headers['location'], `/desk/messages/${HELD_ID}?released=message`)
    assert.deepEqual(server.fake.releases, [
      {
        id: HELD_ID,
        decision: 'retry',
        by: { kind: 'person', id: 'op-1', name: 'Sam Hartley' },
        why: 'Merged in the PAS',
        atMs: server.clock.nowMs(),
      },
    ])
    assert.deepEqual(server.woken, [`message ${HELD_ID}`])
    assert.match(
      (await look(String(done.headers['location']))).body,
      /Your decision on the message is kept/,
    )
  })

  test('can take the rules of today', async () => {
    await decide(`${HELD_ID}/release`, 'decision=retry-current&why=Fixed')
    assert.equal(server.fake.releases[0]?.routeVersion, '7c1e4a90')
  })

  test('can dismiss', async () => {
    await decide(`${HELD_ID}/release`, 'decision=dismiss&why=Sent+by+mistake')
    assert.equal(server.fake.releases[0]?.decision, 'dismiss')
    assert.deepEqual(server.woken, [`message ${HELD_ID}`])
  })

  test('on a delivery goes to the delivery', async () => {
    const path = `${ADMISSION_ID}/deliveries/${REFUSED_DELIVERY_ID}/release`
    const done = await decide(path, 'decision=retry&why=Ward+added')
    assert.equal(done.headers['location'], `/desk/messages/${ADMISSION_ID}?released=delivery`)
    assert.equal(server.fake.releases[0]?.id, REFUSED_DELIVERY_ID)
    assert.deepEqual(server.woken, [`delivery ${REFUSED_DELIVERY_ID}`])
  })

  test('on what no longer waits changes nothing and says so', async () => {
    const done = await decide(`${RESULT_ID}/release`, 'decision=retry&why=Again')
    assert.equal(done.headers['location'], `/desk/messages/${RESULT_ID}?released=nothing`)
    assert.deepEqual(server.woken, [])
  })

  for (const [why, fields, sentence] of [
    ['without a reason', 'decision=retry&why=++', 'Give the reason for your decision'],
    ['with an endless reason', `decision=retry&why=${'x'.repeat(501)}`, '500 characters or fewer'],
    ['without a choice', 'why=Fixed', 'Choose what to do'],
    ['with an unknown choice', 'decision=delete&why=Fixed', 'Choose what to do'],
  ] as const) {
    test(`${why} comes back with what is wrong`, async () => {
      const response = await decide(`${HELD_ID}/release`, fields)
      assert.equal(response.statusCode, 400)
      assert.match(response.body, new RegExp(sentence))
      assert.match(response.body, new RegExp(`href="#why-${HELD_ID}"`))
      assert.deepEqual(server.fake.releases, [])
    })
  }

  test('needs the scope for it', async () => {
    const cookie = server.cookie('desk.read')
    const response = await decide(`${HELD_ID}/release`, 'decision=retry&why=Fixed', cookie)
    assert.equal(response.statusCode, 403)
    assert.match(response.body, /APP_FORBIDDEN/)
    const refusal = server.fake.audit.at(-1)
    assert.deepEqual([refusal?.action, refusal?.actor.name], ['access.refuse', 'Sam Hartley'])
    assert.doesNotMatch((await look(`/desk/messages/${HELD_ID}`, cookie)).body, /release-form/)
  })

  test('from another site is refused before it is read', async () => {
    const cookie = server.cookie()
    const response = await server.app.inject({
      method: 'POST',
      url: `/desk/messages/${HELD_ID}/release`,
      headers: { cookie, 'sec-fetch-site': 'cross-site' },
    })
    assert.equal(response.statusCode, 403)
    assert.match(response.body, /APP_FORGED_FORM/)
  })
})

describe('the other pages', () => {
  test('show a resource and its earlier version, audited', async () => {
    const now = await look('/desk/resources/Patient/p-4471902')
    assert.match(now.body, /ASHWORTH-O&#39;NEILL/)
    const before = await look('/desk/resources/Patient/p-4471902/1')
    assert.doesNotMatch(before.body, /ASHWORTH/)
    assert.match(before.body, /See the current version/)
    assert.deepEqual(
      server.fake.audit.map(({ action }) => action),
      ['resource.read', 'resource.read'],
    )
    for (const path of ['Patient/none', 'Basic/x', 'Patient/p-4471902/x']) {
      assert.equal((await look(`/desk/resources/${path}`)).statusCode, 404)
    }
  })

  test('show what waits for a person, with a way to decide', async () => {
    const { body } = await look('/desk/attention')
    assert.match(body, /ADT\^A02 from pas/)
    assert.match(body, /Message without a type/)
    assert.match(body, /ADT\^A01 to epr/)
    assert.equal(body.match(/class="release-form"/g)?.length, 3)
    const readOnly = await look('/desk/attention', server.cookie('desk.read'))
    assert.doesNotMatch(readOnly.body, /release-form/)
  })

  test('verify the audit log by a button', async () => {
    const cookie = server.cookie()
    const { body } = await look('/desk/audit', cookie)
    assert.match(body, /The log has <b>0<\/b> entries/)
    const formToken = /name="formToken" value="([^"]+)"/.exec(body)?.[1] ?? ''
    const verified = await server.app.inject({
      method: 'POST',
      url: '/desk/audit/verify',
      headers: { cookie, 'content-type': 'application/x-www-form-urlencoded' },
      payload: `formToken=${formToken}`,
    })
    assert.match(verified.body, /fits together from its first entry to its last/)
    assert.match(verified.body, /b4c7b4c7/)
  })

  test('say which entry of a broken log does not fit', async () => {
    const { fake } = server
    const verifyAudit = async () => ({
      entries: 12,
      head: 'ff',
      broken: { seq: 7, why: 'its hash is not that of its content' },
    })
    await server.app.close()
    server = await startTestServer({ store: { ...fake.store, verifyAudit }, fake })
    const cookie = server.cookie()
    const { body } = await look('/desk/audit', cookie)
    const formToken = /name="formToken" value="([^"]+)"/.exec(body)?.[1] ?? ''
    const verified = await server.app.inject({
      method: 'POST',
      url: '/desk/audit/verify',
      headers: { cookie, 'content-type': 'application/x-www-form-urlencoded' },
      payload: `formToken=${formToken}`,
    })
    assert.match(verified.body, /does not fit together/)
    assert.match(verified.body, /7: its hash is not that of its content/)
  })

  test('tell what runs here', async () => {
    const { body } = await look('/desk/about')
    assert.match(body, /pathology-oru/)
    assert.match(body, /mllp:\/\/127\.0\.0\.1:2600/)
  })
})
