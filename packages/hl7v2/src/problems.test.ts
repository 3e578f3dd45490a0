import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { PROBLEM_SENTENCES, parseMessage, problems } from './index.ts'

const HEADER = 'MSH|^~\\&|PAS||||20260728101500||ADT^A01|C1|P|2.4\r'
const rows = (text: string): readonly string[] =>
  problems(parseMessage(text)).map(({ code, position }) => `${code} ${position}`)

describe('problems', () => {
  test('finds none in a good message', () => {
    const text = `${HEADER}EVN||20260728\rPID|1||900||Smith||""|2\rZU1|x\rPV2\r`
    assert.deepEqual(rows(text), [])
  })

  for (const [why, text, expected] of [
    [
      'a header without what it must have',
      'MSH|^~\\&|PAS||||||""|\r',
      ['HL7_REQUIRED_MISSING MSH-9', 'HL7_REQUIRED_MISSING MSH-10', 'HL7_REQUIRED_MISSING MSH-12'],
    ],
    ['an unknown segment', `${HEADER}XYZ|1\r`, ['HL7_UNKNOWN_SEGMENT segment 2']],
    [
      'leniencies',
      `${HEADER}\rPID|1`,
      ['HL7_BLANK_LINE segment 2', 'HL7_NO_FINAL_CR last segment'],
    ],
    ['a wrapped line', `${HEADER}Smith|x\r`, ['HL7_NO_SEGMENT_NAME segment 2']],
    ['odd delimiters', 'MSH|^&~\\|||||||ADT|C1||2.4\r', ['HL7_ODD_DELIMITERS MSH-2']],
    [
      'dates of the wrong shape',
      `${HEADER}EVN||28/07/2026|2026072\rPID|||||||1980-01-01^D||||||||||||||||||||||2026\r`,
      ['HL7_BAD_DATE EVN-2', 'HL7_BAD_DATE EVN-3', 'HL7_BAD_DATE PID-7.1'],
    ],
    [
      'dates inside other types',
      `${HEADER}PID|||900^^^^^^20260101^x||Smith^^^^^^^^^a&2026~A^^^^^^^^^^^b\r`,
      ['HL7_BAD_DATE PID-3.8', 'HL7_BAD_DATE PID-5.10.1', 'HL7_BAD_DATE PID-5[2].12'],
    ],
    [
      'a time where only a date belongs',
      `${HEADER}AL1||||||20260728101500\r`,
      ['HL7_BAD_DATE AL1-6'],
    ],
    [
      'an observation whose type is a time',
      `${HEADER}OBX|1|TS|||soon\rOBX|2|ST|||soon\r`,
      ['HL7_BAD_DATE OBX-5'],
    ],
  ] as const) {
    test(`finds ${why}`, () => assert.deepEqual(rows(text).toSorted(), [...expected].toSorted()))
  }

  test('says them in sentences that hold no value', () => {
    const found = problems(parseMessage(`${HEADER}PID|||||||Smith\rJones|x\r`))
    assert.deepEqual(found, [
      {
        position: 'segment 3',
        code: 'HL7_NO_SEGMENT_NAME',
        sentence: PROBLEM_SENTENCES.HL7_NO_SEGMENT_NAME,
      },
      { position: 'PID-7', code: 'HL7_BAD_DATE', sentence: PROBLEM_SENTENCES.HL7_BAD_DATE },
    ])
    for (const sentence of Object.values(PROBLEM_SENTENCES)) assert.match(sentence, /^[A-Z].+\.$/)
  })
})
