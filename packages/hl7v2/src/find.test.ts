import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { find, get, parseMessage } from './index.ts'

const message = parseMessage(
  [
    'MSH|^~\\&|PAS|RXX01|||20260728101500||ORU^R01|C1|P|2.4',
    'PID|1||900^^^NHS&2.16&ISO^NH~A12^^^RXX01^MR||O\\T\\M^""^||""',
    'OBX|1|ST|||one',
    'wrapped line|more',
    'OBX|2|ST|||two~three^four',
    'OBX|3',
    '',
  ].join('\r'),
)

describe('get', () => {
  for (const [path, expected] of [
    ['MSH-1', '|'],
    ['MSH-2', '^~\\&'],
    ['MSH-2.1', '^~\\&'],
    ['MSH-2.2', undefined],
    ['MSH-2[2]', undefined],
    ['MSH-3', 'PAS'],
    ['MSH-5', ''],
    ['MSH-9.2', 'R01'],
    ['MSH-13', undefined],
    ['PID-0', 'PID'],
    ['PID-3', '900^^^NHS&2.16&ISO^NH'],
    ['PID-3.4', 'NHS&2.16&ISO'],
    ['PID-3.4.2', '2.16'],
    ['PID-3.4.4', undefined],
    ['PID-3[2].5', 'MR'],
    ['PID-3[3]', undefined],
    ['PID-3.2', ''],
    ['PID-3.6', undefined],
    ['PID-5.1', 'O&M'],
    ['PID-5.1.1', 'O&M'],
    ['PID-5.1.2', undefined],
    ['PID-5.2', '""'],
    ['PID-5.3', ''],
    ['PID-7', '""'],
    ['PID-8', undefined],
    ['PID[2]-3', undefined],
    ['OBX-5', 'one'],
    ['OBX[2]-5', 'two'],
    ['OBX[2]-5[2]', 'three^four'],
    ['OBX[2]-5[2].2', 'four'],
    ['OBX[3]-5', undefined],
    ['OBX[4]-1', undefined],
    ['PV1-2', undefined],
    ['???-0', 'wrapped line'],
    ['???-1', 'more'],
    ['???[2]-0', undefined],
  ] as const) {
    test(`reads ${path}`, () => assert.equal(get(message, path), expected))
  }

  test('takes a path that is already read', () => {
    const path = { segment: 'OBX', occurrence: 2, field: 5, repetition: 1 }
    assert.equal(get(message, { ...path, component: undefined, subcomponent: undefined }), 'two')
  })
})

describe('find', () => {
  test('does not take a word alone on a line for a segment of that name', () => {
    const scans = parseMessage('MSH|^~\\&|A\rNTE|1||after\rMRI\rMRI|a\r')
    assert.equal(get(scans, 'MRI-1'), 'a')
    assert.equal(get(scans, '???-0'), 'MRI')
  })

  test('gives the region in the text', () => {
    const { start, end } = find(message, 'PID-3.4.2')!
    assert.equal(message.text.slice(start, end), '2.16')
  })

  test('refuses a path that is not written like one', () => {
    assert.throws(() => find(message, 'PID.3'), { code: 'HL7_BAD_PATH' })
  })
})
