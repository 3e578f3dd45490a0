import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { type Charset, decodeBytes, encodeText } from './index.ts'

/** A message whose MSH-18 is `declared` and whose PID-5 is `name`, as text. */
const text = (declared: string, name: string): string =>
  `MSH|^~\\&|PAS|RXX01|||20260728101500||ADT^A01|C1|P|2.4||||||${declared}|||\rPID|1||||${name}\r`

const latin1 = (value: string): Uint8Array => Buffer.from(value, 'latin1')
const utf8 = (value: string): Uint8Array => Buffer.from(value, 'utf8')

const NAME = 'Zoë Müller'
/** Curly quotes and a dash, as windows-1252 writes them. */
const QUOTED = 'O\x92Neill \x96 x'

describe('decodeBytes', () => {
  for (const [why, declared, bytes, charset, problems, name] of [
    ['plain ASCII, nothing declared', '', utf8, 'utf-8', [], 'Smith'],
    ['plain ASCII, UTF-8 declared', 'UNICODE UTF-8', utf8, 'utf-8', [], 'Smith'],
    ['plain ASCII, 8859/1 declared', '8859/1', utf8, 'iso-8859-1', [], 'Smith'],
    ['plain ASCII, ASCII declared', 'ASCII', utf8, 'utf-8', [], 'Smith'],
    ['plain ASCII, something else declared', 'KOI8', utf8, 'utf-8', [], 'Smith'],
    ['UTF-8 as declared', 'UNICODE UTF-8', utf8, 'utf-8', [], NAME],
    ['UTF-8 as declared in short', 'UTF-8', utf8, 'utf-8', [], NAME],
    ['UTF-8 as declared in lower case', 'utf8', utf8, 'utf-8', [], NAME],
    ['UTF-8 where UNICODE is declared', 'UNICODE', utf8, 'utf-8', [], NAME],
    ['8859/1 as declared', '8859/1', latin1, 'iso-8859-1', [], NAME],
    ['8859/1 declared as ISO IR100', 'ISO IR100', latin1, 'iso-8859-1', [], NAME],
    ['windows-1252 as declared', 'WINDOWS-1252', latin1, 'windows-1252', [], NAME],
    ['8859/1 where UTF-8 is declared', 'UTF-8', latin1, 'windows-1252', ['MISMATCH'], NAME],
    ['8859/1 where UNICODE is declared', 'UNICODE', latin1, 'windows-1252', ['MISMATCH'], NAME],
    ['8859/1 where ASCII is declared', 'ISO IR6', latin1, 'windows-1252', ['MISMATCH'], NAME],
    ['UTF-8 where ASCII is declared', 'ASCII', utf8, 'utf-8', ['MISMATCH'], NAME],
    ['UTF-8 where 8859/1 is declared', '8859/1', utf8, 'utf-8', ['MISMATCH'], NAME],
    ['UTF-8 where windows-1252 is declared', 'CP1252', utf8, 'utf-8', ['MISMATCH'], NAME],
    ['UTF-8, nothing declared', '', utf8, 'utf-8', ['UNDECLARED'], NAME],
    ['8859/1, nothing declared', '', latin1, 'windows-1252', ['UNDECLARED'], NAME],
    ['UTF-8, null declared', '""', utf8, 'utf-8', ['UNDECLARED'], NAME],
    ['UTF-8 where something else is declared', 'KOI8', utf8, 'utf-8', ['UNKNOWN'], NAME],
    ['8859/1 where something else is declared', 'X', latin1, 'windows-1252', ['UNKNOWN'], NAME],
    ['the first of two declared', '8859/1~UNICODE UTF-8', latin1, 'iso-8859-1', [], NAME],
    ['the second of two, the first empty', '~UNICODE UTF-8', utf8, 'utf-8', [], NAME],
  ] as const) {
    test(`reads ${why}`, () => {
      const sent = bytes(text(declared, name))
      const read = decodeBytes(sent)
      assert.equal(read.text, text(declared, name))
      assert.equal(read.charset, charset)
      assert.equal(read.declared, declared)
      assert.deepEqual(
        read.problems,
        problems.map((code) => ({ code: `CHARSET_${code}`, where: 'MSH-18' })),
      )
      assert.deepEqual(Buffer.from(encodeText(read.text, read.charset)), Buffer.from(sent))
    })
  }

  for (const [declared, code] of [
    ['8859/1', 'CHARSET_WINDOWS_1252'],
    ['', 'CHARSET_UNDECLARED'],
    ['UTF-8', 'CHARSET_MISMATCH'],
  ] as const) {
    test(`reads quotes of windows-1252 where ${declared || 'nothing'} is declared`, () => {
      const sent = latin1(text(declared, QUOTED))
      const read = decodeBytes(sent)
      assert.equal(read.text, text(declared, 'O’Neill – x'))
      assert.deepEqual(read.problems, [{ code, where: 'MSH-18' }])
      assert.deepEqual(Buffer.from(encodeText(read.text, read.charset)), Buffer.from(sent))
    })
  }

  test('takes the fallback of a sender that declares nothing', () => {
    const read = decodeBytes(latin1(text('', NAME)), { fallback: 'iso-8859-1' })
    assert.deepEqual([read.charset, read.problems], ['iso-8859-1', []])
    const quoted = decodeBytes(latin1(text('', QUOTED)), { fallback: 'iso-8859-1' })
    assert.deepEqual(
      [quoted.charset, quoted.problems.map(({ code }) => code)],
      ['windows-1252', ['CHARSET_UNDECLARED']],
    )
    const declared = decodeBytes(latin1(text('8859/1', NAME)), { fallback: 'utf-8' })
    assert.deepEqual([declared.charset, declared.problems], ['iso-8859-1', []])
    const ascii = decodeBytes(utf8(text('', 'Smith')), { fallback: 'windows-1252' })
    assert.deepEqual([ascii.charset, ascii.problems], ['windows-1252', []])
  })

  const wide = (value: string, isBig: boolean): Uint8Array => {
    const little = Buffer.from(value, 'utf16le')
    return isBig ? little.swap16() : little
  }
  for (const [why, bytes] of [
    ['little-endian with its mark', wide(`\ufeff${text('UNICODE', NAME)}`, false)],
    ['big-endian with its mark', wide(`\ufeff${text('UNICODE', NAME)}`, true)],
    ['little-endian without a mark', wide(text('UNICODE', NAME), false)],
    ['big-endian without a mark', wide(text('UNICODE', NAME), true)],
  ] as const) {
    test(`reads UTF-16, ${why}`, () => {
      const read = decodeBytes(bytes)
      assert.equal(read.text.replace('\ufeff', ''), text('UNICODE', NAME))
      assert.deepEqual(
        [read.charset, read.declared, read.problems],
        ['utf-8', 'UNICODE', [{ code: 'CHARSET_UTF_16', where: 'MSH-18' }]],
      )
    })
  }

  for (const [why, sent] of [
    ['a byte order mark', `\ufeff${text('UTF-8', NAME)}`],
    ['a blank', ` ${text('UTF-8', NAME)}`],
    ['a start byte of MLLP', `\v${text('UTF-8', NAME)}`],
    ['blank lines', `\r\n\r\n${text('UTF-8', NAME)}`],
    ['the headers of a batch', `FHS|^~\\&|AMSHX\rBHS|^~\\&|B\r${text('UTF-8', NAME)}`],
  ] as const) {
    test(`finds MSH-18 behind ${why}`, () => {
      const read = decodeBytes(utf8(sent))
      assert.deepEqual([read.text, read.declared, read.problems], [sent, 'UTF-8', []])
    })
  }

  for (const [why, sent, declared] of [
    ['no message', 'hello', ''],
    ['no header behind other text', 'aMSHb|^~\\&', ''],
    ['a header that is part of a word', `abcMSH${'|'.repeat(17)}UTF-8|`, ''],
    ['a header that ends with LF', `MSH|^~\\&|PAS\nPID${'|'.repeat(16)}UTF-8|`, ''],
    ['MSH-18 in front of LF', `MSH${'|'.repeat(17)}UTF-8\nPID|1`, 'UTF-8'],
    ['a header cut short', 'MSH', ''],
    ['a header that ends before MSH-18', 'MSH|^~\\&|PAS\rPID|1|||||||||||||||||UTF-8', ''],
    ['a header that ends with MSH-18', 'MSH|^~\\&|||||||||||||||UTF-8|', ''],
    ['MSH-18 as the last thing there is', `MSH${'|'.repeat(17)}UTF-8`, 'UTF-8'],
    ['another field separator', `MSH${'#'.repeat(17)}UTF-8#`, 'UTF-8'],
    ['a very long MSH-18', `MSH${'|'.repeat(17)}${'x'.repeat(1000)}`, 'x'.repeat(100)],
  ] as const) {
    test(`declares ${JSON.stringify(declared).slice(0, 20)} in bytes with ${why}`, () => {
      assert.equal(decodeBytes(utf8(sent)).declared, declared)
    })
  }

  test('never throws, and every byte can be written back', () => {
    const heads = fc.constantFrom('', 'MSH', text('', ''), text('8859/1', ''), text('UTF-8', ''))
    fc.assert(
      fc.property(heads, fc.uint8Array({ maxLength: 60 }), (head, tail) => {
        const bytes = Buffer.concat([Buffer.from(head), tail])
        const read = decodeBytes(bytes)
        if (read.problems.some(({ code }) => code === 'CHARSET_UTF_16')) return
        assert.deepEqual(Buffer.from(encodeText(read.text, read.charset)), bytes)
      }),
      { numRuns: 1000 },
    )
  })

  test('reads a view into a larger buffer, not the buffer', () => {
    const whole = Buffer.from(`xxx${text('UTF-8', NAME)}yyy`)
    const read = decodeBytes(new Uint8Array(whole).subarray(3, whole.length - 3))
    assert.equal(read.text, text('UTF-8', NAME))
  })
})

describe('encodeText', () => {
  for (const [charset, value] of [
    ['utf-8', 'Zoë €😀'],
    ['iso-8859-1', 'Zoë'],
    ['windows-1252', 'Zoë €’–™'],
  ] as const) {
    test(`writes ${charset} so that decoding gives the text again`, () => {
      const declared = charset === 'windows-1252' ? 'WINDOWS-1252' : '8859/1'
      const sent = text(charset === 'utf-8' ? 'UTF-8' : declared, value)
      assert.equal(decodeBytes(encodeText(sent, charset)).text, sent)
    })
  }

  for (const [charset, value, index] of [
    ['iso-8859-1', 'ab€', 3],
    ['iso-8859-1', '😀', 1],
    ['windows-1252', 'Łódź', 1],
    ['windows-1252', 'a\x80', 2],
    ['utf-8', 'ab\ud83d', 3],
    ['utf-8', '\ude00', 1],
  ] as const satisfies readonly (readonly [Charset, string, number])[]) {
    test(`refuses ${JSON.stringify(value)} in ${charset} rather than change it`, () => {
      assert.throws(() => encodeText(value, charset), {
        code: 'HL7_NOT_ENCODABLE',
        where: `character ${index}`,
      })
    })
  }
})
