import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { formatPath, type Path, parsePath } from './index.ts'

describe('parsePath', () => {
  for (const [text, numbers] of [
    ['PID-5', [1, 5, 1, undefined, undefined]],
    ['PID-5.1', [1, 5, 1, 1, undefined]],
    ['PID-3[2].4.1', [1, 3, 2, 4, 1]],
    ['OBX[3]-5[2].1.2', [3, 5, 2, 1, 2]],
    ['MSH-9', [1, 9, 1, undefined, undefined]],
    ['ZU1-10', [1, 10, 1, undefined, undefined]],
    ['PID-0', [1, 0, 1, undefined, undefined]],
    ['???[2]-0', [2, 0, 1, undefined, undefined]],
    ['OBX[99999]-5', [99_999, 5, 1, undefined, undefined]],
  ] as const) {
    test(`reads ${text}`, () => {
      const path = parsePath(text)
      const { occurrence, field, repetition, component, subcomponent } = path
      assert.deepEqual([occurrence, field, repetition, component, subcomponent], numbers)
      assert.equal(formatPath(path), text)
    })
  }

  for (const text of [
    '',
    'PID',
    'PID-',
    'PID5',
    'PID.5',
    'pid-5',
    'PIDX-5',
    'PI-5',
    '1ID-5',
    'PID-x',
    'PID--5',
    'PID-5.',
    'PID-5.0',
    'PID-5.1.',
    'PID-5.1.0',
    'PID-5.1.2.3',
    'PID-5[0]',
    'PID-5[]',
    'PID-5[1',
    'PID[0]-5',
    'PID[1-5',
    'PID[-1]-5',
    'PID-5 ',
    ' PID-5',
    'PID-5.1.1[2]',
    'PID-123456',
    'PID-5[999999]',
    'PID-1e3',
  ]) {
    test(`refuses ${JSON.stringify(text)}`, () => {
      assert.throws(() => parsePath(text), { name: 'AlmonerError', code: 'HL7_BAD_PATH' })
    })
  }

  test('says where it stopped and keeps the text itself out of the sentence', () => {
    assert.throws(() => parsePath('PID-5.Smith'), {
      message: 'A path into a message is not written like PID-3[2].4.1. Where: position 7.',
      detail: 'PID-5.Smith',
    })
  })
})

describe('formatPath', () => {
  const count = fc.integer({ min: 1, max: 99_999 })
  const optional = fc.option(count, { nil: undefined })
  const paths: fc.Arbitrary<Path> = fc
    .record(
      {
        segment: fc.constantFrom('PID', 'OBX', 'ZU1', '???'),
        occurrence: count,
        field: fc.integer({ min: 0, max: 99_999 }),
        repetition: count,
        component: optional,
        subcomponent: optional,
      },
      { noNullPrototype: true },
    )
    .filter(({ component, subcomponent }) => component !== undefined || subcomponent === undefined)

  test('is the inverse of parsePath', () => {
    fc.assert(fc.property(paths, (path) => assert.deepEqual(parsePath(formatPath(path)), path)))
  })
})
