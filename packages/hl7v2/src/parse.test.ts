import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { isAlmonerError } from '@almoner/core'
import fc from 'fast-check'
import { forEachLeaf, get, parseMessage, raw, segmentsNamed, serialise } from './index.ts'

const HEADER = 'MSH|^~\\&|PAS|RXX01|LAB|RXX02|20260728101500||ADT^A01^ADT_A01|C1|P|2.4\r'

const codes = (text: string): readonly string[] =>
  parseMessage(text).leniencies.map(({ code }) => code)

const names = (text: string): readonly string[] =>
  parseMessage(text).segments.map(({ name }) => name)

describe('parseMessage', () => {
  test('finds the segments with their positions in the text', () => {
    const message = parseMessage(`${HEADER}PID|1||9000000009\rPV1|1|I\r`)
    assert.deepEqual(
      message.segments.map(({ name, index }) => [name, index]),
      [
        ['MSH', 0],
        ['PID', 1],
        ['PV1', 2],
      ],
    )
    assert.equal(raw(message, message.segments[1]!), 'PID|1||9000000009')
    assert.deepEqual(message.leniencies, [])
  })

  test('keeps segments of one name in order', () => {
    const message = parseMessage(`${HEADER}OBX|1\rNTE|1\rOBX|2\r`)
    const found = segmentsNamed(message, 'OBX').map((segment) => raw(message, segment))
    assert.deepEqual(found, ['OBX|1', 'OBX|2'])
    assert.deepEqual(segmentsNamed(message, 'PID'), [])
  })

  // One row per way a message can be refused: the code is the contract, not the text.
  for (const [why, text, code] of [
    ['empty', '', 'HL7_NO_MSH'],
    ['blank', ' \r\n', 'HL7_NO_MSH'],
    ['without header', 'PID|1\r', 'HL7_NO_MSH'],
    ['a batch', 'FHS|^~\\&\rMSH|^~\\&|A\r', 'HL7_NO_MSH'],
    ['only the name of a header', 'MSH', 'HL7_NO_MSH'],
    ['only the name of a header and a line end', 'MSH\rPID|1\r', 'HL7_NO_MSH'],
    ['in lower case', 'msh|^~\\&|A\r', 'HL7_NO_MSH'],
    ['prose', 'MSH is the header', 'HL7_BAD_DELIMITERS'],
    ['a longer word', 'MSHX|^~\\&|A\r', 'HL7_BAD_DELIMITERS'],
    ['separated by a digit', 'MSH0^~\\&0A\r', 'HL7_BAD_DELIMITERS'],
    ['separated by the last digit', 'MSH9^~\\&9A\r', 'HL7_BAD_DELIMITERS'],
    ['separated by a capital', 'MSHA^~\\&AB\r', 'HL7_BAD_DELIMITERS'],
    ['separated by the last capital', 'MSHZ^~\\&ZB\r', 'HL7_BAD_DELIMITERS'],
    ['separated by a letter', 'MSHa^~\\&aB\r', 'HL7_BAD_DELIMITERS'],
    ['separated by the last letter', 'MSHz^~\\&zB\r', 'HL7_BAD_DELIMITERS'],
    ['separated by quotes', 'MSH"^~\\&"A\r', 'HL7_BAD_DELIMITERS'],
    ['separated by 0x0B', 'MSH\v^~\\&\vA\r', 'HL7_BAD_DELIMITERS'],
    ['separated by 0x1C', 'MSH\x1c^~\\&\x1cA\r', 'HL7_BAD_DELIMITERS'],
    ['separated by NUL', 'MSH\0^~\\&\0A\r', 'HL7_BAD_DELIMITERS'],
    ['two messages', `${HEADER}PID|1\r${HEADER}PID|2\r`, 'HL7_MANY_MESSAGES'],
    ['two messages with other delimiters', `${HEADER}MSH#^~\\&#A\r`, 'HL7_MANY_MESSAGES'],
    ['two messages, the second bare', `${HEADER}MSH\r`, 'HL7_MANY_MESSAGES'],
  ] as const) {
    test(`refuses a text that is ${why}`, () => {
      assert.throws(() => parseMessage(text), { name: 'AlmonerError', code })
    })
  }

  test('holds to the limits it is given', () => {
    const text = `${HEADER}PID|1\rPV1|1\r`
    const limits = { charsMax: text.length, segmentsMax: 3 }
    assert.equal(parseMessage(text, limits).segments.length, 3)
    assert.throws(() => parseMessage(text, { ...limits, charsMax: text.length - 1 }), {
      code: 'HL7_TOO_LARGE',
      http: 413,
      ack: 'AR',
    })
    assert.throws(() => parseMessage(text, { ...limits, segmentsMax: 2 }), {
      code: 'HL7_TOO_MANY_SEGMENTS',
      http: 413,
    })
  })

  for (const [why, text, expected] of [
    ['CR', `${HEADER}PID|1\r`, []],
    ['LF', `${HEADER}PID|1\r`.replaceAll('\r', '\n'), ['HL7_LF_LINE_ENDS']],
    ['CRLF', `${HEADER}PID|1\r`.replaceAll('\r', '\r\n'), ['HL7_CRLF_LINE_ENDS']],
    ['CR and LF', `${HEADER}PID|1\n`, ['HL7_LF_LINE_ENDS', 'HL7_MIXED_LINE_ENDS']],
    ['CR and CRLF', `${HEADER}PID|1\r\n`, ['HL7_CRLF_LINE_ENDS', 'HL7_MIXED_LINE_ENDS']],
    ['no final CR', `${HEADER}PID|1`, ['HL7_NO_FINAL_CR']],
    ['blank lines', `${HEADER}\r \t\rPID|1\r\r`, ['HL7_BLANK_LINE']],
    [
      'LF in front of CR',
      `${HEADER}PID|1\n\r`,
      ['HL7_BLANK_LINE', 'HL7_LF_LINE_ENDS', 'HL7_MIXED_LINE_ENDS'],
    ],
    ['leading blanks', ` \r\n\t${HEADER}PID|1\r`, ['HL7_LEADING_BLANKS']],
    ['a byte order mark', `\ufeff${HEADER}PID|1\r`, ['HL7_BYTE_ORDER_MARK']],
    ['a start byte of MLLP', `\v${HEADER}PID|1\r`, ['HL7_FRAME_CHARACTER']],
    ['an end byte of MLLP', `${HEADER}PID|1\r\x1c\r`, ['HL7_FRAME_CHARACTER']],
    ['an end byte of MLLP after the last field', `${HEADER}PID|1\x1c`, ['HL7_FRAME_CHARACTER']],
    ['NUL characters', `${HEADER}PID|1\r\0\r`, ['HL7_NUL_CHARACTER', 'HL7_NO_SEGMENT_NAME']],
    ['a bare segment', `${HEADER}PID|1\rPV2\r`, []],
  ] as const) {
    test(`reads a message with ${why}`, () => {
      const message = parseMessage(text)
      assert.deepEqual(codes(text).toSorted(), [...expected].toSorted())
      assert.equal(get(message, 'PID-1'), '1')
      assert.equal(get(message, 'MSH-12'), '2.4')
      assert.equal(serialise(message), text)
    })
  }

  test('keeps a NUL character inside a value', () => {
    const message = parseMessage(`${HEADER}PID|a\0b\r`)
    assert.equal(get(message, 'PID-1'), 'a\0b')
  })

  test('keeps a wrapped line as a segment of its own', () => {
    const text = `${HEADER}NTE|1||first part of a comment\rand the second|F\rPV1|1\r`
    const message = parseMessage(text)
    assert.deepEqual(names(text), ['MSH', 'NTE', 'and the second', 'PV1'])
    assert.deepEqual(message.leniencies, [{ code: 'HL7_NO_SEGMENT_NAME', where: 'segment 3' }])
    const seen: string[] = []
    forEachLeaf(message, (start, end) => seen.push(text.slice(start, end)))
    assert.ok(seen.includes('and the second'))
    assert.ok(seen.includes('F'))
  })

  for (const line of ['Pid|1', 'PId|1', 'PiD|1', '1ID|1', 'PI|1', 'PIDX|1', ' PID|1', '|PID']) {
    test(`takes ${JSON.stringify(line)} for a line without a segment name`, () => {
      const { leniencies, segments } = parseMessage(`${HEADER}${line}\r`)
      assert.deepEqual(leniencies, [{ code: 'HL7_NO_SEGMENT_NAME', where: 'segment 2' }])
      assert.equal(segments[1]!.name, line.slice(0, line.indexOf('|')))
    })
  }

  test('takes a line of prose that begins with MSH as wrapped text', () => {
    assert.deepEqual(names(`${HEADER}NTE|1||see\rMSH is odd\r`), ['MSH', 'NTE', 'MSH is odd'])
  })

  test('notes each leniency once, however often it occurs', () => {
    assert.deepEqual(codes(`${HEADER}and\rso\r\ron\r\r`), ['HL7_NO_SEGMENT_NAME', 'HL7_BLANK_LINE'])
  })

  test('a leniency never shows a value', () => {
    const { leniencies } = parseMessage(`${HEADER}Smith Jane|1980\r`)
    assert.doesNotMatch(JSON.stringify(leniencies), /Smith|Jane|1980/)
  })
})

