import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { allowsDesk, allowsRelease, allowsResource } from './scopes.ts'

describe('allowsResource', () => {
  for (const [scope, type, interaction, allowed] of [
    ['system/*.rs', 'Patient', 'read', true],
    ['system/*.rs', 'Observation', 'search', true],
    ['system/Patient.r', 'Patient', 'read', true],
    ['system/Patient.r', 'Patient', 'search', false],
    ['system/Patient.r', 'Observation', 'read', false],
    ['system/Patient.s', 'Patient', 'read', false],
    ['system/Patient.cruds', 'Patient', 'search', true],
    ['system/Patient.cud', 'Patient', 'read', false],
    ['system/Patient.read', 'Patient', 'search', true],
    ['system/*.*', 'Patient', 'search', true],
    ['system/Patient.write', 'Patient', 'read', false],
    ['system/Patient.', 'Patient', 'read', false],
    ['system/Patient.sr', 'Patient', 'read', false],
    ['user/Patient.rs', 'Patient', 'read', false],
    ['patient/Patient.rs', 'Patient', 'read', false],
    ['system/Observation.rs?category=laboratory', 'Observation', 'read', false],
    ['xsystem/*.rs', 'Patient', 'read', false],
    ['desk', 'Patient', 'read', false],
  ] as const) {
    test(`${scope} ${allowed ? 'allows' : 'denies'} ${interaction} of ${type}`, () => {
      assert.equal(allowsResource([scope], type, interaction), allowed)
    })
  }

  test('nothing is allowed without a scope, and one good scope is enough', () => {
    assert.equal(allowsResource([], 'Patient', 'read'), false)
    assert.equal(allowsResource(['desk', 'system/Patient.r'], 'Patient', 'read'), true)
  })
})

describe('desk scopes', () => {
  test('desk looks and decides, desk.read only looks, an app does neither', () => {
    assert.deepEqual([allowsDesk(['desk']), allowsRelease(['desk'])], [true, true])
    assert.deepEqual([allowsDesk(['desk.read']), allowsRelease(['desk.read'])], [true, false])
    assert.deepEqual([allowsDesk(['system/*.rs']), allowsRelease(['system/*.rs'])], [false, false])
  })
})
