import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { adt, draftNamed, entryAt, mapText, oru, PID, segment } from '../testing/samples.ts'
import { TRIGGERS } from './triggers.ts'

const PV1 = (fields: Readonly<Record<number, string>> = {}) =>
  segment('PV1', { 2: 'I', 19: '1', ...fields })
const visit = (event: string, pv1: string) => mapText(adt(event, PID, pv1))
const statusOf = (event: string, fields: Readonly<Record<number, string>> = {}) => {
  const { slots } = draftNamed(visit(event, PV1(fields)), 'encounter')
  const slot = slots.find(({ path }) => path === 'status')
  return [slot?.value, slot?.mode]
}

describe('the status of a visit', () => {
  for (const [event, status] of [
    ['A01', 'in-progress'],
    ['A02', 'in-progress'],
    ['A03', 'finished'],
    ['A04', 'arrived'],
    ['A05', 'planned'],
    ['A11', 'cancelled'],
    ['A12', 'in-progress'],
    ['A13', 'in-progress'],
  ] as const) {
    test(`${event} is ${status}`, () => {
      assert.deepEqual(statusOf(event), [status, 'replace'])
      assert.equal(entryAt(visit(event, PV1()), 'MSH-9.2').target, 'encounter.status')
    })
  }

  for (const [fields, status] of [
    [{ 44: '20240710', 45: '20240711' }, 'finished'],
    [{ 44: '20240710' }, 'in-progress'],
    [{ 2: 'P' }, 'planned'],
    [{}, 'unknown'],
  ] as const) {
    test(`after an update with ${JSON.stringify(fields)} is ${status}, unless it is known`, () => {
      for (const event of ['A08', 'A28', 'A31']) {
        assert.deepEqual(statusOf(event, fields), [status, 'default'])
      }
    })
  }
})

describe('a visit without a number', () => {
  const isHeld = (event: string, pv1: string) =>
    visit(event, pv1).drafts.find(({ type }) => type === 'Encounter')

  for (const { event, visit: rule } of TRIGGERS.filter(({ event }) => event !== 'A40')) {
    if (rule === 'visit') {
      test(`waits for a person in ${event}`, () => {
        const draft = isHeld(event, 'PV1|1|I|A')
        assert.deepEqual(draft?.identity, [])
        assert.equal(draft?.ifUnidentified, 'hold')
      })
    } else {
      test(`is left out on purpose in ${event}`, () => {
        assert.equal(isHeld(event, 'PV1|1|I|A'), undefined)
        const entry = entryAt(visit(event, 'PV1|1|I|A'), 'PV1-3')
        assert.equal(entry.rule, 'PV1[Encounter]:PV1 without visit number')
        assert.equal(entry.fate, 'ignored')
      })
    }
  }

  test('is none at all when an update says so with class N', () => {
    assert.equal(isHeld('A08', 'PV1|1|N'), undefined)
    assert.notEqual(isHeld('A08', 'PV1|1|O'), undefined)
  })

  test('is left out of results', () => {
    const mapped = mapText(oru(PID, 'PV1|1|I|A', 'PV2|||X', 'OBR|1||F1|X'))
    assert.equal(entryAt(mapped, 'PV1-2').fate, 'ignored')
    assert.equal(entryAt(mapped, 'PV2-3').fate, 'ignored')
  })
})

describe('a visit that a result names', () => {
  const mapped = mapText(
    oru(PID, PV1({ 3: 'A', 6: 'B', 7: 'C1^Doc', 44: '20240710' }), 'OBR|1||F1|X'),
  )

  test('is only filled where nothing is known', () => {
    const modes = draftNamed(mapped, 'encounter').slots.map(({ path, mode }) => `${path} ${mode}`)
    assert.deepEqual(modes, [
      'meta.profile union',
      'status default',
      'identifier union',
      'class default',
      'location default',
      'participant default',
      'period.start default',
      'subject default',
    ])
  })
})
