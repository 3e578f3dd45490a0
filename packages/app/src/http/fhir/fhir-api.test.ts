import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import type { StoredResource } from '@almoner/store'
import { storeFull } from '../testing/fake-store.ts'
import { NOON_MS } from '../testing/sample-store.ts'
import { startTestServer, type TestServer } from '../testing/test-server.ts'

let server: TestServer
before(async () => {
  server = await startTestServer()
  for (let number = 1; number <= 7; number++) server.fake.resources.push(observation(number))
})
after(async () => server.app.close())
beforeEach(() => {
  server.fake.audit.length = 0
  server.fake.failAudit = false
  server.fake.failView = undefined
})

const FORM = 'application/x-www-form-urlencoded'
const NHS = 'https://fhir.nhs.uk/Id/nhs-number'

const observation = (number: number): StoredResource => ({
  type: 'Observation',
  id: `o-${number}`,
  version: 1,
  updatedAtMs: NOON_MS + number,
  resource: {
    resourceType: 'Observation',
    id: `o-${number}`,
    status: 'final',
    code: { text: 'Alanine transaminase' },
    identifier: [
      { system: 'urn:lims', value: number % 2 === 0 ? 'even' : 'odd' },
      { value: `n${number}` },
    ],
    subject: { reference: 'Patient/p-4471902' },
  },
})

type Options = {
  readonly scopes?: readonly string[]
  readonly headers?: Record<string, string>
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'PATCH' | 'HEAD'
  readonly payload?: string
}

async function ask(url: string, options: Options = {}) {
  const { scopes = ['system/*.rs'], headers = {}, method = 'GET', payload } = options
  const authorization = `Bearer ${server.token(...scopes)}`
  return server.app.inject({
    method,
    url: `/fhir/R4/${url}`,
    headers: { authorization, ...headers },
    ...(payload === undefined ? {} : { payload }),
  })
}

const issue = (body: string) => JSON.parse(body).issue[0]
const ids = (body: string): string[] =>
  (JSON.parse(body).entry ?? []).map((one: { resource: { id: string } }) => one.resource.id)
const link = (body: string, relation: string): string | undefined =>
  JSON.parse(body).link.find((one: { relation: string }) => one.relation === relation)?.url

