import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  elementAt,
  entryAt,
  mapText,
  oru,
  PID,
  resourceNamed,
  segment,
} from '../testing/samples.ts'

const result = (fields: Readonly<Record<number, string>>) =>
  mapText(oru(PID, 'OBR|1||F1|X', segment('OBX', { 3: 'T', ...fields })))
const observation = (fields: Readonly<Record<number, string>>) =>
  resourceNamed(result(fields), 'observation-1')
const PRECISION = 'http://hl7.org/fhir/StructureDefinition/quantity-precision'

describe('the value of a result', () => {
  for (const [why, fields, path, expected] of [
    ['a number', { 2: 'NM', 5: '140' }, 'valueQuantity', { value: 140 }],
    [
      'a number with its zeros',
      { 2: 'NM', 5: '5.60' },
      'valueQuantity',
      { extension: [{ url: PRECISION, valueInteger: 2 }], value: 5.6 },
    ],
    [
      'a number with a comparator',
      { 2: 'NM', 5: '<0.5' },
      'valueQuantity',
      { value: 0.5, comparator: '<' },
    ],
    [
      'a structured number',
      { 2: 'SN', 5: '>^90' },
      'valueQuantity',
      { value: 90, comparator: '>' },
    ],
    ['an equal structured number', { 2: 'SN', 5: '=^90' }, 'valueQuantity', { value: 90 }],
    [
      'a range',
      { 2: 'SN', 5: '^5^-^10' },
      'valueRange',
      { low: { value: 5 }, high: { value: 10 } },
    ],
    [
      'a ratio',
      { 2: 'SN', 5: '^1^:^128' },
      'valueRatio',
      { numerator: { value: 1 }, denominator: { value: 128 } },
    ],
    [
      'a ratio with a comparator',
      { 2: 'SN', 5: '>^1^/^128' },
      'valueRatio',
      { numerator: { value: 1, comparator: '>' }, denominator: { value: 128 } },
    ],
    ['a date', { 2: 'DT', 5: '20240710' }, 'valueDateTime', '2024-07-10'],
    ['a time stamp', { 2: 'TS', 5: '202407101400' }, 'valueDateTime', '2024-07-10T14:00:00+01:00'],
    ['a string', { 2: 'ST', 5: 'Neg \\T\\ clear' }, 'valueString', 'Neg & clear'],
    ['a string with forgotten escapes', { 2: 'ST', 5: 'A&E^B' }, 'valueString', 'A&E^B'],
    ['formatted text', { 2: 'FT', 5: 'One\\.br\\Two' }, 'valueString', 'One\nTwo'],
    [
      'a code',
      { 2: 'CE', 5: '112283007^E. coli^SCT' },
      'valueCodeableConcept.coding',
      [{ system: 'http://snomed.info/sct', code: '112283007', display: 'E. coli' }],
    ],
    [
      'a code of LOINC',
      { 2: 'CWE', 5: 'LA6576-8^Positive^LN' },
      'valueCodeableConcept.coding[0].system',
      'http://loinc.org',
    ],
    [
      'a code of the sender',
      { 2: 'CE', 5: 'ECOL^E. coli^L' },
      'valueCodeableConcept.coding[0].system',
      'urn:almoner:codes:RXX:L',
    ],
    [
      'a code of nobody',
      { 2: 'IS', 5: 'Y' },
      'valueCodeableConcept.coding[0].system',
      'urn:almoner:codes:RXX:OBX-5',
    ],
    [
      'old SNOMED',
      { 2: 'CE', 5: 'M-12345^X^SNM' },
      'valueCodeableConcept.coding[0].system',
      'urn:almoner:codes:RXX:SNM',
    ],
    [
      'SNOMED CT under its old name',
      { 2: 'CE', 5: '112283007^X^SNM' },
      'valueCodeableConcept.coding[0].system',
      'http://snomed.info/sct',
    ],
    ['words without a code', { 2: 'CE', 5: '^Growth' }, 'valueCodeableConcept', { text: 'Growth' }],
  ] as const) {
    test(`reads ${why}`, () => {
      assert.deepEqual(elementAt(observation(fields), path), expected)
      assert.equal(result(fields).ledger.unmapped, 0)
    })
  }

  for (const [why, fields, shown] of [
    ['words for a number', { 2: 'NM', 5: 'haemolysed' }, 'haemolysed'],
    ['a decimal comma', { 2: 'NM', 5: '5,6' }, '5,6'],
    ['too many digits', { 2: 'NM', 5: '1234567890123456789' }, '1234567890123456789'],
    ['two numbers', { 2: 'NM', 5: '5^6' }, '5^6'],
    ['an unknown sign', { 2: 'SN', 5: '<>^5' }, '<>^5'],
    ['an open range', { 2: 'SN', 5: '^5^+' }, '^5^+'],
    ['a range with a comparator', { 2: 'SN', 5: '<^5^-^9' }, '<^5^-^9'],
    ['a date that cannot be', { 2: 'DT', 5: '20240230' }, '20240230'],
  ] as const) {
    test(`of its type is not what it is: ${why} stays as text, unmapped`, () => {
      assert.equal(elementAt(observation(fields), 'valueString'), shown)
      assert.equal(elementAt(observation(fields), 'valueQuantity'), undefined)
      const mapped = result(fields)
      assert.ok(mapped.ledger.unmappedPaths.length > 0)
      assert.deepEqual(mapped.flags[0]?.code, 'VALUE_REFUSED')
    })
  }

  test('without a type is text, never a number', () => {
    const mapped = result({ 5: '5.5' })
    assert.equal(elementAt(resourceNamed(mapped, 'observation-1'), 'valueString'), '5.5')
    assert.deepEqual(mapped.flags, [{ code: 'VALUE_TYPE_UNKNOWN', where: 'OBX-5' }])
    assert.equal(entryAt(mapped, 'OBX-5').target, 'observation-1.valueString')
  })

  test('that is a document is not carried over, and the result says so', () => {
    const mapped = result({ 2: 'ED', 5: '^application^pdf^Base64^JVBERi0=' })
    const resource = resourceNamed(mapped, 'observation-1')
    assert.equal(elementAt(resource, 'dataAbsentReason.coding[0].code'), 'unsupported')
    assert.equal(entryAt(mapped, 'OBX-5.5').rule, 'OBX[Observation]:OBX-5 of type ED or RP')
  })

  test('that is several is told in components', () => {
    const mapped = result({ 2: 'CE', 5: 'A^One^L~B^Two^L' })
    const resource = resourceNamed(mapped, 'observation-1')
    const path = 'component[1].valueCodeableConcept.coding[0].display'
    assert.equal(elementAt(resource, path), 'Two')
    assert.deepEqual(elementAt(resource, 'component[1].code'), elementAt(resource, 'code'))
    assert.equal(entryAt(mapped, 'OBX-5[2].2').target, `observation-1.${path}`)
    assert.equal(
      entryAt(result({ 2: 'DT', 5: '2024~2025' }), 'OBX-5[2]').target,
      'observation-1.component[1].valueDateTime',
    )
  })
})

