import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { applyDraft, type Draft, draftReference, resolveReferences, type Slot } from './draft.ts'
import type { Encounter, Patient, Resource } from './types.ts'

function draftOf(type: Resource['resourceType'], ...slots: readonly Slot[]): Draft {
  return { name: 'one', type, identity: [], ifUnidentified: 'create', follow: 'current', slots }
}

const nhsNumber = { system: 'https://fhir.nhs.uk/Id/nhs-number', value: '9000000009' }
const patient: Patient = {
  resourceType: 'Patient',
  id: 'p1',
  identifier: [nhsNumber],
  active: true,
  telecom: [
    { system: 'phone', value: '01', use: 'home' },
    { system: 'phone', value: '02', use: 'work' },
    { system: 'phone', value: '03', use: 'home' },
  ],
  gender: 'female',
}

/** The patient after one slot. */
const after = (slot: Slot, stored: Patient = patient): Patient =>
  applyDraft(stored, draftOf('Patient', slot)) as Patient

describe('applyDraft', () => {
  test('makes a resource of the slots when there is none yet', () => {
    const draft = draftOf('Patient', { path: 'gender', mode: 'replace', value: 'male' })
    assert.deepEqual(applyDraft(undefined, draft), { resourceType: 'Patient', gender: 'male' })
  })

  test('leaves alone what no slot names', () => {
    const { gender: _gender, ...others } = after({ path: 'gender', mode: 'replace', value: 'male' })
    const { gender: _old, ...before } = patient
    assert.deepEqual(others, before)
  })

  test('returns the very object that is stored when nothing changes', () => {
    const slots: readonly Slot[] = [
      { path: 'gender', mode: 'replace', value: 'female' },
      { path: 'gender', mode: 'default', value: 'unknown' },
      { path: 'deceasedBoolean', mode: 'replace', value: undefined },
      { path: 'identifier', mode: 'union', value: [{ ...nhsNumber, use: undefined }] },
      {
        path: 'telecom',
        mode: 'replace',
        value: [{ ...patient.telecom![1]! }],
        claim: { use: 'work' },
      },
      { path: 'contact', mode: 'union', value: [] },
    ]
    assert.equal(applyDraft(patient, draftOf('Patient')), patient)
    assert.equal(applyDraft(patient, draftOf('Patient', ...slots)), patient)
    for (const slot of slots) assert.equal(after(slot), patient)
  })

  test('does not change the object that is stored', () => {
    const before = JSON.stringify(patient)
    after({ path: 'telecom', mode: 'replace', value: undefined })
    after({ path: 'identifier', mode: 'union', value: [{ ...nhsNumber, use: 'official' }] })
    assert.equal(JSON.stringify(patient), before)
  })

  test('keeps the order of members', () => {
    const changed = after({ path: 'active', mode: 'replace', value: false })
    assert.deepEqual(Object.keys(changed), Object.keys(patient))
  })

  test('applies slots in order, each to what the one before it left', () => {
    const draft = draftOf(
      'Patient',
      { path: 'gender', mode: 'replace', value: undefined },
      { path: 'gender', mode: 'default', value: 'other' },
    )
    assert.equal((applyDraft(patient, draft) as Patient).gender, 'other')
  })
})

describe('a slot with nothing in it', () => {
  for (const nothing of [undefined, null, '', []]) {
    const shown = JSON.stringify(nothing) ?? 'undefined'
    test(`deletes a single element with replace (${shown})`, () => {
      assert.equal('gender' in after({ path: 'gender', mode: 'replace', value: nothing }), false)
    })
    test(`writes no empty element with default (${shown})`, () => {
      assert.equal(after({ path: 'birthDate', mode: 'default', value: nothing }), patient)
    })
  }

  for (const nothing of [undefined, null, []]) {
    const shown = JSON.stringify(nothing) ?? 'undefined'
    test(`deletes only what the slot owns (${shown})`, () => {
      const { telecom } = after({
        path: 'telecom',
        mode: 'replace',
        value: nothing,
        claim: { use: 'home' },
      })
      assert.deepEqual(telecom, [patient.telecom![1]])
    })
    for (const mode of ['union', 'succeed', 'revert', 'default'] as const) {
      test(`changes nothing with ${mode} (${shown})`, () => {
        assert.equal(after({ path: 'telecom', mode, value: nothing }), patient)
      })
    }
  }

  test('takes the list away with its last item', () => {
    const stored: Patient = { resourceType: 'Patient', telecom: [{ value: '01', use: 'home' }] }
    const slot: Slot = { path: 'telecom', mode: 'replace', value: [], claim: { use: 'home' } }
    assert.deepEqual(after(slot, stored), { resourceType: 'Patient' })
  })

  test('takes away the object that it leaves empty', () => {
    const stored: Encounter = {
      resourceType: 'Encounter',
      status: 'finished',
      class: { code: 'IMP' },
      hospitalization: { admitSource: { text: 'ward' } },
    }
    const slot: Slot = { path: 'hospitalization.admitSource', mode: 'replace', value: undefined }
    assert.equal('hospitalization' in applyDraft(stored, draftOf('Encounter', slot)), false)
  })
})

