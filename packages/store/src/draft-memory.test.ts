import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Draft, draftReference } from '@almoner/fhir'
import { createDraftMemory, memoryKey } from './draft-memory.ts'
import { draftOf, set } from './testing/samples.ts'

const ODS = 'https://fhir.nhs.uk/Id/ods-organization-code'
const trust = draftOf('Organization', { name: 'trust', own: [[ODS, 'RXX']] })
const ward = (of: string, name = 'ward'): Draft =>
  draftOf('Location', {
    name,
    own: [['https://fhir.rxx.nhs.uk/Id/ward', 'W1']],
    slots: [set('managingOrganization', { reference: draftReference(of) })],
  })
const known = new Map([
  ['trust', 'Organization/o1'],
  ['other', 'Organization/o2'],
])

describe('the key of a draft', () => {
  test('is the same for what says the same, whatever the message calls it', () => {
    const one = memoryKey(ward('trust', 'ward-1'), known)
    assert.notEqual(one, undefined)
    const renamed = new Map([['sender', 'Organization/o1']])
    assert.equal(memoryKey(ward('sender', 'ward-2'), renamed), one)
  })

  for (const [what, draft] of [
    ['another identity', draftOf('Organization', { own: [[ODS, 'RYY']] })],
    ['another strength', draftOf('Organization', { shared: [[ODS, 'RXX']] })],
    ['another type', draftOf('Practitioner', { own: [[ODS, 'RXX']] })],
    ['more to say', draftOf('Organization', { own: [[ODS, 'RXX']], slots: [set('name', 'A')] })],
  ] as const) {
    test(`is another for a draft with ${what}`, () => {
      assert.notEqual(memoryKey(draft, known), undefined)
      assert.notEqual(memoryKey(draft, known), memoryKey(trust, known))
    })
  }

  test('is another when it refers to another record', () => {
    assert.notEqual(memoryKey(ward('trust'), known), memoryKey(ward('other'), known))
  })

  for (const [what, draft] of [
    ['what is about a patient', draftOf('Patient', { own: [[ODS, 'RXX']] })],
    ['a draft that nothing identifies', draftOf('Organization', {})],
    ['a draft that refers to one not yet bound', ward('nobody')],
  ] as const) {
    test(`is not made for ${what}`, () => {
      assert.equal(memoryKey(draft, known), undefined)
    })
  }
})

describe('the memory of drafts', () => {
  test('is emptied by any change of the directory, and by no other', () => {
    const memory = createDraftMemory()
    for (const type of ['Organization', 'Practitioner', 'Location'] as const) {
      memory.set('key', { id: 'o1', version: 3 })
      memory.changed('Patient')
      memory.changed('Encounter')
      assert.deepEqual(memory.get('key'), { id: 'o1', version: 3 })
      memory.changed(type)
      assert.equal(memory.get('key'), undefined)
    }
    memory.set('key', { id: 'o1', version: 3 })
    memory.clear()
    assert.equal(memory.get('key'), undefined)
  })
})
