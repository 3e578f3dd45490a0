import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { componentDefinition, fieldDefinition, segmentTitle } from './dictionary.ts'
import { TYPE_COMPONENTS } from './dictionary-components.ts'
import { SEGMENT_FIELDS } from './dictionary-fields.ts'
import { isSegmentName } from './segment-name.ts'
import { STANDARD_SEGMENTS } from './standard-segments.ts'

describe('dictionary', () => {
  // The number of fields of a segment in HL7 v2.5.1: one missing row would shift all that follow.
  for (const [segment, fieldCount] of [
    ['MSH', 21],
    ['EVN', 7],
    ['PID', 39],
    ['PD1', 21],
    ['NK1', 39],
    ['PV1', 52],
    ['PV2', 49],
    ['MRG', 7],
    ['ORC', 31],
    ['OBR', 50],
    ['OBX', 25],
    ['NTE', 4],
    ['MSA', 6],
    ['ERR', 12],
    ['AL1', 6],
    ['DG1', 21],
    ['PR1', 20],
  ] as const) {
    test(`has the ${fieldCount} fields of ${segment}`, () => {
      assert.notEqual(fieldDefinition(segment, fieldCount), undefined)
      assert.equal(fieldDefinition(segment, fieldCount + 1), undefined)
    })
  }

  for (const [segment, n, type, name] of [
    ['MSH', 1, 'ST', 'Field separator'],
    ['MSH', 9, 'MSG', 'Message type'],
    ['MSH', 18, 'ID', 'Character set'],
    ['EVN', 6, 'TS', 'Event occurred'],
    ['PID', 3, 'CX', 'Patient identifier list'],
    ['PID', 5, 'XPN', 'Patient name'],
    ['PID', 7, 'TS', 'Date/time of birth'],
    ['PID', 11, 'XAD', 'Patient address'],
    ['PID', 30, 'ID', 'Patient death indicator'],
    ['PID', 32, 'IS', 'Identity reliability code'],
    ['PD1', 3, 'XON', 'Patient primary facility'],
    ['PV1', 19, 'CX', 'Visit number'],
    ['PV1', 36, 'IS', 'Discharge disposition'],
    ['PV1', 44, 'TS', 'Admit date/time'],
    ['PV2', 33, 'TS', 'Expected surgery date and time'],
    ['OBR', 25, 'ID', 'Result status'],
    ['OBX', 5, '*', 'Observation value'],
    ['OBX', 14, 'TS', 'Date/time of the observation'],
    ['DG1', 15, 'ID', 'Diagnosis priority'],
    ['PR1', 11, 'XCN', 'Surgeon'],
  ] as const) {
    test(`knows ${segment}-${n}`, () => {
      assert.deepEqual(fieldDefinition(segment, n), { type, name })
    })
  }

  for (const [type, n, name] of [
    ['CX', 4, 'Assigning authority'],
    ['CX', 10, 'Assigning agency or department'],
    ['XPN', 7, 'Name type code'],
    ['XAD', 5, 'Postal code'],
    ['XAD', 7, 'Address type'],
    ['XTN', 12, 'Unformatted telephone number'],
    ['XCN', 9, 'Assigning authority'],
    ['XCN', 23, 'Assigning agency or department'],
    ['PL', 4, 'Facility'],
    ['HD', 3, 'Universal ID type'],
    ['CWE', 9, 'Original text'],
    ['EI', 2, 'Namespace ID'],
    ['MSG', 3, 'Message structure'],
    ['TS', 1, 'Time'],
    ['XON', 10, 'Organisation identifier'],
  ] as const) {
    test(`knows ${type}.${n}`, () => assert.equal(componentDefinition(type, n)?.name, name))
  }

  test('knows nothing beyond', () => {
    assert.equal(fieldDefinition('PID', 0), undefined)
    assert.equal(fieldDefinition('ZU1', 1), undefined)
    assert.equal(componentDefinition('HD', 4), undefined)
    assert.equal(componentDefinition('ST', 1), undefined)
    assert.equal(segmentTitle('ZU1'), '')
    assert.equal(segmentTitle('PID'), 'Patient identification')
  })

  test('has a name and a type for every entry, and a title for every segment', () => {
    for (const list of Object.values({ ...SEGMENT_FIELDS, ...TYPE_COMPONENTS })) {
      for (const entry of list.split('|')) {
        assert.match(entry.trim(), /^(\*|[A-Z]{2,3}) [A-Z][^|]+$/)
      }
    }
    for (const segment of Object.keys(SEGMENT_FIELDS)) assert.notEqual(segmentTitle(segment), '')
    for (const [name, title] of STANDARD_SEGMENTS) {
      assert.ok(isSegmentName(name) && /^[A-Z][^|]+$/.test(title), name)
    }
  })
})
