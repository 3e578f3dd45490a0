import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { parseMessage, splitBatch } from './index.ts'

const A = 'MSH|^~\\&|A\rPID|1\r'
const B = 'MSH|^~\\&|B\rPID|2\r'

describe('splitBatch', () => {
  for (const [why, text, messages, problems] of [
    ['one message', A, [A], []],
    ['one message without a final CR', 'MSH|^~\\&|A', ['MSH|^~\\&|A'], []],
    ['one message behind blanks', `\r\n \r${A}`, [`\r\n \r${A}`], []],
    ['one message behind a byte order mark', `\ufeff${A}`, [`\ufeff${A}`], []],
    ['messages one after another', A + B, [A, B], []],
    ['messages with other line ends', `${A}${B}`.replaceAll('\r', '\n'), [A, B], []],
    [
      'messages as saved from the wire',
      `\v${A}\x1c\r\v${B}\x1c\r`,
      [`\v${A}\x1c\r`, `\v${B}\x1c\r`],
      [],
    ],
    ['a batch', `BHS|^~\\&|X\r${A}${B}BTS|2\r`, [A, B], []],
    ['a file', `FHS|^~\\&\rBHS|^~\\&\r${A}BTS|1\rBHS|^~\\&\r${B}BTS|1\rFTS|2\r`, [A, B], []],
    ['a file without batches', `FHS|^~\\&\r${A}${B}FTS|1\r`, [A, B], []],
    ['trailers that do not count', `BHS|^~\\&\r${A}BTS\rFTS|\r`, [A], []],
    ['a wrong message count', `BHS|^~\\&\r${A}${B}BTS|3|x\r`, [A, B], ['BTS-1 of batch 1']],
    [
      'a wrong batch count',
      `FHS|^~\\&\rBHS|^~\\&\r${A}BTS|1\rBHS|^~\\&\r${B}BTS|0\rFTS|1\r`,
      [A, B],
      ['BTS-1 of batch 2', 'FTS-1'],
    ],
    ['prose that begins like a header', `${A}MSH is odd\rBTS1\r`, [`${A}MSH is odd\rBTS1\r`], []],
    ['a line separator of Unicode', `${A}NTE|\u2028MSH|x\r`, [`${A}NTE|\u2028MSH|x\r`], []],
  ] as const) {
    test(`splits ${why}`, () => {
      const batch = splitBatch(text)
      const found = why.includes('other line ends')
        ? batch.messages.map((one) => one.replaceAll('\n', '\r'))
        : batch.messages
      assert.deepEqual(found, messages)
      assert.deepEqual(
        batch.problems,
        problems.map((where) => ({ code: 'HL7_BATCH_COUNT', where })),
      )
      for (const message of batch.messages)
        assert.equal(parseMessage(message).segments[0]!.index, 0)
    })
  }

  for (const [why, text, code] of [
    ['is empty', '', 'HL7_NO_MSH'],
    ['is something else', 'hello', 'HL7_NO_MSH'],
    ['has something else in front', `hello\r${A}`, 'HL7_NO_MSH'],
    ['has no message in it', 'FHS|^~\\&\rFTS|0\r', 'HL7_NO_MSH'],
  ] as const) {
    test(`refuses a text that ${why}`, () => assert.throws(() => splitBatch(text), { code }))
  }

  test('holds to the limits it is given', () => {
    const limits = { charsMax: 1000, messagesMax: 2 }
    assert.equal(splitBatch(A + B, limits).messages.length, 2)
    assert.throws(() => splitBatch(A + B + A, limits), { code: 'HL7_TOO_LARGE' })
    assert.throws(() => splitBatch(A.padEnd(1001), limits), { code: 'HL7_TOO_LARGE' })
  })

  test('loses no character of a text without trailers', () => {
    const lines = fc.array(fc.constantFrom('MSH|^~\\&|A', 'PID|1', 'text', '', '\v', 'MSH'), {
      maxLength: 12,
    })
    fc.assert(
      fc.property(lines, fc.constantFrom('\r', '\n', '\r\n'), (rest, ending) => {
        const text = ['MSH|^~\\&|A', ...rest].join(ending)
        assert.equal(splitBatch(text).messages.join(''), text)
      }),
    )
  })
})
