import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import {
  find,
  get,
  insertSegment,
  parseMessage,
  removeSegment,
  serialise,
  setRaw,
  setValue,
} from './index.ts'

const HEADER = 'MSH|^~\\&|PAS|RXX01|LAB||20260728101500||ADT^A01^ADT_A01|C1|P|2.4\r'
const pid = (line: string) => parseMessage(`${HEADER}${line}\rPV1|1|I\r`)

describe('setValue', () => {
  for (const [line, path, value, expected] of [
    // What is there is replaced.
    ['PID|1||900', 'PID-3', '901', 'PID|1||901'],
    ['PID|1||900^^^NHS&2.16', 'PID-3.4.2', 'x', 'PID|1||900^^^NHS&x'],
    ['PID|1||900^^^NHS~A12^^^RXX', 'PID-3[2].4', 'y', 'PID|1||900^^^NHS~A12^^^y'],
    ['PID|1||a^b~c', 'PID-3', 'd', 'PID|1||d~c'],
    ['PID|1||a', 'PID-3', '', 'PID|1||'],
    ['PID|""', 'PID-1', 'x', 'PID|x'],
    // What is missing is made.
    ['PID', 'PID-3', 'x', 'PID|||x'],
    ['PID|1', 'PID-3.4.2', 'x', 'PID|1||^^^&x'],
    ['PID|1', 'PID-3[2].2', 'x', 'PID|1||~^x'],
    ['PID|1||a', 'PID-3[3]', 'x', 'PID|1||a~~x'],
    ['PID|1||a', 'PID-3.3', 'x', 'PID|1||a^^x'],
    ['PID|1||a', 'PID-3.1.2', 'x', 'PID|1||a&x'],
    ['PID|1||a|b', 'PID-3[2].2.2', 'x', 'PID|1||a~^&x|b'],
    ['PID|1||', 'PID-3', 'x', 'PID|1||x'],
    ['PID|1', 'PID-4', '', 'PID|1|||'],
    // What could be structure is escaped.
    ['PID|1||a', 'PID-3', 'O&M^x|y~\\', 'PID|1||O\\T\\M\\S\\x\\F\\y\\R\\\\E\\'],
    ['PID|1||a', 'PID-3', 'a\rOBX|1', 'PID|1||a\\X0D\\OBX\\F\\1'],
  ] as const) {
    test(`writes ${JSON.stringify(value)} to ${path} of ${line}`, () => {
      const edited = setValue(pid(line), path, value)
      assert.equal(serialise(edited), `${HEADER}${expected}\rPV1|1|I\r`)
      assert.equal(get(edited, path), value)
    })
  }

  test('leaves the message it was given as it is', () => {
    const message = pid('PID|1||900')
    setValue(message, 'PID-3', '901')
    assert.equal(get(message, 'PID-3'), '900')
  })

  test('writes fields of MSH from MSH-3 on', () => {
    const edited = setValue(setValue(pid('PID|1'), 'MSH-6', 'RXX02'), 'MSH-21', 'ITKv1.0')
    assert.equal(get(edited, 'MSH-6'), 'RXX02')
    assert.equal(get(edited, 'MSH-21'), 'ITKv1.0')
    assert.equal(edited.text.split('\r')[0]!.split('|').length, 21)
  })

  test('escapes the truncation character where the message declares one', () => {
    const message = parseMessage('MSH|^~\\&#|A\rPID|1\r')
    const edited = setValue(message, 'PID-1', 'a#')
    assert.equal(edited.text, 'MSH|^~\\&#|A\rPID|a\\P\\\r')
    assert.equal(get(edited, 'PID-1'), 'a#')
  })

  for (const [why, path, code] of [
    ['no path', 'PID.3', 'HL7_BAD_PATH'],
    ['a segment that is not there', 'OBX-5', 'HL7_BAD_EDIT'],
    ['an occurrence that is not there', 'PID[2]-3', 'HL7_BAD_EDIT'],
    ['the field separator', 'MSH-1', 'HL7_BAD_EDIT'],
    ['the encoding characters', 'MSH-2', 'HL7_BAD_EDIT'],
    ['a segment name', 'PID-0', 'HL7_BAD_EDIT'],
  ] as const) {
    test(`refuses ${why}`, () => {
      assert.throws(() => setValue(pid('PID|1'), path, 'x'), { name: 'AlmonerError', code })
    })
  }

  for (const numbers of [
    { field: 1e9 },
    { field: -1 },
    { field: 1.5 },
    { repetition: 0 },
    { repetition: 1.5 },
    { component: 1.5 },
    { component: 1, subcomponent: 1.5 },
  ]) {
    test(`refuses a path made by hand with ${JSON.stringify(numbers)}`, () => {
      const path = { ...pathOfPid3, ...numbers }
      assert.throws(() => setValue(pid('PID|1'), path, 'x'), { code: 'HL7_BAD_PATH' })
    })
  }
  test('takes a path made by hand', () => {
    const path = { ...pathOfPid3, repetition: 2, component: 1, subcomponent: 2 }
    assert.equal(
      setValue(pid('PID|1'), path, 'x').segments[1]!.end,
      'PID|1||~&x'.length + HEADER.length,
    )
    assert.equal(get(setValue(pid('PID|1'), path, 'x'), 'PID-3[2].1.2'), 'x')
  })

  const pathOfPid3 = {
    segment: 'PID',
    occurrence: 1,
    field: 3,
    repetition: 1,
    component: undefined,
    subcomponent: undefined,
  }

  test('refuses a place for which the message declares no delimiter', () => {
    const bare = parseMessage('MSH|^|A\rPID|1||a\r')
    assert.equal(setValue(bare, 'PID-3.2', 'x').text, 'MSH|^|A\rPID|1||a^x\r')
    for (const path of ['PID-3[2]', 'PID-3.1.2']) {
      assert.throws(() => setValue(bare, path, 'x'), { code: 'HL7_BAD_EDIT' })
    }
  })

  test('never puts the value into the error', () => {
    assert.throws(
      () => setValue(pid('PID|1'), 'OBX-5', 'Smith'),
      (thrown) => !String(thrown).includes('Smith'),
    )
  })

  const paths = fc
    .tuple(
      fc.constantFrom('PID', 'PV1', 'OBX[2]'),
      fc.integer({ min: 1, max: 9 }),
      fc.constantFrom('', '[2]', '[4]'),
      fc.constantFrom('', '.1', '.3', '.1.2', '.4.1', '.2.3'),
    )
    .map(([segment, field, repetition, part]) => `${segment}-${field}${repetition}${part}`)
  const values = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom(...'|^~\\&\r\n\v\x1c"PIDMSH.br X0D') }),
  )
  const text = `${HEADER}PID|1||900^^^NHS&2.16&ISO~A12||Smith^Jane\nPV1|1|I\r\nOBX|1\rOBX|2|ST|||a~b^c`

  test('then get returns the value, and nothing else has changed', () => {
    fc.assert(
      fc.property(paths, values, (path, value) => {
        const before = parseMessage(text)
        const after = setValue(before, path, value)
        assert.equal(get(after, path), value)
        assert.equal(after.segments.length, before.segments.length)
        const { start, end } = find(after, path)!
        const head = after.text.slice(0, start)
        const tail = after.text.slice(end)
        assert.ok(text.endsWith(tail))
        const common = text.slice(0, text.length - tail.length)
        const rest = head.startsWith(common) ? head.slice(common.length) : ''
        assert.match(rest, /^[|^~&]*$/)
        assert.ok(common.startsWith(head.slice(0, head.length - rest.length)))
      }),
      { numRuns: 500 },
    )
  })
})