describe('the unit of a result', () => {
  for (const [why, sent, expected] of [
    [
      'UCUM',
      'mmol/L^^UCUM',
      { value: 5, unit: 'mmol/L', system: 'http://unitsofmeasure.org', code: 'mmol/L' },
    ],
    ['a word', 'mmol/L', { value: 5, unit: 'mmol/L' }],
    ['an escaped word', 'x10\\S\\9/L', { value: 5, unit: 'x10^9/L' }],
    [
      'code and words',
      'mm^millimoles^L',
      { value: 5, unit: 'millimoles', system: 'urn:almoner:codes:RXX:L', code: 'mm' },
    ],
    [
      'UCUM second',
      'mm^millimoles^L^mmol/L^^UCUM',
      { value: 5, unit: 'millimoles', system: 'http://unitsofmeasure.org', code: 'mmol/L' },
    ],
  ] as const) {
    test(`is read: ${why}`, () => {
      assert.deepEqual(
        elementAt(observation({ 2: 'NM', 5: '5', 6: sent }), 'valueQuantity'),
        expected,
      )
    })
  }

  test('is that of both numbers of a ratio', () => {
    const resource = observation({ 2: 'SN', 5: '^1^-^2', 6: 'g/L' })
    assert.equal(elementAt(resource, 'valueRange.low.unit'), 'g/L')
    assert.equal(elementAt(resource, 'valueRange.high.unit'), 'g/L')
  })

  test('stands beside a text, which would mean something else without it', () => {
    const mapped = result({ 2: 'ST', 5: '<5', 6: 'mg^milligrams' })
    assert.equal(elementAt(resourceNamed(mapped, 'observation-1'), 'valueString'), '<5 milligrams')
    assert.equal(entryAt(mapped, 'OBX-5').target, 'observation-1.valueString')
    assert.equal(entryAt(mapped, 'OBX-6.1').fate, 'unmapped')
  })

  test('has no place beside several lines', () => {
    assert.equal(entryAt(result({ 2: 'TX', 5: 'A~B', 6: 'mg' }), 'OBX-6').fate, 'unmapped')
  })
})

describe('the reference range', () => {
  const range = (sent: string, value = '5.0') =>
    elementAt(observation({ 2: 'NM', 5: value, 6: 'g/L', 7: sent }), 'referenceRange[0]')

  test('has low and high where it is two numbers', () => {
    assert.deepEqual(range('3.50 - 5'), {
      low: { extension: [{ url: PRECISION, valueInteger: 2 }], value: 3.5, unit: 'g/L' },
      high: { value: 5, unit: 'g/L' },
      text: '3.50 - 5',
    })
  })

  for (const sent of ['<5', 'Negative', '5 - 3', '3.5^5.3', '1-2-3']) {
    test(`"${sent}" stays a text`, () => {
      assert.deepEqual(range(sent), { text: sent })
    })
  }

  test('has no numbers beside a text', () => {
    assert.deepEqual(elementAt(observation({ 2: 'ST', 5: 'Neg', 7: '3-5' }), 'referenceRange[0]'), {
      text: '3-5',
    })
  })
})

describe('the interpretation', () => {
  test('may be several', () => {
    const codes = elementAt(observation({ 2: 'NM', 5: '5', 8: 'HH~A' }), 'interpretation')
    assert.deepEqual(
      (codes as { coding: { code: string }[] }[]).map(({ coding }) => coding[0]?.code),
      ['HH', 'A'],
    )
  })

  test('that is unknown is shown as it was sent', () => {
    const mapped = result({ 2: 'NM', 5: '5', 8: '**' })
    assert.equal(
      elementAt(resourceNamed(mapped, 'observation-1'), 'interpretation[0].coding[0].code'),
      '**',
    )
    assert.equal(entryAt(mapped, 'OBX-8').fate, 'unmapped')
  })
})
