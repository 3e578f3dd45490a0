/** The capability statement promises nothing that the API does not do, and hides nothing it does. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { startTestServer, type TestServer } from '../testing/test-server.ts'

type Statement = {
  readonly rest: readonly {
    readonly resource: readonly {
      readonly type: string
      readonly interaction: readonly { readonly code: string }[]
      readonly searchParam: readonly { readonly name: string }[]
    }[]
  }[]
}

let server: TestServer
let statement: Statement
before(async () => {
  server = await startTestServer()
  statement = (await server.app.inject('/fhir/R4/metadata')).json()
})
after(async () => server.app.close())

const ask = (url: string) =>
  server.app.inject({
    url: `/fhir/R4/${url}`,
    headers: { authorization: `Bearer ${server.token('system/*.rs')}` },
  })

describe('the capability statement', () => {
  test('lists only search parameters that work, for every type', async () => {
    for (const { type, searchParam } of statement.rest[0]!.resource) {
      for (const { name } of searchParam) {
        assert.equal((await ask(`${type}?${name}=x`)).statusCode, 200, `${type}?${name}`)
      }
    }
  })

  test('leaves out only search parameters that do not work', async () => {
    for (const { type, searchParam } of statement.rest[0]!.resource) {
      const listed = searchParam.map(({ name }) => name)
      for (const name of ['patient', 'subject', 'name', 'code', '_lastUpdated', '_has']) {
        if (listed.includes(name)) continue
        assert.equal((await ask(`${type}?${name}=x`)).statusCode, 400, `${type}?${name}`)
      }
    }
  })

  test('lists only interactions that work, for every type', async () => {
    for (const { type, interaction } of statement.rest[0]!.resource) {
      const codes = interaction.map(({ code }) => code)
      assert.deepEqual(codes, ['read', 'vread', 'search-type'])
      for (const url of [`${type}/x`, `${type}/x/_history/1`]) {
        const { details } = (await ask(url)).json().issue[0]
        assert.equal(details.coding[0].code, 'APP_NOT_FOUND', url)
      }
    }
  })

  test('says what it is', () => {
    const { rest, ...head } = JSON.parse(JSON.stringify(statement))
    assert.equal(rest.length, 1)
    assert.equal(head.fhirVersion, '4.0.1')
    assert.equal(head.kind, 'instance')
    assert.equal(head.date, '2026-11-22T14:01:07.000Z')
    assert.equal(head.implementation.description, 'Riverside General')
  })
})