describe('setRaw', () => {
  test('writes structure as it is', () => {
    const edited = setRaw(pid('PID|1||a'), 'PID-3', '900^^^NHS~A\\T\\B')
    assert.equal(get(edited, 'PID-3.4'), 'NHS')
    assert.equal(get(edited, 'PID-3[2]'), 'A&B')
  })

  for (const bad of ['a\rb', 'a\nb', '\r', 'a|b', 'a\vb', 'a\x1cb']) {
    test(`refuses ${JSON.stringify(bad)}`, () => {
      assert.throws(() => setRaw(pid('PID|1||a'), 'PID-3', bad), { code: 'HL7_BAD_EDIT' })
    })
  }
})

describe('removeSegment', () => {
  for (const ending of ['\r', '\n', '\r\n']) {
    const text = (...lines: readonly string[]) => lines.map((line) => line + ending).join('')
    test(`takes a segment away with its line end ${JSON.stringify(ending)}`, () => {
      const message = parseMessage(text('MSH|^~\\&|A', 'PID|1', 'ZZZ|x', 'PV1|1'))
      assert.equal(
        removeSegment(message, message.segments[2]!).text,
        text('MSH|^~\\&|A', 'PID|1', 'PV1|1'),
      )
    })
  }

  test('takes the last segment away', () => {
    const message = parseMessage('MSH|^~\\&|A\rPID|1')
    assert.equal(removeSegment(message, message.segments[1]!).text, 'MSH|^~\\&|A\r')
  })

  test('refuses the header and a segment of another message', () => {
    const message = pid('PID|1')
    const other = pid('PID|1||longer').segments[1]!
    for (const segment of [message.segments[0]!, other, { ...other, index: 99 }]) {
      assert.throws(() => removeSegment(message, segment), { code: 'HL7_BAD_EDIT' })
    }
  })
})