describe('replace', () => {
  test('puts the whole list in place of the old one when it claims nothing', () => {
    const value = [{ system: 'email', value: 'a@b.example' }]
    assert.deepEqual(after({ path: 'telecom', mode: 'replace', value }).telecom, value)
  })

  test('puts owned items where the first of them was and keeps the others', () => {
    const value = [
      { value: '04', use: 'home' },
      { value: '05', use: 'home' },
      { value: '06', use: 'home' },
    ]
    const { telecom } = after({ path: 'telecom', mode: 'replace', value, claim: { use: 'home' } })
    assert.deepEqual(
      telecom?.map((one) => one.value),
      ['04', '05', '06', '02'],
    )
  })

  test('appends owned items when there were none', () => {
    const value = [{ value: '07', use: 'mobile' }]
    const { telecom } = after({ path: 'telecom', mode: 'replace', value, claim: { use: 'mobile' } })
    assert.deepEqual(
      telecom?.map((one) => one.value),
      ['01', '02', '03', '07'],
    )
  })

  test('claims by a dotted path, and by every path that it names', () => {
    const identifier = [
      { value: '1', use: 'usual', type: { coding: [{ code: 'MR' }] } },
      { value: '2', use: 'old', type: { coding: [{ code: 'MR' }] } },
      { value: '3', use: 'usual', type: { coding: [{ code: 'NH' }] } },
    ] as const
    const stored = { resourceType: 'Patient', identifier: [...identifier] } as unknown as Patient
    const claim = { 'type.coding.0.code': 'MR', use: 'usual' }
    const got = after({ path: 'identifier', mode: 'replace', value: [], claim }, stored)
    assert.deepEqual(
      got.identifier?.map((one) => one.value),
      ['2', '3'],
    )
  })

  test('sets an inner element and keeps its neighbours', () => {
    const stored: Patient = { resourceType: 'Patient', maritalStatus: { text: 'x', id: 'm' } }
    const got = after({ path: 'maritalStatus.text', mode: 'replace', value: 'y' }, stored)
    assert.deepEqual(got.maritalStatus, { text: 'y', id: 'm' })
  })
})

describe('default', () => {
  test('sets what is not there', () => {
    assert.equal(after({ path: 'birthDate', mode: 'default', value: '1950' }).birthDate, '1950')
  })

  test('keeps what is there, also when it is false', () => {
    const stored: Patient = { resourceType: 'Patient', active: false }
    assert.equal(after({ path: 'active', mode: 'default', value: true }, stored), stored)
  })

  test('with a claim, looks only at what it owns', () => {
    const value = [{ value: '08', use: 'mobile' }]
    const slot: Slot = { path: 'telecom', mode: 'default', value, claim: { use: 'mobile' } }
    const once = after(slot)
    assert.equal(once.telecom?.length, 4)
    assert.equal(after(slot, once), once)
  })
})

describe('union', () => {
  test('adds what is new', () => {
    const local = { system: 'https://hospital.example/number', value: 'H1' }
    const { identifier } = after({ path: 'identifier', mode: 'union', value: [local] })
    assert.deepEqual(identifier, [nhsNumber, local])
  })

  test('joins the members of an item with the same system and value', () => {
    const value = [{ ...nhsNumber, use: 'official' }]
    const { identifier } = after({ path: 'identifier', mode: 'union', value })
    assert.deepEqual(identifier, [{ ...nhsNumber, use: 'official' }])
  })

  test('tells the same value of two systems apart', () => {
    const value = [{ system: 'https://hospital.example/number', value: nhsNumber.value }]
    assert.equal(after({ path: 'identifier', mode: 'union', value }).identifier?.length, 2)
  })

  test('does not repeat an equal item that has no key', () => {
    const stored: Patient = { resourceType: 'Patient', name: [{ family: 'Jones', given: ['Ann'] }] }
    const same: Slot = { path: 'name', mode: 'union', value: [{ given: ['Ann'], family: 'Jones' }] }
    assert.equal(after(same, stored), stored)
    const other: Slot = { path: 'name', mode: 'union', value: [{ family: 'Smith' }] }
    assert.equal(after(other, stored).name?.length, 2)
  })

  test('joins lists of texts', () => {
    const stored = { resourceType: 'Encounter', type: undefined, tags: ['a', 'b'] }
    const slot: Slot = { path: 'tags', mode: 'union', value: ['b', 'c'] }
    const got = applyDraft(stored as unknown as Resource, draftOf('Encounter', slot))
    assert.deepEqual((got as unknown as { tags: unknown }).tags, ['a', 'b', 'c'])
  })
})

