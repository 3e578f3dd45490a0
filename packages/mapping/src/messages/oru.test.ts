import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  applyAll,
  draftNamed,
  elementAt,
  entryAt,
  mappedValue,
  mapText,
  oru,
  PID,
  resourceNamed,
  segment,
} from '../testing/samples.ts'

const OBR = 'OBR|1|P1^EPR|F1^LAB|FBC^Full blood count^L'
const results = (...segments: readonly string[]) => mapText(oru(PID, OBR, ...segments))
const keysOf = (mapped: ReturnType<typeof mapText>, type: string) =>
  mapped.drafts.filter((draft) => draft.type === type).map(({ identity }) => identity[0]?.value)

describe('a report', () => {
  test('is known by its filler number and what was ordered under it', () => {
    const mapped = mapText(oru(PID, OBR, 'OBR|2|P1^EPR|F1^LAB|UE^Urea^L'))
    assert.deepEqual(keysOf(mapped, 'DiagnosticReport'), ['F1/FBC', 'F1/UE'])
    assert.equal(draftNamed(mapped, 'report-1').identity[0]?.system, 'urn:almoner:report:LAB')
  })

  for (const [why, segments, value] of [
    ['the filler number of ORC', ['ORC|RE|P1|F9', 'OBR|1|||FBC'], 'F9/FBC'],
    ['the placer number', ['OBR|1|P1||FBC'], 'P1/FBC'],
    ['the words of the test', ['OBR|1||F1|^Full blood count'], 'F1/Full%20blood%20count'],
  ] as const) {
    test(`is known by ${why} when there is nothing better`, () => {
      assert.deepEqual(keysOf(mapText(oru(PID, ...segments)), 'DiagnosticReport'), [value])
    })
  }

  test('without any number waits for a person', () => {
    const draft = draftNamed(mapText(oru(PID, 'OBR|1|||FBC', 'OBX|1|NM|HB||1')), 'report-1')
    assert.deepEqual(draft.identity, [])
    assert.equal(draft.ifUnidentified, 'hold')
  })

  test('keeps the order number of ORC and OBR once', () => {
    const mapped = mapText(oru(PID, 'ORC|RE|P1^EPR|F1^LAB', OBR))
    const identifiers = elementAt(resourceNamed(mapped, 'report-1'), 'identifier') as object[]
    assert.equal(identifiers.length, 3)
    assert.equal(entryAt(mapped, 'ORC-3.1').target, 'report-1.identifier[0].value')
  })

  for (const [code, status] of [
    ['F', 'final'],
    ['C', 'corrected'],
    ['P', 'preliminary'],
    ['X', 'cancelled'],
    ['A', 'partial'],
    ['I', 'registered'],
  ] as const) {
    test(`with the status ${code} is ${status}`, () => {
      const mapped = mapText(oru(PID, segment('OBR', { 3: 'F1', 4: 'X', 25: code })))
      assert.equal(mappedValue(mapped, 'OBR-25'), status)
    })
  }

  test('of an unknown status is unknown, and shows the code', () => {
    const mapped = mapText(oru(PID, segment('OBR', { 3: 'F1', 4: 'X', 25: 'Z' })))
    const resource = resourceNamed(mapped, 'report-1')
    assert.equal(elementAt(resource, 'status'), 'unknown')
    assert.equal(
      elementAt(resource, '_status.extension[0].valueCodeableConcept.coding[0].code'),
      'Z',
    )
    assert.deepEqual(mapped.flags, [{ code: 'STATUS_UNKNOWN', where: 'OBR-25' }])
  })

  test('without a status stays at the status that is known', () => {
    const slot = draftNamed(results(), 'report-1').slots.find(({ path }) => path === 'status')
    assert.deepEqual([slot?.value, slot?.mode], ['unknown', 'default'])
  })

  for (const [section, profile, categories] of [
    ['', 'DiagnosticReport-Lab', ['LAB']],
    ['HM', 'DiagnosticReport-Lab', ['LAB', 'HM']],
    ['LAB', 'DiagnosticReport-Lab', ['LAB']],
    ['RAD', 'DiagnosticReport', ['RAD']],
    ['XX9', 'DiagnosticReport-Lab', ['LAB', 'XX9']],
  ] as const) {
    test(`of section "${section}" is a ${profile}`, () => {
      const mapped = mapText(
        oru(PID, segment('OBR', { 3: 'F1', 4: 'X', 24: section }), 'OBX|1|ST|A||B'),
      )
      const resource = resourceNamed(mapped, 'report-1')
      const codes = elementAt(resource, 'category') as { coding: { code: string }[] }[]
      assert.deepEqual(
        codes.map(({ coding }) => coding[0]?.code),
        categories,
      )
      assert.match(String(elementAt(resource, 'meta.profile[0]')), new RegExp(`UKCore-${profile}$`))
      const category = elementAt(resourceNamed(mapped, 'observation-1'), 'category')
      assert.equal(category === undefined, section === 'RAD')
    })
  }

  test('has a time, or a period, and never both', () => {
    const time = mapText(oru(PID, segment('OBR', { 3: 'F1', 4: 'X', 7: '20240710' })))
    const period = mapText(
      oru(PID, segment('OBR', { 3: 'F1', 4: 'X', 7: '20240710', 8: '20240711' })),
    )
    assert.equal(elementAt(resourceNamed(time, 'report-1'), 'effectiveDateTime'), '2024-07-10')
    assert.deepEqual(elementAt(resourceNamed(period, 'report-1'), 'effectivePeriod'), {
      start: '2024-07-10',
      end: '2024-07-11',
    })
    const cleared = draftNamed(period, 'report-1').slots.find(
      ({ path }) => path === 'effectiveDateTime',
    )
    assert.equal(cleared?.value, undefined)
  })

  test('has the comments under OBR as its conclusion, line by line', () => {
    const mapped = results('NTE|1||One\\.br\\Two', 'NTE|2||', 'NTE|3||Three~Four')
    assert.equal(
      elementAt(resourceNamed(mapped, 'report-1'), 'conclusion'),
      'One\nTwo\n\nThree\nFour',
    )
  })

  test('without a code says so', () => {
    const mapped = mapText(oru(PID, 'OBR|1||F1'))
    assert.equal(elementAt(resourceNamed(mapped, 'report-1'), 'code.coding[0].code'), 'unknown')
  })

  test('gains results and loses none', () => {
    const stored = applyAll([oru(PID, OBR, 'OBX|1|NM|HB||135'), oru(PID, OBR, 'OBX|1|NM|WBC||7')])
    assert.deepEqual(elementAt(stored.get('DiagnosticReport/F1/FBC'), 'result'), [
      { reference: 'Observation/F1/FBC/HB//1' },
      { reference: 'Observation/F1/FBC/WBC//1' },
    ])
  })
})