describe('insertSegment', () => {
  for (const [text, at, expected] of [
    ['MSH|^~\\&|A\rPID|1\r', 1, 'MSH|^~\\&|A\rZZZ|x\rPID|1\r'],
    ['MSH|^~\\&|A\rPID|1\r', 2, 'MSH|^~\\&|A\rPID|1\rZZZ|x\r'],
    ['MSH|^~\\&|A\rPID|1', 2, 'MSH|^~\\&|A\rPID|1\rZZZ|x'],
    ['MSH|^~\\&|A', 1, 'MSH|^~\\&|A\rZZZ|x'],
    ['MSH|^~\\&|A\nPID|1\n', 2, 'MSH|^~\\&|A\nPID|1\nZZZ|x\n'],
    ['MSH|^~\\&|A\r\nPID|1', 2, 'MSH|^~\\&|A\r\nPID|1\r\nZZZ|x'],
    ['MSH|^~\\&|A\rPID|1\r\x1c\r', 2, 'MSH|^~\\&|A\rPID|1\rZZZ|x\r\x1c\r'],
  ] as const) {
    test(`puts a segment at ${at} of ${JSON.stringify(text)}`, () => {
      const edited = insertSegment(parseMessage(text), at, 'ZZZ|x')
      assert.equal(edited.text, expected)
      assert.equal(edited.segments[at]!.name, 'ZZZ')
    })
  }

  for (const [why, at, text] of [
    ['in front of the header', 0, 'ZZZ|x'],
    ['beyond the end', 4, 'ZZZ|x'],
    ['at a position that is no number of a segment', 1.5, 'ZZZ|x'],
    ['of two segments', 1, 'ZZZ|x\rZZY|y'],
    ['with a line end', 1, 'ZZZ|x\r'],
    ['without a name', 1, '|x'],
    ['with a longer name', 1, 'ZZZZ|x'],
    ['that is another header', 1, 'MSH|^~\\&|B'],
    ['that is empty', 1, ''],
  ] as const) {
    test(`refuses a text ${why}`, () => {
      assert.throws(() => insertSegment(pid('PID|1'), at, text), {
        code: 'HL7_BAD_EDIT',
        where: `segment ${at + 1}`,
      })
    })
  }
})