describe('read', () => {
  test('gives the current version with its version, time and type', async () => {
    const response = await ask('Patient/p-4471902')
    assert.equal(response.statusCode, 200)
    assert.equal(response.headers['content-type'], 'application/fhir+json; charset=utf-8')
    assert.equal(response.headers['etag'], 'W/"2"')
    assert.equal(response.headers['last-modified'], 'Sun, 22 Nov 2026 14:01:07 GMT')
    assert.equal(response.headers['cache-control'], 'no-store')
    const patient = response.json()
    assert.equal(patient.resourceType, 'Patient')
    assert.deepEqual(patient.meta, { versionId: '2', lastUpdated: '2026-11-22T14:01:07.000Z' })
  })

  test('gives an earlier version by its number', async () => {
    const response = await ask('Patient/p-4471902/_history/1')
    assert.equal(response.headers['etag'], 'W/"1"')
    assert.equal(response.json().name, undefined)
  })

  test('answers 304 without a body to a caller that has the version, after auditing', async () => {
    for (const tag of ['W/"2"', '"2"', 'W/"1", W/"2"', '*']) {
      const response = await ask('Patient/p-4471902', { headers: { 'if-none-match': tag } })
      assert.equal(response.statusCode, 304, tag)
      assert.equal(response.body, '')
    }
    assert.equal(server.fake.audit.length, 4)
    const stale = await ask('Patient/p-4471902', { headers: { 'if-none-match': 'W/"1"' } })
    assert.equal(stale.statusCode, 200)
  })

  test('is audited under the caller’s name and the purpose of direct care', async () => {
    await ask('Patient/p-4471902')
    const [entry] = server.fake.audit
    assert.deepEqual(
      [entry?.actor.name, entry?.action, entry?.purpose, entry?.subjects],
      ['Ward app', 'resource.read', 'direct-care', ['Patient/p-4471902']],
    )
  })

  test('is written over several lines when asked to be pretty', async () => {
    assert.match((await ask('Patient/p-4471902?_pretty=true')).body, /^\{\n {2}"resourceType"/)
    assert.doesNotMatch((await ask('Patient/p-4471902')).body, /\n/)
  })

  for (const [url, status, code, type] of [
    ['Patient/none', 404, 'APP_NOT_FOUND', 'not-found'],
    ['Patient/p-4471902/_history/9', 404, 'APP_NOT_FOUND', 'not-found'],
    ['Patient/p-4471902/_history/x', 404, 'APP_NOT_FOUND', 'not-found'],
    ['Patient/a%20b', 404, 'APP_NOT_FOUND', 'not-found'],
    ['Basic/x', 404, 'APP_UNKNOWN_TYPE', 'not-supported'],
    ['Patient/p-4471902/_history', 404, 'APP_NOT_FOUND', 'not-found'],
    ['Patient/p-4471902?_format=xml', 406, 'APP_NOT_ACCEPTABLE', 'not-supported'],
  ] as const) {
    test(`answers ${status} ${code} to ${url}`, async () => {
      const response = await ask(url)
      assert.equal(response.statusCode, status)
      assert.equal(response.headers['content-type'], 'application/fhir+json; charset=utf-8')
      assert.equal(issue(response.body).details.coding[0].code, code)
      assert.equal(issue(response.body).code, type)
    })
  }

  test('says gone when the store says gone', async () => {
    server.fake.failView = Object.assign(storeFull(), { code: 'STORE_DELETED', http: 410 })
    const response = await ask('Patient/p-4471902')
    assert.equal(response.statusCode, 410)
    assert.equal(issue(response.body).code, 'deleted')
  })

  test('discloses nothing when the audit cannot be written', async () => {
    server.fake.failAudit = true
    for (const url of ['Patient/p-4471902', 'Patient?_id=p-4471902']) {
      const response = await ask(url)
      assert.equal(response.statusCode, 503)
      assert.equal(issue(response.body).details.coding[0].code, 'APP_STORE_UNAVAILABLE')
      assert.doesNotMatch(response.body, /ASHWORTH|9000000009|disk full/)
    }
  })
})

describe('search', () => {
  for (const [query, found] of [
    [`identifier=${NHS}|9000000009`, 1],
    ['identifier=9000000009', 1],
    ['identifier=urn:wrong|9000000009', 0],
    [`identifier=urn:wrong|1,${NHS}|9000000009`, 1],
    [`identifier=${NHS}|9000000009&identifier=R4471902`, 1],
    [`identifier=${NHS}|9000000009&identifier=other`, 0],
    ['_id=p-4471902', 1],
    ['_id=p-4471902&_id=other', 0],
  ] as const) {
    test(`finds ${found} patient by ${query}`, async () => {
      const response = await ask(`Patient?${query}`)
      assert.equal(response.statusCode, 200)
      assert.equal(ids(response.body).length, found)
    })
  }

  test('gives a searchset with full addresses and without a total', async () => {
    const bundle = (await ask('Patient?_id=p-4471902')).json()
    assert.equal(bundle.type, 'searchset')
    assert.equal('total' in bundle, false)
    assert.deepEqual(bundle.entry[0].search, { mode: 'match' })
    assert.equal(bundle.entry[0].fullUrl, 'http://localhost:80/fhir/R4/Patient/p-4471902')
    assert.equal(link(JSON.stringify(bundle), 'self')?.endsWith('/Patient?_id=p-4471902'), true)
    assert.equal('entry' in (await ask('Patient?_id=none')).json(), false)
  })

  test('pages through everything once, in order, by links alone', async () => {
    const seen: string[] = []
    let url: string | undefined = 'Observation?patient=p-4471902&_count=3'
    while (url !== undefined) {
      const body: string = (await ask(url, { headers: sameToken() })).body
      seen.push(...ids(body))
      url = link(body, 'next')?.split('/fhir/R4/')[1]
    }
    assert.deepEqual(seen, ['o-1', 'o-2', 'o-3', 'o-4', 'o-5', 'o-6', 'o-7'])
  })

  test('pages through what two identifiers have in common', async () => {
    const query = 'Observation?identifier=urn:lims|odd&identifier=n1,n2,n5,n7&_count=1'
    const first = await ask(query, { headers: sameToken() })
    assert.deepEqual(ids(first.body), ['o-1'])
    const next = link(first.body, 'next')?.split('/fhir/R4/')[1] ?? ''
    assert.deepEqual(ids((await ask(next, { headers: sameToken() })).body), ['o-5'])
  })

  test('tells a value without a system from one with any', async () => {
    assert.deepEqual(ids((await ask('Observation?identifier=|n3')).body), ['o-3'])
    assert.deepEqual(ids((await ask('Observation?identifier=|odd')).body), [])
  })

  test('refuses what it does not support, by name, and audits the refusal', async () => {
    const response = await ask('Patient?family=ASHWORTH')
    assert.equal(response.statusCode, 400)
    assert.match(issue(response.body).diagnostics, /parameter family/)
    assert.doesNotMatch(response.body, /ASHWORTH/)
    const [entry] = server.fake.audit
    assert.deepEqual([entry?.action, entry?.outcome], ['access.refuse', 'failed'])
    assert.match(entry?.note ?? '', /^APP_UNKNOWN_PARAMETER at GET \/fhir\/R4\/:type from /)
    assert.doesNotMatch(entry?.note ?? '', /ASHWORTH/)
  })

  test('ignores it when asked to be lenient, and says so', async () => {
    const prefer = { prefer: 'handling=lenient' }
    const response = await ask('Patient?family=A&_id=p-4471902', { headers: prefer })
    const [match, outcome] = response.json().entry
    assert.equal(match.search.mode, 'match')
    assert.equal(outcome.search.mode, 'outcome')
    assert.match(outcome.resource.issue[0].diagnostics, /parameter family/)
    assert.equal(link(response.body, 'self')?.includes('family'), false)
  })

  test('refuses a page link of another caller', async () => {
    const first = await ask('Observation?_count=2')
    const next = link(first.body, 'next')?.split('/fhir/R4/')[1] ?? ''
    const response = await ask(next)
    assert.equal(response.statusCode, 400)
    assert.equal(issue(response.body).details.coding[0].code, 'APP_BAD_PARAMETER')
  })

  test('refuses a page link with other criteria beside it', async () => {
    const first = await ask('Observation?_count=2', { headers: sameToken() })
    const next = link(first.body, 'next')?.split('/fhir/R4/')[1] ?? ''
    const response = await ask(`${next}&_id=o-1`, { headers: sameToken() })
    assert.equal(issue(response.body).details.coding[0].code, 'APP_BAD_PARAMETER')
  })
})

let token = ''
/** The same caller again: page links open only for the token that they were made for. */
const sameToken = (): Record<string, string> => {
  if (token === '') token = server.token('system/*.rs')
  return { authorization: `Bearer ${token}` }
}

describe('search by POST', () => {
  test('finds the same, and puts no identifier into any link', async () => {
    const response = await ask('Observation/_search', {
      method: 'POST',
      headers: { 'content-type': FORM, ...sameToken() },
      payload: 'identifier=urn%3Alims%7Codd&_count=2',
    })
    assert.deepEqual(ids(response.body), ['o-1', 'o-3'])
    for (const relation of ['self', 'next']) {
      assert.doesNotMatch(link(response.body, relation) ?? '', /odd|identifier/)
    }
    const again = link(response.body, 'self')?.split('/fhir/R4/')[1] ?? ''
    assert.deepEqual(ids((await ask(again, { headers: sameToken() })).body), ['o-1', 'o-3'])
    const next = link(response.body, 'next')?.split('/fhir/R4/')[1] ?? ''
    assert.deepEqual(ids((await ask(next, { headers: sameToken() })).body), ['o-5', 'o-7'])
  })

  test('reads a repeated field as and', async () => {
    const response = await ask('Observation/_search', {
      method: 'POST',
      headers: { 'content-type': FORM },
      payload: 'identifier=odd&identifier=n3',
    })
    assert.deepEqual(ids(response.body), ['o-3'])
  })

  for (const [why, type, payload, status, code] of [
    ['JSON', 'application/json', '{}', 415, 'APP_UNSUPPORTED_MEDIA_TYPE'],
    ['plain text', 'text/plain', 'identifier=1', 415, 'APP_UNSUPPORTED_MEDIA_TYPE'],
    ['a huge form', FORM, `identifier=${'1'.repeat(70_000)}`, 413, 'APP_BODY_TOO_LARGE'],
    ['a wish for XML', FORM, '_format=xml', 406, 'APP_NOT_ACCEPTABLE'],
  ] as const) {
    test(`refuses ${why}`, async () => {
      const response = await ask('Observation/_search', {
        method: 'POST',
        headers: { 'content-type': type },
        payload,
      })
      assert.equal(response.statusCode, status)
      assert.equal(issue(response.body).details.coding[0].code, code)
    })
  }
})

describe('access', () => {
  test('is denied without a token, for addresses that exist and for others', async () => {
    for (const url of ['Patient/p-4471902', 'Patient', 'nothing/of/this/kind', '']) {
      const response = await server.app.inject(`/fhir/R4/${url}`)
      assert.equal(response.statusCode, 401, url)
      assert.equal(response.headers['www-authenticate'], 'Bearer realm="almoner"')
      assert.equal(issue(response.body).details.coding[0].code, 'APP_UNAUTHENTICATED')
    }
    assert.equal(server.fake.audit.length, 4)
    assert.ok(server.fake.audit.every(({ action }) => action === 'access.refuse'))
  })

  test('is denied to an unknown, an expired and another kind of secret', async () => {
    const session = server.cookie().split('=')[1] ?? ''
    const expired = server.token('system/*.rs')
    const access = server.fake.grants.get(expired)!
    server.fake.grants.set(expired, { ...access, expiresAtMs: NOON_MS })
    for (const secret of ['unknown', session, expired]) {
      const authorization = `Bearer ${secret}`
      const response = await ask('Patient/p-4471902', { headers: { authorization } })
      assert.equal(response.statusCode, 401)
    }
  })

  for (const [scope, url, status] of [
    ['system/Patient.r', 'Patient/p-4471902', 200],
    ['system/Patient.r', 'Patient?_id=p-4471902', 403],
    ['system/Patient.s', 'Patient?_id=p-4471902', 200],
    ['system/Patient.s', 'Patient/p-4471902', 403],
    ['system/Observation.rs', 'Patient/p-4471902', 403],
    ['desk', 'Patient/p-4471902', 403],
  ] as const) {
    test(`with ${scope} answers ${status} to ${url}`, async () => {
      const response = await ask(url, { scopes: [scope] })
      assert.equal(response.statusCode, status)
      if (status !== 403) return
      assert.equal(issue(response.body).details.coding[0].code, 'APP_FORBIDDEN')
      const [entry] = server.fake.audit
      assert.deepEqual([entry?.outcome, entry?.actor.name], ['refused', 'Ward app'])
    })
  }

  test('leaves the capability statement open', async () => {
    assert.equal((await server.app.inject('/fhir/R4/metadata')).statusCode, 200)
  })
})

describe('methods', () => {
  for (const [method, url, allow] of [
    ['POST', 'Patient', 'GET, HEAD'],
    ['PUT', 'Patient/p-4471902', 'GET, HEAD'],
    ['DELETE', 'Patient/p-4471902', 'GET, HEAD'],
    ['PATCH', 'Patient/p-4471902', 'GET, HEAD'],
    ['GET', 'Patient/_search', 'POST'],
    ['POST', 'Patient/p-4471902/_history/1', 'GET, HEAD'],
  ] as const) {
    test(`answers 405 with what is allowed to ${method} ${url}`, async () => {
      const headers = { 'content-type': 'application/fhir+json' }
      const response = await ask(url, {
        method,
        ...(method === 'GET' ? {} : { headers, payload: '{' }),
      })
      assert.equal(response.statusCode, 405)
      assert.equal(response.headers['allow'], allow)
      assert.equal(issue(response.body).details.coding[0].code, 'APP_METHOD_NOT_ALLOWED')
    })
  }

  test('HEAD is a read without its body, and audited', async () => {
    const response = await ask('Patient/p-4471902', { method: 'HEAD' })
    assert.equal(response.statusCode, 200)
    assert.equal(response.body, '')
    assert.equal(server.fake.audit.length, 1)
  })
})
