import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Draft, draftReference } from '@almoner/fhir'
import { resolveDraft } from './draft-references.ts'
import { draftOf, set } from './testing/samples.ts'

/** The message has a patient and a doctor; nothing identifies the doctor, who is left out. */
const targets = {
  names: new Set(['patient', 'doctor']),
  references: new Map([['patient', 'Patient/p1']]),
}
const patient = { reference: draftReference('patient') }
const doctor = { reference: draftReference('doctor') }
const ward = { reference: 'Location/w1' }

const draftWith = (value: unknown): Draft => draftOf('Encounter', { slots: [set('x', value)] })

describe('the references between drafts', () => {
  for (const [what, given, expected] of [
    ['a reference', patient, { reference: 'Patient/p1' }],
    [
      'a reference with more to it',
      { ...patient, display: 'Ann' },
      { reference: 'Patient/p1', display: 'Ann' },
    ],
    [
      'references in lists and deep inside',
      { list: [{ who: patient }, { at: ward }], deep: { deeper: { who: patient } } },
      {
        list: [{ who: { reference: 'Patient/p1' } }, { at: ward }],
        deep: { deeper: { who: { reference: 'Patient/p1' } } },
      },
    ],
  ] as const) {
    test(`become real: ${what}`, () => {
      assert.deepEqual(resolveDraft(draftWith(given), targets).slots, [set('x', expected)])
    })
  }

  for (const [what, given, expected] of [
    ['leave what else is known', { ...doctor, display: 'Dr B' }, { display: 'Dr B' }],
    ['leave the rest of an object', { by: doctor, how: 'home' }, { how: 'home' }],
    [
      'take their item of a list along',
      [{ who: doctor, role: 'a' }, { who: patient }],
      [{ who: { reference: 'Patient/p1' } }],
    ],
    ['take an item of references along', [doctor, ward], [ward]],
    [
      'keep an item that loses nothing itself',
      [{ at: ward, period: { by: { ...doctor, display: 'B' } } }],
      [{ at: ward, period: { by: { display: 'B' } } }],
    ],
  ] as const) {
    test(`to what was left out ${what}`, () => {
      assert.deepEqual(resolveDraft(draftWith(given), targets).slots, [set('x', expected)])
    })
  }

  // Were the slot to stay, it would delete what is stored.
  for (const [what, given] of [
    ['a reference', doctor],
    ['a list of them', [doctor, { who: doctor }]],
    ['an object around one', { deep: { deeper: doctor } }],
  ] as const) {
    test(`leave the slot out that holds nothing else: ${what}`, () => {
      assert.deepEqual(resolveDraft(draftWith(given), targets).slots, [])
    })
  }

  for (const [what, given] of [
    ['real references', { subject: ward, list: [ward] }],
    ['texts that look like one', { note: draftReference('patient') }],
    ['nothing', undefined],
    ['null', null],
    ['an empty list', []],
    ['an empty object', {}],
    ['numbers and flags', [1, true, 'a']],
  ] as const) {
    test(`leave alone what is none: ${what}`, () => {
      const draft = draftWith(given)
      const [slot] = resolveDraft(draft, targets).slots
      assert.equal(slot, draft.slots[0])
    })
  }

  test('to a draft that the message does not have are a bug', () => {
    const draft = draftWith({ reference: draftReference('nobody') })
    assert.throws(() => resolveDraft(draft, targets), /nobody/)
  })
})
