import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { requireJson } from './format.ts'

describe('requireJson', () => {
  for (const [format, accept] of [
    [undefined, undefined],
    [undefined, '*/*'],
    [undefined, 'application/fhir+json; charset=utf-8'],
    [undefined, 'application/fhir+xml, application/json;q=0.5'],
    [undefined, 'text/html,application/xhtml+xml,*/*;q=0.8'],
    ['json', 'application/fhir+xml'],
    ['application/fhir+json', undefined],
    ['application/fhir json', undefined],
    ['application/json; fhirVersion=4.0', undefined],
  ] as const) {
    test(`gives JSON for _format ${format} and Accept ${accept}`, () => {
      requireJson(format, accept)
    })
  }

  for (const [format, accept] of [
    ['xml', undefined],
    ['html', '*/*'],
    ['', '*/*'],
    [undefined, 'application/fhir+xml'],
    [undefined, 'application/json;q=0'],
    [undefined, 'text/turtle'],
  ] as const) {
    test(`refuses _format ${format} and Accept ${accept}`, () => {
      assert.throws(() => requireJson(format, accept), { code: 'APP_NOT_ACCEPTABLE' })
    })
  }
})
