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

const visit = (fields: Readonly<Record<number, string>>, event = 'A01') =>
  mapText(adt(event, PID, segment('PV1', { 19: '1', ...fields })))
const encounter = (fields: Readonly<Record<number, string>>) =>
  resourceNamed(visit(fields), 'encounter')

describe('the class of a visit', () => {
  for (const [sent, code] of [
    ['I', 'IMP'],
    ['O', 'AMB'],
    ['E', 'EMER'],
    ['P', 'PRENC'],
    ['R', 'R'],
    ['B', 'B'],
    ['W', 'W'],
  ] as const) {
    test(`${sent} is ${code}`, () => {
      assert.equal(elementAt(encounter({ 2: sent }), 'class.code'), code)
    })
  }

  test('that is unknown stays as it was sent, unmapped', () => {
    const mapped = visit({ 2: 'DAYUNIT^Day unit' })
    assert.deepEqual(elementAt(resourceNamed(mapped, 'encounter'), 'class'), {
      system: 'urn:almoner:codes:RXX:PV1-2',
      code: 'DAYUNIT',
      display: 'Day unit',
    })
    assert.equal(entryAt(mapped, 'PV1-2.1').fate, 'unmapped')
  })

  test('that is missing is unknown only where the store has none', () => {
    const slot = draftNamed(visit({}), 'encounter').slots.find(({ path }) => path === 'class')
    assert.equal(slot?.mode, 'default')
    assert.equal(elementAt(encounter({}), 'class.code'), 'UNK')
    assert.equal(entryAt(visit({ 2: '""' }), 'PV1-2').fate, 'unmapped')
  })
})

describe('a stay in hospital', () => {
  const UK = 'https://fhir.hl7.org.uk/CodeSystem/UKCore-'

  for (const [n, code, path, system] of [
    [4, '13', 'hospitalization.extension[0].valueCodeableConcept', 'AdmissionMethodEngland'],
    [4, '2A', 'hospitalization.extension[0].valueCodeableConcept', 'AdmissionMethodEngland'],
    [10, '300', 'serviceType', 'PracticeSettingCode'],
    [14, '19', 'hospitalization.admitSource', 'SourceOfAdmissionEngland'],
    [36, '1', 'extension[0].valueCodeableConcept', 'DischargeMethodEngland'],
    [37, '19', 'hospitalization.dischargeDisposition', 'DischargeDestinationEngland'],
  ] as const) {
    test(`PV1-${n} ${code} is of ${system}`, () => {
      const coding = elementAt(encounter({ [n]: code }), `${path}.coding[0]`)
      assert.equal((coding as { system: string }).system, UK + system)
      assert.equal((coding as { code: string }).code, code)
    })
  }

  test('has admission and discharge as its period', () => {
    assert.deepEqual(elementAt(encounter({ 44: '202407101350', 45: '202412241000' }), 'period'), {
      start: '2024-07-10T13:50:00+01:00',
      end: '2024-12-24T10:00:00+00:00',
    })
  })

  test('deletes only what a null field owns', () => {
    const slots = draftNamed(visit({ 45: '""', 7: '""' }), 'encounter').slots
    const deleted = slots.filter(({ value }) => value === undefined || (value as []).length === 0)
    assert.deepEqual(
      deleted.map(({ path, claim }) => [path, claim]),
      [
        ['participant', { 'type.0.coding.0.code': 'ATND' }],
        ['period.end', undefined],
      ],
    )
  })

  test('has its doctors by their part in it', () => {
    const resource = encounter({ 7: 'C1^A', 8: 'C2^B', 9: 'C3^C', 17: 'C4^D' })
    const parts = [0, 1, 2, 3].map((at) =>
      elementAt(resource, `participant[${at}].type[0].coding[0].code`),
    )
    assert.deepEqual(parts, ['ATND', 'REF', 'CON', 'ADM'])
  })
})

describe('PV2', () => {
  const stay = (pv2: string) =>
    resourceNamed(mapText(adt('A01', PID, 'PV1|1|I|||||||||||||||||1', pv2)), 'encounter')

  test('gives reason, expected dates and way of arrival', () => {
    const resource = stay(segment('PV2', { 3: '^Fall', 8: '20240701', 9: '20240801', 38: 'A' }))
    assert.equal(elementAt(resource, 'reasonCode[0].text'), 'Fall')
    assert.equal(elementAt(resource, 'extension[0].valueDateTime'), '2024-07-01')
    assert.equal(elementAt(resource, 'extension[1].valueDateTime'), '2024-08-01')
    assert.equal(elementAt(resource, 'extension[2].valueCoding.display'), 'Ambulance')
  })
})