describe('a result', () => {
  test('is known by report, test, sub-id and place', () => {
    const mapped = results(
      'OBX|1|NM|HB||1',
      'OBX|2|NM|HB||2',
      'OBX|3|NM|HB|a/b|3',
      'OBX|4|NM|^Hb||4',
    )
    assert.deepEqual(keysOf(mapped, 'Observation'), [
      'F1/FBC/HB//1',
      'F1/FBC/HB//2',
      'F1/FBC/HB/a%2Fb/1',
      'F1/FBC/Hb//1',
    ])
  })

  test('that is corrected loses the value that was wrong', () => {
    const stored = applyAll([
      oru(PID, OBR, segment('OBX', { 2: 'NM', 3: 'K', 5: '9.9', 6: 'mmol/L', 11: 'F' })),
      oru(PID, OBR, segment('OBX', { 2: 'ST', 3: 'K', 5: 'Haemolysed', 11: 'C' })),
    ])
    const resource = stored.get('Observation/F1/FBC/K//1')
    assert.equal(elementAt(resource, 'status'), 'corrected')
    assert.equal(elementAt(resource, 'valueString'), 'Haemolysed')
    assert.equal(elementAt(resource, 'valueQuantity'), undefined)
  })

  test('that is deleted is entered in error and has no value', () => {
    const stored = applyAll([
      oru(PID, OBR, segment('OBX', { 2: 'NM', 3: 'K', 5: '9.9', 11: 'F' })),
      oru(PID, OBR, segment('OBX', { 2: 'NM', 3: 'K', 5: '""', 11: 'D' })),
    ])
    const resource = stored.get('Observation/F1/FBC/K//1')
    assert.equal(elementAt(resource, 'status'), 'entered-in-error')
    assert.equal(elementAt(resource, 'valueQuantity'), undefined)
  })

  test('that becomes final without being sent again keeps its value', () => {
    const stored = applyAll([
      oru(PID, OBR, segment('OBX', { 2: 'NM', 3: 'K', 5: '4.4', 11: 'P' })),
      oru(PID, OBR, segment('OBX', { 2: 'NM', 3: 'K', 11: 'U' })),
    ])
    const resource = stored.get('Observation/F1/FBC/K//1')
    assert.equal(elementAt(resource, 'status'), 'final')
    assert.equal(elementAt(resource, 'valueQuantity.value'), 4.4)
  })

  for (const [code, status] of [
    ['F', 'final'],
    ['C', 'corrected'],
    ['P', 'preliminary'],
    ['X', 'cancelled'],
    ['D', 'entered-in-error'],
    ['W', 'entered-in-error'],
  ] as const) {
    test(`with the status ${code} is ${status}`, () => {
      const mapped = results(segment('OBX', { 2: 'NM', 3: 'K', 5: '1', 11: code }))
      assert.equal(mappedValue(mapped, 'OBX-11'), status)
    })
  }

  test('without a time holds when its report holds', () => {
    const mapped = mapText(
      oru(
        PID,
        segment('OBR', { 3: 'F1', 4: 'X', 7: '20240709' }),
        segment('OBX', { 2: 'NM', 3: 'A', 5: '1' }),
        segment('OBX', { 2: 'NM', 3: 'B', 5: '1', 14: '20240710' }),
      ),
    )
    assert.deepEqual(
      ['observation-1', 'observation-2'].map((name) =>
        elementAt(resourceNamed(mapped, name), 'effectiveDateTime'),
      ),
      ['2024-07-09', '2024-07-10'],
    )
  })

  test('after SPM is still a result, and a comment after SPM one on the report', () => {
    const mapped = results('SPM|1', 'NTE|1||Clotted', 'OBX|1|NM|HB||135', 'NTE|1||Repeat')
    assert.deepEqual(keysOf(mapped, 'Observation'), ['F1/FBC/HB//1'])
    assert.equal(elementAt(resourceNamed(mapped, 'report-1'), 'conclusion'), 'Clotted')
    assert.equal(elementAt(resourceNamed(mapped, 'observation-1'), 'note[0].text'), 'Repeat')
  })

  test('belongs to its report whatever stands between', () => {
    const mapped = results('ZZZ|1', 'OBX|1|NM|HB||1', 'TQ1|1', 'OBX|2|NM|WBC||2')
    assert.equal((elementAt(resourceNamed(mapped, 'report-1'), 'result') as object[]).length, 2)
  })

  test('names who made it', () => {
    const mapped = results(
      segment('OBX', { 2: 'NM', 3: 'HB', 5: '1', 15: 'L1^Main^ODS', 16: 'C1^Doc', 23: 'LAB^^X26' }),
    )
    assert.deepEqual(elementAt(resourceNamed(mapped, 'observation-1'), 'performer'), [
      {
        type: 'Organization',
        identifier: { system: 'https://fhir.nhs.uk/Id/ods-organization-code', value: 'L1' },
        display: 'Main',
      },
      { reference: 'urn:draft:organization-1', type: 'Organization' },
      { reference: 'urn:draft:practitioner-1', type: 'Practitioner' },
    ])
  })
})

