import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { adt, draftNamed, entryAt, mapText, segment } from '../testing/samples.ts'

const person = (fields: Readonly<Record<number, string>>) =>
  mapText(adt('A31', segment('PID', { 3: '1', ...fields })))

/** What is said of the elements whose names begin like this; null: deleted. */
function said(fields: Readonly<Record<number, string>>, prefix: string): Record<string, unknown> {
  const slots = draftNamed(person(fields), 'patient').slots
  const about = slots.filter(({ path }) => path.replace('_', '').startsWith(prefix))
  return Object.fromEntries(about.map(({ path, value }) => [path, value ?? null]))
}

describe('death', () => {
  for (const [why, fields, expected] of [
    ['a date', { 29: '20240709' }, { deceasedDateTime: '2024-07-09', deceasedBoolean: null }],
    ['the fact', { 30: 'Y' }, { deceasedBoolean: true, deceasedDateTime: null }],
    ['alive', { 30: 'N' }, { deceasedBoolean: false, deceasedDateTime: null }],
    [
      'date and fact',
      { 29: '20240709', 30: 'Y' },
      { deceasedDateTime: '2024-07-09', deceasedBoolean: null },
    ],
    ['both deleted', { 29: '""', 30: '""' }, { deceasedDateTime: null, deceasedBoolean: null }],
    [
      'date deleted, alive',
      { 29: '""', 30: 'N' },
      { deceasedDateTime: null, deceasedBoolean: false },
    ],
    ['nothing', {}, {}],
  ] as const) {
    test(`${why}: one element of the choice stands`, () => {
      assert.deepEqual(said(fields, 'deceased'), expected)
    })
  }

  test('the fact beside the date is left out on purpose', () => {
    assert.equal(entryAt(person({ 29: '20240709', 30: 'Y' }), 'PID-30').fate, 'ignored')
  })

  test('that is denied beside its date is flagged, and the date stands', () => {
    const mapped = person({ 29: '20240709', 30: 'N' })
    assert.equal(entryAt(mapped, 'PID-30').why, 'contradicts PID-29')
    assert.deepEqual(mapped.flags, [{ code: 'DEATH_CONTRADICTION', where: 'PID-30' }])
  })
})

describe('birth', () => {
  for (const [sent, date, time] of [
    ['1965', '1965', null],
    ['196512', '1965-12', null],
    ['19651213', '1965-12-13', null],
    ['196512130000', '1965-12-13', null],
    ['196507131515', '1965-07-13', '1965-07-13T15:15:00+01:00'],
  ] as const) {
    test(`${sent} is ${date}${time === null ? '' : ' with a time'}`, () => {
      const { birthDate, _birthDate } = said({ 7: sent }, 'birthDate')
      assert.equal(birthDate, date)
      const extension = _birthDate as { extension: { valueDateTime: string }[] } | null
      assert.equal(extension?.extension[0]?.valueDateTime ?? null, time)
    })
  }

  test('that cannot be leaves the date as it is', () => {
    assert.deepEqual(said({ 7: '19651332' }, 'birthDate'), {})
    assert.deepEqual(person({ 7: '19651332' }).flags, [{ code: 'VALUE_REFUSED', where: 'PID-7' }])
  })

  test('that is null deletes the date and its time', () => {
    assert.deepEqual(said({ 7: '""' }, 'birthDate'), { birthDate: null, _birthDate: null })
  })

  for (const [fields, expected] of [
    [{ 24: 'Y' }, { multipleBirthBoolean: true, multipleBirthInteger: null }],
    [
      { 24: 'Y', 25: '2' },
      { multipleBirthInteger: 2, multipleBirthBoolean: null },
    ],
    [{ 25: '0' }, {}],
  ] as const) {
    test(`of several: ${JSON.stringify(fields)}`, () => {
      assert.deepEqual(said(fields, 'multipleBirth'), expected)
    })
  }

  test('that is single and the second is flagged', () => {
    assert.deepEqual(person({ 24: 'N', 25: '2' }).flags, [
      { code: 'MULTIPLE_BIRTH_CONTRADICTION', where: 'PID-24' },
    ])
  })
})
