import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { explain, parseMessage } from './index.ts'

const HEADER = 'MSH|^~\\&|PAS\r'
const rows = (line: string): readonly string[] =>
  explain(parseMessage(`${HEADER}${line}\r`))
    .slice(3)
    .map(({ path, segmentTitle, name, componentName, raw, text }) =>
      [path, segmentTitle, name, componentName, raw, text].join(' / '),
    )

describe('explain', () => {
  test('names the delimiters', () => {
    assert.deepEqual(explain(parseMessage(HEADER)).slice(0, 2), [
      {
        path: 'MSH-1',
        segmentTitle: 'Message header',
        name: 'Field separator',
        componentName: '',
        raw: '|',
        text: '|',
      },
      {
        path: 'MSH-2',
        segmentTitle: 'Message header',
        name: 'Encoding characters',
        componentName: '',
        raw: '^~\\&',
        text: '^~\\&',
      },
    ])
  })

  for (const [line, expected] of [
    [
      'PID|||900^^^NHS&2.16^NH|| O\\T\\M',
      [
        'PID-3.1 / Patient identification / Patient identifier list / ID number / 900 / 900',
        'PID-3.4.1 / Patient identification / Patient identifier list / Assigning authority, Namespace ID / NHS / NHS',
        'PID-3.4.2 / Patient identification / Patient identifier list / Assigning authority, Universal ID / 2.16 / 2.16',
        'PID-3.5 / Patient identification / Patient identifier list / Identifier type code / NH / NH',
        'PID-5 / Patient identification / Patient name /  /  O\\T\\M /  O&M',
      ],
    ],
    // OBX-2 names the type of OBX-5.
    [
      'OBX||CE|||A^B',
      [
        'OBX-2 / Observation or result / Value type /  / CE / CE',
        'OBX-5.1 / Observation or result / Observation value / Identifier / A / A',
        'OBX-5.2 / Observation or result / Observation value / Text / B / B',
      ],
    ],
    [
      'OBX||TX|||a\\.br\\b',
      [
        'OBX-2 / Observation or result / Value type /  / TX / TX',
        'OBX-5 / Observation or result / Observation value /  / a\\.br\\b / a\nb',
      ],
    ],
    [
      'OBX||||| a\\.br\\b',
      ['OBX-5 / Observation or result / Observation value /  /  a\\.br\\b /  a\\.br\\b'],
    ],
    ['NTE|||a\\.br\\b', ['NTE-3 / Notes and comments / Comment /  / a\\.br\\b / a\nb']],
    // Beyond the dictionary.
    ['ZU1|x^y', ['ZU1-1.1 /  /  /  / x / x', 'ZU1-1.2 /  /  /  / y / y']],
    ['SPM|1', ['SPM-1 / Specimen /  /  / 1 / 1']],
    ['EVN||||||||9', ['EVN-8 / Event type /  /  / 9 / 9']],
    [
      'PID|1^2',
      [
        'PID-1.1 / Patient identification / Set ID /  / 1 / 1',
        'PID-1.2 / Patient identification / Set ID /  / 2 / 2',
      ],
    ],
    [
      'PID|||a&b',
      [
        'PID-3.1.1 / Patient identification / Patient identifier list / ID number / a / a',
        'PID-3.1.2 / Patient identification / Patient identifier list / ID number / b / b',
      ],
    ],
    ['wrapped text|x', ['???-0 /  /  /  / wrapped text / wrapped text', '???-1 /  /  /  / x / x']],
  ] as const) {
    test(`explains ${line}`, () => assert.deepEqual(rows(line), expected))
  }
})
