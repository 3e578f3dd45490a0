import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { parseMessage } from '@almoner/hl7v2'
import { patientIdentifiers } from './patient-identifiers.ts'
import { adt, CONTEXT, mapText, oru, PID } from './testing/samples.ts'

const keysOf = (text: string): readonly string[] =>
  patientIdentifiers(parseMessage(text), CONTEXT).map(
    ({ system, value, strength }) => `${strength} ${system.split(/[:/]/).at(-1)} ${value}`,
  )

describe('the numbers of the patients of a message', () => {
  test('are those of PID-3, PID-2 and PID-4', () => {
    const text = adt('A31', 'PID|1|9990000018|1^^^RXX~9990000026^^^NHS|2^^^RYY')
    // Two different NHS numbers: neither may decide.
    assert.deepEqual(keysOf(text), ['own RXX 1', 'own RYY 2'])
    assert.deepEqual(keysOf(adt('A31', 'PID|1|9990000018|1^^^RXX|2^^^RYY')), [
      'own RXX 1',
      'own RYY 2',
      'shared nhs-number 9990000018',
    ])
  })

  test('are those of both records of a merge', () => {
    assert.deepEqual(keysOf(adt('A40', 'PID|1||1', 'MRG|2^^^RXX~3||||||X')), [
      'own RXX 1',
      'own RXX 2',
      'own RXX 3',
    ])
  })

  test('are those of all patients, each once', () => {
    assert.deepEqual(keysOf(oru('PID|1||1', 'OBR|1||F1|X', 'PID|2||2', 'PID|3||1')), [
      'own RXX 1',
      'own RXX 2',
    ])
  })

  test('are none where there are none', () => {
    assert.deepEqual(keysOf(adt('A31', 'PID|1')), [])
    assert.deepEqual(keysOf('MSH|^~\\&|X\r'), [])
    assert.deepEqual(keysOf(adt('A31', 'PID|1||9990000019^^^NHS')), [])
  })

  test('are the very keys of the drafts', () => {
    for (const text of [
      adt('A31', 'PID|1|88|9990000018^^^NHS^NH~4821976^^^RXX^MR~7^^^&1.2&ISO|99^^^X'),
      adt('A01', PID, 'PV1|1|I|||||||||||||||||77'),
      oru(PID, 'OBR|1||F1|X'),
    ]) {
      const patient = mapText(text).drafts.find(({ type }) => type === 'Patient')
      assert.deepEqual(patientIdentifiers(parseMessage(text), CONTEXT), patient?.identity)
    }
  })

  test('need a time zone that exists, like the mapping', () => {
    const context = { ...CONTEXT, timeZone: 'Mars/Base' }
    assert.throws(() => patientIdentifiers(parseMessage(adt('A31', PID)), context), {
      code: 'MAP_UNKNOWN_TIME_ZONE',
    })
  })
})
