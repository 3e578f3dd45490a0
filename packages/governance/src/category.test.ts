import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Classified, categoriesOf, categoriesOfResources } from './category.ts'

describe('categoriesOf a message', () => {
  const rows: readonly (readonly [string, string, readonly Classified[]])[] = [
    ['ADT^A01^ADT_A01', 'MSH EVN PID PV1', ['demographics', 'encounters']],
    [
      'ADT^A08',
      'MSH EVN PID PV1 AL1 DG1',
      ['demographics', 'encounters', 'diagnoses', 'allergies'],
    ],
    ['ADT^A08', 'MSH EVN PID PV1 OBX NTE', ['demographics', 'encounters', 'results']],
    ['ADT^A01', 'MSH EVN PID PV1 ZU1', ['demographics', 'encounters', 'local']],
    ['ADT^A01', 'MSH EVN PID PV1 XYZ', ['demographics', 'encounters', 'unclassified']],
    ['ORU^R01', 'MSH PID PV1 ORC OBR OBX NTE SPM', ['demographics', 'encounters', 'results']],
    ['ORM^O01', 'MSH PID PV1 ORC OBR OBX', ['demographics', 'encounters', 'orders']],
    ['ORM^O01', 'MSH PID ORC RXO', ['demographics', 'encounters', 'orders', 'medications']],
    ['MDM^T02', 'MSH EVN PID PV1 TXA OBX', ['demographics', 'encounters', 'documents']],
    ['SIU^S12', 'MSH SCH PID RGS AIS', ['demographics', 'encounters', 'appointments']],
    ['VXU^V04', 'MSH PID ORC RXA RXR OBX', ['demographics', 'encounters', 'immunisations']],
    ['MFN^M02', 'MSH MFI MFE STF PRA', ['directory']],
    ['ZZZ^Z01', 'MSH PID', ['unclassified']],
    ['', 'MSH', ['unclassified']],
  ]
  for (const [type, names, expected] of rows) {
    test(`finds ${expected.join(', ')} in ${type} of ${names}`, () => {
      assert.deepEqual(categoriesOf(type, names.split(' ')), expected)
    })
  }

  test('takes a message that nobody looked into to hold all that its type may carry', () => {
    const all = categoriesOf('ADT^A01')
    for (const one of categoriesOf('ADT^A01', ['PID', 'PV1', 'DG1', 'AL1', 'PR1', 'OBX', 'IN1'])) {
      assert.ok(all.includes(one), one)
    }
    assert.ok(all.includes('diagnoses'))
  })

  test('knows the type from MSH-9.1 and from MSH-9.3 alike', () => {
    assert.deepEqual(categoriesOf('ORU_R01', ['OBX']), categoriesOf('ORU^R01', ['OBX']))
  })

  test('does not take the name of an inherited member for a type', () => {
    assert.deepEqual(categoriesOf('constructor'), ['unclassified'])
  })
})

describe('categoriesOfResources', () => {
  const rows: readonly (readonly [string, readonly Classified[]])[] = [
    ['Patient', ['demographics']],
    ['Patient Encounter Observation', ['demographics', 'encounters', 'results']],
    ['Observation Patient Observation', ['demographics', 'results']],
    ['ServiceRequest', ['referrals', 'orders']],
    ['MessageHeader Patient', ['demographics']],
    ['MedicationRequest', ['medications']],
    ['Practitioner', ['directory']],
    ['Bundle', ['unclassified']],
    ['Patient Widget', ['demographics', 'unclassified']],
  ]
  for (const [types, expected] of rows) {
    test(`finds ${expected.join(', ')} in ${types}`, () => {
      assert.deepEqual(categoriesOfResources(types.split(' ')), expected)
    })
  }
})
