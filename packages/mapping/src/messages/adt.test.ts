import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { adt, applyAll, draftNamed, elementAt, mapText, PID, segment } from '../testing/samples.ts'

describe('a merge', () => {
  const mapped = mapText(
    adt(
      'A40',
      'PID|1||9990000018^^^NHS~100^^^RXX^MR||SMITH^ANN',
      'MRG|200^^^RXX^MR~9990000018^^^NHS||||||SMITH^ANNE',
    ),
  )

  test('finds the record that goes by its own number, itself and not its survivor', () => {
    const prior = draftNamed(mapped, 'prior')
    assert.deepEqual(
      prior.identity.map(({ value }) => value),
      ['200'],
    )
    assert.equal(prior.follow, 'exact')
    assert.equal(draftNamed(mapped, 'patient').follow, 'current')
  })

  test('makes it inactive and links both records', () => {
    const stored = applyAll([
      adt('A28', 'PID|1||200^^^RXX^MR||SMITH^ANNE'),
      adt('A28', 'PID|1||100^^^RXX^MR||SMITH^ANN'),
      adt('A40', 'PID|1||100^^^RXX^MR||SMITH^ANN', 'MRG|200^^^RXX^MR'),
    ])
    const prior = stored.get('Patient/200')
    assert.equal(elementAt(prior, 'active'), false)
    assert.equal(elementAt(prior, 'name[0].given[0]'), 'ANNE')
    assert.deepEqual(elementAt(prior, 'link'), [
      { other: { reference: 'Patient/100' }, type: 'replaced-by' },
    ])
    assert.deepEqual(elementAt(stored.get('Patient/100'), 'link'), [
      { other: { reference: 'Patient/200' }, type: 'replaces' },
    ])
  })

  test('waits for a person when both records are known by the same number only', () => {
    const same = mapText(adt('A40', 'PID|1||100^^^RXX^MR', 'MRG|100^^^RXX^MR'))
    assert.deepEqual(draftNamed(same, 'prior').identity, [])
    assert.equal(draftNamed(same, 'prior').ifUnidentified, 'hold')
  })

  test('may be one of several in a message', () => {
    const two = mapText(adt('A40', PID, 'MRG|1', 'PID|2||5', 'MRG|6'))
    assert.deepEqual(
      two.drafts.map(({ name }) => name),
      ['patient', 'prior', 'patient-2', 'prior-2'],
    )
    assert.deepEqual(
      draftNamed(two, 'patient-2').slots.filter(({ path }) => path === 'link').length,
      1,
    )
  })

  test('reads the prior number of the old MRG-4', () => {
    assert.equal(draftNamed(mapText(adt('A40', PID, 'MRG||||9')), 'prior').identity[0]?.value, '9')
  })

  test('that does not say which record goes is refused', () => {
    assert.throws(() => mapText(adt('A40', PID)), { code: 'MAP_NO_MERGE' })
    assert.throws(() => mapText(adt('A40', PID, 'MRG|1', 'PID|2||5')), { code: 'MAP_NO_MERGE' })
  })
})

describe('an ADT message', () => {
  test('without a patient is refused', () => {
    assert.throws(() => mapText(adt('A01', 'PV1|1|I')), { code: 'MAP_NO_PATIENT' })
  })

  test('knows nothing of results', () => {
    const mapped = mapText(adt('A01', PID, 'OBX|1|NM|X||5'))
    assert.ok(mapped.ledger.unmappedPaths.includes('OBX-5'))
  })
})

describe('a stay, event by event', () => {
  const pv1 = (fields: Readonly<Record<number, string>>) =>
    segment('PV1', { 2: 'I', 19: '77^^^RXX', ...fields })
  const event = (name: string, hour: string, fields: Readonly<Record<number, string>>) =>
    adt(name, PID, pv1(fields)).replace('20240710140000', `20240710${hour}0000`)
  const admission = event('A01', '08', { 3: 'A', 44: '2024071008' })
  const transfer = event('A02', '10', { 3: 'B', 6: 'A' })
  const discharge = event('A03', '12', { 3: 'B', 36: '1', 37: '19', 45: '202407101200' })
  const stay = (...texts: readonly string[]) => applyAll(texts).get('Encounter/77')
  const places = (...texts: readonly string[]) =>
    (
      elementAt(stay(...texts), 'location') as {
        location: object
        status: string
        period?: object
      }[]
    ).map(({ location, status, period }) => [elementAt(location, 'reference'), status, period])

  test('a transfer ends one place and starts the next', () => {
    assert.deepEqual(places(admission, transfer), [
      [
        'Location/poc=A',
        'completed',
        { start: '2024-07-10T08:00:00+01:00', end: '2024-07-10T10:00:00+01:00' },
      ],
      ['Location/poc=B', 'active', { start: '2024-07-10T10:00:00+01:00' }],
    ])
  })

  test('the same event twice changes nothing', () => {
    assert.deepEqual(stay(admission, transfer, transfer), stay(admission, transfer))
    assert.deepEqual(stay(admission, discharge, discharge), stay(admission, discharge))
  })

  test('a cancelled transfer brings the patient back', () => {
    assert.deepEqual(places(admission, transfer, event('A12', '11', { 3: 'A', 6: 'B' })), [
      ['Location/poc=A', 'active', { start: '2024-07-10T08:00:00+01:00' }],
    ])
  })

  test('a discharge finishes the visit, and its cancellation opens it again', () => {
    const finished = stay(admission, transfer, discharge)
    assert.equal(elementAt(finished, 'status'), 'finished')
    assert.equal(elementAt(finished, 'period.end'), '2024-07-10T12:00:00+01:00')
    const open = stay(admission, transfer, discharge, event('A13', '13', { 3: 'B' }))
    assert.equal(elementAt(open, 'status'), 'in-progress')
    assert.equal(elementAt(open, 'period.end'), undefined)
    assert.equal(elementAt(open, 'extension'), undefined)
    assert.equal(elementAt(open, 'hospitalization'), undefined)
  })

  test('a planned place gives way to the real one', () => {
    assert.deepEqual(
      places(event('A05', '07', { 2: 'P', 3: 'C' }), admission).map(([place]) => place),
      ['Location/poc=A'],
    )
  })

  test('a late update does not open a finished visit', () => {
    const late = event('A08', '15', { 3: 'B', 44: '2024071008', 45: '202407101200' })
    assert.equal(elementAt(stay(admission, discharge, late), 'status'), 'finished')
  })

  test('an update that leaves things out leaves them as they are', () => {
    const before = applyAll([
      adt('A28', segment('PID', { 3: '1', 5: 'A^B', 13: '0441', 16: 'M', 22: 'A' })),
    ])
    const after = applyAll([
      adt('A28', segment('PID', { 3: '1', 5: 'A^B', 13: '0441', 16: 'M', 22: 'A' })),
      adt('A31', segment('PID', { 3: '1', 5: 'A^B' })),
    ])
    assert.deepEqual(after.get('Patient/1'), before.get('Patient/1'))
  })
})
