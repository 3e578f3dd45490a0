import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  adt,
  draftNamed,
  elementAt,
  entryAt,
  mapText,
  PID,
  resourceNamed,
  segment,
} from '../testing/samples.ts'

const visit = (event: string, fields: Readonly<Record<number, string>>) =>
  mapText(adt(event, PID, segment('PV1', { 2: 'I', 19: '1', ...fields })))
const placeSlots = (mapped: ReturnType<typeof mapText>) =>
  draftNamed(mapped, 'encounter').slots.filter(({ path }) => path === 'location')

describe('a place', () => {
  test('is a chain from the facility to the bed', () => {
    const mapped = visit('A01', { 3: 'WARD 1^BAY2^6^MAIN^^^B BLOCK^2^By the window' })
    const chain = mapped.drafts.filter(({ type }) => type === 'Location')
    assert.deepEqual(
      chain.map(({ name }) => [
        elementAt(resourceNamed(mapped, name), 'name'),
        elementAt(resourceNamed(mapped, name), 'physicalType.coding[0].code'),
        elementAt(resourceNamed(mapped, name), 'partOf.reference'),
      ]),
      [
        ['MAIN', 'si', undefined],
        ['B BLOCK', 'bu', 'urn:draft:location-1'],
        ['2', 'lvl', 'urn:draft:location-2'],
        ['WARD 1', undefined, 'urn:draft:location-3'],
        ['BAY2', 'ro', 'urn:draft:location-4'],
        ['6', 'bd', 'urn:draft:location-5'],
      ],
    )
    assert.equal(
      chain.at(-1)?.identity[0]?.value,
      'facility=MAIN/building=B%20BLOCK/floor=2/poc=WARD%201/room=BAY2/bed=6',
    )
    assert.equal(elementAt(resourceNamed(mapped, 'location-6'), 'description'), 'By the window')
  })

  test('of an ITK message stands in an ODS site', () => {
    const text = adt('A01', PID, segment('PV1', { 2: 'I', 3: 'A^^^RXX01', 19: '1' }))
    const itk = text.replace('|2.4', '|2.4|||||||||iTKv1.0')
    assert.deepEqual(draftNamed(mapText(itk), 'location-1').identity, [
      { system: 'https://fhir.nhs.uk/Id/ods-site-code', value: 'RXX01', strength: 'own' },
    ])
  })

  test('that two fields share is one', () => {
    const mapped = visit('A02', { 3: 'A^B^2^MAIN', 6: 'A^B^1^MAIN' })
    assert.equal(mapped.drafts.filter(({ type }) => type === 'Location').length, 5)
    assert.equal(entryAt(mapped, 'PV1-3.1').target, entryAt(mapped, 'PV1-6.1').target)
  })

  test('with a deleted bed is the room', () => {
    const mapped = visit('A01', { 3: 'A^B^""' })
    assert.equal(mapped.drafts.filter(({ type }) => type === 'Location').length, 2)
    assert.equal(entryAt(mapped, 'PV1-3.3').fate, 'ignored')
  })
})

describe('what an event does to the places', () => {
  test('an admission starts one at the time of the event', () => {
    const mapped = visit('A01', { 3: 'A' })
    assert.deepEqual(placeSlots(mapped), [
      { path: 'location', mode: 'replace', value: [], claim: { status: 'planned' } },
      {
        path: 'location',
        mode: 'succeed',
        value: [
          {
            location: { reference: 'urn:draft:location-1' },
            status: 'active',
            period: { start: '2024-07-10T14:00:00+01:00' },
          },
        ],
        atTime: '2024-07-10T14:00:00+01:00',
      },
    ])
    assert.equal(entryAt(mapped, 'EVN-6').target, 'encounter.location[0].period.start')
  })

  for (const [event, fields, modes] of [
    ['A02', { 3: 'B', 6: 'A' }, ['default', 'replace', 'succeed']],
    ['A03', { 3: 'B' }, ['replace', 'succeed']],
    ['A05', { 3: 'B' }, ['replace']],
    ['A08', { 3: 'B' }, ['replace', 'succeed']],
    ['A08', { 3: 'B', 45: '20240711' }, ['default']],
    ['A11', { 3: 'B' }, ['default']],
    ['A12', { 3: 'B', 6: 'A' }, ['revert']],
    ['A13', { 3: 'B' }, ['revert']],
    ['A28', { 3: 'B', 6: 'A' }, ['default']],
  ] as const) {
    test(`${event} with ${JSON.stringify(fields)}: ${modes.join(', ')}`, () => {
      assert.deepEqual(
        placeSlots(visit(event, fields)).map(({ mode }) => mode),
        modes,
      )
    })
  }

  test('a place that is only planned is planned', () => {
    const [slot] = placeSlots(visit('A05', { 3: 'B' }))
    assert.deepEqual(slot?.claim, { status: 'planned' })
    assert.equal(elementAt(slot, 'value[0].status'), 'planned')
  })

  test('the place of a move that never was is left out on purpose', () => {
    assert.equal(entryAt(visit('A12', { 3: 'B', 6: 'A' }), 'PV1-6').fate, 'ignored')
  })

  test('a history is never deleted', () => {
    assert.equal(entryAt(visit('A02', { 3: 'B', 6: '""' }), 'PV1-6').fate, 'unmapped')
  })
})
