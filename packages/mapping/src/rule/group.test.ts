import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { parseMessage } from '@almoner/hl7v2'
import {
  type Group,
  type GroupSpec,
  groupSegments,
  namesOf,
  segmentOf,
  segmentsOf,
} from './group.ts'

const GRAMMAR: GroupSpec = {
  name: 'ROOT',
  opens: [],
  holds: ['MSH'],
  makes: [],
  groups: [
    {
      name: 'ORDER',
      opens: ['ORC', 'OBR'],
      holds: ['NTE', 'SPM'],
      makes: [],
      groups: [{ name: 'RESULT', opens: ['OBX'], holds: ['NTE'], makes: [], groups: [] }],
    },
  ],
}

/** `ORC OBR (OBX NTE)`: each group as its segments, inner groups in brackets. */
const shown = ({ segments, groups }: Group): string =>
  [...segments.map(({ name }) => name), ...groups.map((group) => `(${shown(group)})`)].join(' ')

const tree = (...names: readonly string[]): Group =>
  groupSegments(parseMessage(['MSH|^~\\&', ...names].join('\r')), GRAMMAR)

describe('groups', () => {
  for (const [why, names, expected] of [
    ['one order of two segments', ['ORC|1', 'OBR|1'], 'MSH (ORC OBR)'],
    ['two orders', ['OBR|1', 'OBR|2'], 'MSH (OBR) (OBR)'],
    ['two full orders', ['ORC|1', 'OBR|1', 'ORC|2', 'OBR|2'], 'MSH (ORC OBR) (ORC OBR)'],
    ['an order that begins in the middle', ['OBR|1', 'ORC|2', 'OBR|2'], 'MSH (OBR) (ORC OBR)'],
    [
      'results with comments',
      ['OBR|1', 'NTE|1', 'OBX|1', 'NTE|1', 'OBX|2'],
      'MSH (OBR NTE (OBX NTE) (OBX))',
    ],
    [
      'a result after the specimen',
      ['OBR|1', 'OBX|1', 'SPM|1', 'NTE|1', 'OBX|2'],
      'MSH (OBR SPM NTE (OBX) (OBX))',
    ],
    [
      'segments that nobody knows',
      ['ZZ1|1', 'OBR|1', 'ZZ1|1', 'OBX|1', 'ZZ1|1', 'NTE|1'],
      'MSH (OBR (OBX NTE))',
    ],
    ['a result without an order', ['OBX|1', 'OBR|1'], 'MSH (OBR)'],
  ] as const) {
    test(`are found: ${why}`, () => {
      assert.equal(shown(tree(...names)), expected)
    })
  }

  test('give their segments by name', () => {
    const order = tree('OBR|1', 'NTE|1', 'NTE|2').groups[0]!
    assert.equal(segmentOf(order, 'OBR')?.index, 1)
    assert.equal(segmentOf(order, 'ORC'), undefined)
    assert.equal(segmentsOf(order, 'NTE').length, 2)
  })

  test('know all names of their grammar', () => {
    assert.deepEqual(namesOf(GRAMMAR), ['MSH', 'ORC', 'OBR', 'NTE', 'SPM', 'OBX', 'NTE'])
  })
})
