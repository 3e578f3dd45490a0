import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { CORE_ERRORS } from '@almoner/core'
import { STORE_ERRORS } from '@almoner/store'
import { APP_ERRORS } from '../../app.errors.ts'
import { issueType, outcomeOf } from './operation-outcome.ts'

// FHIR R4 value set issue-type, required binding.
const ISSUE_TYPES = new Set(
  (
    'invalid structure required value invariant security login unknown expired forbidden ' +
    'suppressed processing not-supported duplicate multiple-matches not-found deleted too-long ' +
    'code-invalid extension too-costly business-rule conflict transient lock-error no-store ' +
    'exception timeout incomplete throttled informational'
  ).split(' '),
)

describe('issueType', () => {
  test('has a type of the value set for every status that an error can have', () => {
    for (let status = 400; status < 600; status++) {
      assert.ok(ISSUE_TYPES.has(issueType('ANY_CODE', status)), String(status))
    }
  })

  test('has one for every code of the rooms that the API reports from', () => {
    for (const { table } of [APP_ERRORS, CORE_ERRORS, STORE_ERRORS]) {
      for (const [code, row] of Object.entries(table)) {
        assert.ok(ISSUE_TYPES.has(issueType(code, row.http)), code)
      }
    }
  })

  for (const [http, type] of [
    [401, 'login'],
    [403, 'forbidden'],
    [404, 'not-found'],
    [410, 'deleted'],
    [409, 'conflict'],
    [503, 'transient'],
    [500, 'exception'],
  ] as const) {
    test(`says ${type} for ${http}`, () => assert.equal(issueType('ANY_CODE', http), type))
  }
})

describe('outcomeOf', () => {
  test('tells the code and the safe sentence, never the detail', () => {
    const error = STORE_ERRORS.error('STORE_FULL', { detail: 'ASHWORTH 9000000009' })
    assert.deepEqual(outcomeOf(error), {
      resourceType: 'OperationOutcome',
      issue: [
        {
          severity: 'error',
          code: 'transient',
          details: { coding: [{ system: 'urn:almoner:error', code: 'STORE_FULL' }] },
          diagnostics: STORE_ERRORS.table.STORE_FULL.safe,
        },
      ],
    })
  })
})
