import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { type Ack, createAck, get, parseMessage, readAck, readHeader, setRaw } from './index.ts'

const AT_MS = Date.UTC(2026, 6, 28, 10, 15, 0)
const positive: Ack = { code: 'AA', controlId: 'ACK1', atMs: AT_MS }

const original = (version: string, controlId = 'C1') =>
  parseMessage(
    `MSH|^~\\&|PAS^1.2^ISO|RXX01|LAB|RXX02|20260728101400||ADT^A01^ADT_A01|${controlId}|P|${version}|||AL|NE|GBR|UNICODE UTF-8\rPID|1||900||Smith\r`,
  )

const failed: Ack = {
  ...positive,
  code: 'AE',
  error: {
    hl7Code: '102',
    severity: 'E',
    location: 'PID-7',
    userMessage: 'This is not a date.',
    code: 'MAP_BAD_DATE',
  },
}

describe('createAck', () => {
  for (const [why, version, ack, lines] of [
    [
      'a positive answer',
      '2.4',
      positive,
      [
        'MSH|^~\\&|LAB|RXX02|PAS^1.2^ISO|RXX01|20260728101500+0000||ACK^A01^ACK|ACK1|P|2.4',
        'MSA|AA|C1',
      ],
    ],
    [
      'an accept acknowledgement with a sentence',
      '2.5.1^GBR',
      { ...positive, code: 'CA', text: 'Kept | safe' },
      [
        'MSH|^~\\&|LAB|RXX02|PAS^1.2^ISO|RXX01|20260728101500+0000||ACK^A01^ACK|ACK1|P|2.5.1^GBR',
        'MSA|CA|C1|Kept \\F\\ safe',
      ],
    ],
    [
      'an error in v2.5 and later',
      '2.5',
      failed,
      [
        'MSH|^~\\&|LAB|RXX02|PAS^1.2^ISO|RXX01|20260728101500+0000||ACK^A01^ACK|ACK1|P|2.5',
        'MSA|AE|C1|This is not a date.',
        'ERR||PID^1^7^1|102^Data type error^HL70357|E|MAP_BAD_DATE|||This is not a date.',
      ],
    ],
    [
      'an error before v2.5',
      '2.4',
      failed,
      [
        'MSH|^~\\&|LAB|RXX02|PAS^1.2^ISO|RXX01|20260728101500+0000||ACK^A01^ACK|ACK1|P|2.4',
        'MSA|AE|C1|This is not a date.',
        'ERR|PID^1^7^102&Data type error&HL70357',
      ],
    ],
  ] as const satisfies readonly (readonly [string, string, Ack, readonly string[]])[]) {
    test(`writes ${why}`, () => {
      assert.equal(createAck(original(version), ack), lines.map((line) => `${line}\r`).join(''))
    })
  }

  const err = (version: string, error: Partial<NonNullable<Ack['error']>>): string | undefined => {
    const ack = { ...failed, error: { ...failed.error!, ...error } }
    return createAck(original(version), ack).split('\r')[2]
  }

  for (const [version, isNew] of [
    ['2.1', false],
    ['2.3.1', false],
    ['2.4', false],
    ['2.5', true],
    ['2.5.1', true],
    ['2.6', true],
    ['2.8.2', true],
    ['2.10', true],
    ['3', false],
    ['x', false],
    ['', false],
  ] as const) {
    test(`puts the error of version ${version || '(none)'} where it belongs`, () => {
      assert.equal(err(version, {})?.startsWith('ERR||'), isNew)
    })
  }

  for (const [location, place, diagnostic] of [
    ['OBX[3]-5[2].1.2', 'OBX^3^5^2^1^2', ''],
    ['PID-3.4', 'PID^1^3^1^4', ''],
    ['line 3', '', 'line 3'],
    ['???-0', '', '???-0'],
    [undefined, '', ''],
  ] as const) {
    test(`says where: ${location}`, () => {
      const line = err('2.5.1', { location })!.split('|')
      assert.deepEqual([line[2], line[7]], [place, diagnostic])
      const before = err('2.4', { location })!.split('|')[1]!.split('^')
      assert.deepEqual(before.slice(0, 3), place === '' ? ['', '', ''] : place.split('^', 3))
    })
  }

  test('keeps a code that is not in the table', () => {
    assert.equal(err('2.5', { hl7Code: '999' })!.split('|')[3], '999^^HL70357')
  })

  for (const id of ['A\\T\\B', 'A^B~C', '""', 'x'.repeat(500), ' 1 ', '\\', '']) {
    test(`repeats the control id ${id.slice(0, 10)} exactly as it was sent`, () => {
      const ack = createAck(original('2.4', id), positive)
      assert.equal(ack.split('\r')[1], id === '' ? 'MSA|AA' : `MSA|AA|${id}`)
    })
  }

  test('is answered by readAck with the control id of readHeader', () => {
    for (const id of ['C1', 'A\\T\\B', 'A^B~C', '4\\5']) {
      const message = original('2.4', id)
      const ack = readAck(createAck(message, positive))
      assert.deepEqual(ack, { code: 'AA', controlId: readHeader(message).controlId, text: '' })
    }
  })

  test('escapes what would cut it on the wire', () => {
    const ack = createAck(original('2.4', 'A\v\x1cB'), positive)
    assert.match(ack, /MSA\|AA\|A\\X0B\\\\X1C\\B\r$/)
  })

  test('copies nothing from the message but header fields', () => {
    const text = createAck(original('2.4'), failed)
    assert.doesNotMatch(text, /Smith|900/)
  })

  test('speaks with the delimiters of the message', () => {
    const message = parseMessage('MSH#*+!%#PAS#RXX01#LAB#RXX02###ADT*A01#C!T!1#P#2.4\r')
    const ack = createAck(message, { ...failed, text: 'a*b' })
    assert.equal(
      ack,
      'MSH#*+!%#LAB#RXX02#PAS#RXX01#20260728101500+0000##ACK*A01*ACK#ACK1#P#2.4\r' +
        'MSA#AE#C!T!1#a!S!b\rERR#PID*1*7*102%Data type error%HL70357\r',
    )
  })

  test('keeps the truncation character that the message declares', () => {
    const message = parseMessage('MSH|^~\\&#|PAS|||||||C1|P|2.7\r')
    assert.match(createAck(message, positive), /^MSH\|\^~\\&#\|/)
  })

  for (const header of [
    'MSH|^~|PAS|R&X|L\\AB||||ADT^A01|C1|P|2.4',
    'MSH||PAS|R&X|L\\AB||||ADT|C1',
  ]) {
    test(`uses the usual delimiters where ${header.slice(0, 8)} declares too few`, () => {
      const ack = createAck(parseMessage(header), positive)
      const parsed = parseMessage(ack)
      assert.deepEqual(Object.values(parsed.delimiters), ['|', '^', '~', '\\', '&'])
      assert.equal(get(parsed, 'MSH-3'), 'L\\AB')
      assert.equal(get(parsed, 'MSH-6'), 'R&X')
      assert.equal(get(parsed, 'MSA-2'), 'C1')
    })
  }

  test('has no trigger where the message has none', () => {
    const message = setRaw(original('2.4'), 'MSH-9', 'ADT')
    assert.equal(get(parseMessage(createAck(message, positive)), 'MSH-9'), 'ACK')
  })

  test('declares a character set only when it needs one', () => {
    assert.equal(get(parseMessage(createAck(original('2.4'), positive)), 'MSH-18'), undefined)
    const accented = setRaw(original('2.4'), 'MSH-4', 'Zoë')
    const ack = parseMessage(createAck(accented, positive))
    assert.equal(get(ack, 'MSH-18'), 'UNICODE UTF-8')
    assert.equal(get(ack, 'MSA-2'), 'C1')
    const undeclared = setRaw(accented, 'MSH-18', '')
    assert.equal(get(parseMessage(createAck(undeclared, positive)), 'MSH-18'), undefined)
  })

  test('answers what could not be read at all', () => {
    const ack = createAck(undefined, { ...failed, code: 'AR' })
    assert.equal(
      ack,
      'MSH|^~\\&|||||20260728101500+0000||ACK|ACK1|P|2.4\r' +
        'MSA|AR||This is not a date.\rERR|PID^1^7^102&Data type error&HL70357\r',
    )
    assert.equal(readAck(ack)!.code, 'AR')
  })

  test('is legal for any header, and equal input gives equal text', () => {
    const values = fc.string({ unit: fc.constantFrom(...'^~\\&ABC12. "\0\v\x1cé'), maxLength: 12 })
    fc.assert(
      fc.property(fc.array(values, { minLength: 16, maxLength: 16 }), (fields) => {
        const message = parseMessage(`MSH|^~\\&|${fields.join('|')}\r`)
        const text = createAck(message, failed)
        assert.equal(text, createAck(message, failed))
        const ack = parseMessage(text)
        assert.deepEqual(
          ack.segments.map(({ name }) => name),
          ['MSH', 'MSA', 'ERR'],
        )
        assert.equal(get(ack, 'MSA-1'), 'AE')
        assert.equal(readAck(text)!.controlId, readHeader(message).controlId)
      }),
      { numRuns: 300 },
    )
  })
})
