import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { readAck } from './index.ts'

const ack = (rest: string): string => `MSH|^~\\&|LAB|||||||A1|P|2.5.1\r${rest}\r`

describe('readAck', () => {
  for (const [why, text, expected] of [
    ['a positive answer', ack('MSA|AA|C1'), { code: 'AA', controlId: 'C1', text: '' }],
    ['a text', ack('MSA|AE|C1|No \\T\\ no'), { code: 'AE', controlId: 'C1', text: 'No & no' }],
    [
      'a user message in ERR',
      ack('MSA|AE|C1\rERR||PID^1^7|102^Data type error^HL70357|E||||Not a date'),
      { code: 'AE', controlId: 'C1', text: 'Not a date' },
    ],
    [
      'only the name of an error',
      ack('MSA|AR|C1|""\rERR|||102^Data type error^HL70357|E'),
      { code: 'AR', controlId: 'C1', text: 'Data type error' },
    ],
    [
      'a diagnostic',
      ack('MSA|AR|C1\rERR|||102|E|||stack'),
      { code: 'AR', controlId: 'C1', text: 'stack' },
    ],
    [
      'an error of an old version',
      ack('MSA|AE|C1\rERR|PID^1^7^102&Data type error&HL70357'),
      { code: 'AE', controlId: 'C1', text: 'Data type error' },
    ],
    ['a code of its own', ack('MSA|XX|C1'), { code: 'XX', controlId: 'C1', text: '' }],
    ['blanks around the code', ack('MSA| AA |C1'), { code: 'AA', controlId: 'C1', text: '' }],
    ['no control id', ack('MSA|AA'), { code: 'AA', controlId: '', text: '' }],
    ['a null control id', ack('MSA|AA|""'), { code: 'AA', controlId: '', text: '' }],
    ['an escaped id', ack('MSA|AA|A\\T\\B'), { code: 'AA', controlId: 'A&B', text: '' }],
    ['a divided id', ack('MSA|AA|A^B~C'), { code: 'AA', controlId: 'A^B~C', text: '' }],
    ['LF line ends', 'MSH|^~\\&|x\nMSA|AA|1\n', { code: 'AA', controlId: '1', text: '' }],
    ['no MSA', ack('PID|1'), undefined],
    ['an empty code', ack('MSA||C1'), undefined],
    ['a bare MSA', ack('MSA'), undefined],
    ['no message', 'OK', undefined],
    ['nothing', '', undefined],
    ['two messages', ack('MSA|AA|1') + ack('MSA|AA|2'), undefined],
  ] as const) {
    test(`reads an answer with ${why}`, () => assert.deepEqual(readAck(text), expected))
  }

  test('takes no more than it is allowed', () => {
    const limits = { charsMax: 10, segmentsMax: 5 }
    assert.equal(readAck(ack('MSA|AA|C1'), limits), undefined)
  })
})