describe('any text', () => {
  const noise = fc.string({
    unit: fc.constantFrom(...'|^~\\&\r\n\v\x1c\0 \t"MSHPIDOBX019#\ufeffé€\u{1f600}'),
    maxLength: 200,
  })
  const texts = fc.oneof(
    noise,
    noise.map((rest) => `MSH${rest}`),
    noise.map((rest) => `MSH|^~\\&|${rest}`),
    noise.map((rest) => `${HEADER}${rest}`),
    fc.string({ unit: 'binary' }),
  )

  test('is written out unchanged or refused with a code', () => {
    fc.assert(
      fc.property(texts, (text) => {
        try {
          assert.equal(serialise(parseMessage(text)), text)
        } catch (thrown) {
          if (!isAlmonerError(thrown)) throw thrown
        }
      }),
      { numRuns: 2000 },
    )
  })

  test('keeps every character of a line inside a segment, unless the line is blank', () => {
    fc.assert(
      fc.property(noise, (rest) => {
        const text = `${HEADER}PID|1${rest.replaceAll('MSH', '')}PV1|1\r`
        const message = parseMessage(text)
        const kept = message.segments.map((segment) => raw(message, segment))
        const lines = text.split(/\r\n|\r|\n/).filter((line) => !/^[ \t]*$/.test(line))
        assert.deepEqual(kept, lines)
      }),
      { numRuns: 1000 },
    )
  })
})