describe('a slot that would destroy what is stored', () => {
  const bugs: readonly (readonly [string, Slot])[] = [
    ['joins a list to a single value', { path: 'gender', mode: 'union', value: [{ a: 1 }] }],
    ['gives a single value to a list', { path: 'telecom', mode: 'union', value: { value: '9' } }],
    [
      'gives items that it would not know again',
      { path: 'telecom', mode: 'replace', value: [{ value: '9' }], claim: { use: 'home' } },
    ],
    ['goes back to two items at once', { path: 'telecom', mode: 'revert', value: [{}, {}] }],
    ['leads through a text', { path: 'gender.code', mode: 'replace', value: 'm' }],
  ]
  for (const [why, slot] of bugs) {
    test(`is a bug: it ${why}`, () => {
      assert.throws(() => after(slot), { name: 'AssertionError' })
    })
  }
})

describe('the locations of an encounter', () => {
  const ward = (name: string, start?: string) => ({
    location: { reference: `Location/${name}` },
    status: 'active' as const,
    ...(start === undefined ? {} : { period: { start } }),
  })
  const encounter: Encounter = {
    resourceType: 'Encounter',
    status: 'in-progress',
    class: { code: 'IMP' },
    location: [ward('a', '2026-03-01T08:00:00Z')],
  }
  const move = (mode: 'succeed' | 'revert', to: unknown, stored: Encounter, atTime?: string) =>
    applyDraft(
      stored,
      draftOf('Encounter', { path: 'location', mode, value: [to], atTime }),
    ) as Encounter

  test('follow a transfer (A02): the open one ends when the next begins', () => {
    const moved = move(
      'succeed',
      ward('b', '2026-03-02T09:00:00Z'),
      encounter,
      '2026-03-02T09:00:00Z',
    )
    assert.deepEqual(moved.location, [
      {
        location: { reference: 'Location/a' },
        status: 'completed',
        period: { start: '2026-03-01T08:00:00Z', end: '2026-03-02T09:00:00Z' },
      },
      ward('b', '2026-03-02T09:00:00Z'),
    ])
  })

  test('are as before after a transfer and its cancellation (A02 then A12)', () => {
    const moved = move(
      'succeed',
      ward('b', '2026-03-02T09:00:00Z'),
      encounter,
      '2026-03-02T09:00:00Z',
    )
    assert.deepEqual(move('revert', ward('a'), moved), encounter)
  })

  test('stay the same for an update in the same place', () => {
    const update = ward('a', '2026-03-05T00:00:00Z')
    assert.equal(move('succeed', update, encounter, '2026-03-05T00:00:00Z'), encounter)
  })

  test('keep both stays when a patient comes back', () => {
    const moved = move('succeed', ward('b'), encounter, '2026-03-02')
    const back = move('succeed', ward('a', '2026-03-03'), moved, '2026-03-03')
    assert.deepEqual(
      back.location?.map(({ location, status }) => [location.reference, status]),
      [
        ['Location/a', 'completed'],
        ['Location/b', 'completed'],
        ['Location/a', 'active'],
      ],
    )
  })

  test('reopen the latest of two stays when the transfer after it is cancelled', () => {
    const there = move('succeed', ward('b'), encounter, '2026-03-02')
    const back = move('succeed', ward('a', '2026-03-03'), there, '2026-03-03')
    const away = move('succeed', ward('c'), back, '2026-03-04')
    assert.deepEqual(move('revert', ward('a'), away), back)
  })

  test('end without a time when the message gives none', () => {
    const stored: Encounter = { ...encounter, location: [ward('a')] }
    assert.deepEqual(move('succeed', ward('b'), stored).location, [
      { location: { reference: 'Location/a' }, status: 'completed' },
      ward('b'),
    ])
  })

  test('take a place that nobody knew when a cancellation names it', () => {
    const reverted = move('revert', { location: { reference: 'Location/x' } }, encounter)
    assert.deepEqual(reverted.location, [
      { location: { reference: 'Location/x' }, status: 'active' },
    ])
  })

  test('stay the same when the place of a cancellation is still open', () => {
    assert.equal(move('revert', ward('a'), encounter), encounter)
  })

  test('keep a planned place through a transfer and its cancellation', () => {
    const planned = { location: { reference: 'Location/p' }, status: 'planned' as const }
    const stored: Encounter = { ...encounter, location: [planned, ...encounter.location!] }
    const moved = move('succeed', ward('b'), stored, '2026-03-02')
    assert.deepEqual(moved.location?.[0], planned)
    assert.deepEqual(move('revert', ward('a'), moved), stored)
  })
})

describe('resolveReferences', () => {
  const ids = new Map([['patient', 'Patient/p1']])
  const resolve = (name: string): string | undefined => ids.get(name)

  test('replaces a draft reference wherever it is', () => {
    const value = {
      subject: { reference: draftReference('patient'), display: 'A' },
      list: [{ who: { reference: draftReference('patient') } }],
    }
    assert.deepEqual(resolveReferences(value, resolve), {
      subject: { reference: 'Patient/p1', display: 'A' },
      list: [{ who: { reference: 'Patient/p1' } }],
    })
  })

  test('leaves real references, other texts and unknown names as they are', () => {
    const value = {
      subject: { reference: 'Patient/p2' },
      text: draftReference('patient'),
      other: { reference: draftReference('nobody') },
      none: null,
      count: 3,
    }
    assert.deepEqual(resolveReferences(value, resolve), value)
  })
})