describe('a result message', () => {
  test('may be about several patients, each with their own results', () => {
    const mapped = mapText(oru(PID, OBR, 'OBX|1|NM|HB||1', 'PID|2||5', OBR, 'OBX|1|NM|HB||2'))
    assert.deepEqual(
      mapped.drafts.map(({ name }) => name),
      ['patient', 'report-1', 'observation-1', 'patient-2', 'report-2', 'observation-2'],
    )
    assert.equal(
      elementAt(resourceNamed(mapped, 'observation-2'), 'subject.reference'),
      'urn:draft:patient-2',
    )
  })

  test('points to the visit that it names', () => {
    const pv1 = segment('PV1', { 2: 'I', 19: '7' })
    const mapped = mapText(oru(PID, pv1, OBR, 'OBX|1|NM|HB||1'))
    for (const name of ['report-1', 'observation-1']) {
      const path = 'encounter.reference'
      assert.equal(elementAt(resourceNamed(mapped, name), path), 'urn:draft:encounter')
    }
  })

  for (const [why, text, code] of [
    ['no patient', oru(OBR, 'OBX|1|NM|HB||1'), 'MAP_NO_PATIENT'],
    ['results before the patient', oru(OBR, 'OBX|1|NM|HB||1', PID), 'MAP_NO_PATIENT'],
    ['a result before any report', oru(PID, 'OBX|1|NM|HB||1', OBR), 'MAP_NO_REPORT'],
    ['a result under an order alone', oru(PID, 'ORC|RE|1', 'OBX|1|NM|HB||1'), 'MAP_NO_REPORT'],
  ] as const) {
    test(`with ${why} is refused rather than half stored`, () => {
      assert.throws(() => mapText(text), { code })
    })
  }
})
