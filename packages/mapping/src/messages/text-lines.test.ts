import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  elementAt,
  entryAt,
  mapText,
  oru,
  PID,
  resourceNamed,
  segment,
} from '../testing/samples.ts'

const OBR = 'OBR|1||F1|X'
const textsOf = (...rows: readonly string[]) => {
  const mapped = mapText(oru(PID, OBR, ...rows))
  const names = mapped.drafts.filter(({ type }) => type === 'Observation').map(({ name }) => name)
  return names.map((name) => elementAt(resourceNamed(mapped, name), 'valueString'))
}

describe('rows of text', () => {
  for (const [why, rows, texts] of [
    ['one test', ['OBX|1|TX|A||One', 'OBX|2|TX|A||Two'], ['One\nTwo']],
    [
      'an empty line between',
      ['OBX|1|TX|A||One', 'OBX|2|TX|A||', 'OBX|3|TX|A||Two'],
      ['One\n\nTwo'],
    ],
    ['an empty line first', ['OBX|1|TX|A||', 'OBX|2|TX|A||Two'], ['\nTwo']],
    ['the same sub-id', ['OBX|1|FT|A|1|One', 'OBX|2|FT|A|1|Two'], ['One\nTwo']],
    ['a sub-id only in the first', ['OBX|1|TX|A|1|One', 'OBX|2|TX|A||Two'], ['One\nTwo']],
    ['white space', ['OBX|1|TX|A||  One ', 'OBX|2|TX|A||\tTwo'], ['  One \n\tTwo']],
    ['repetitions', ['OBX|1|TX|A||One~Two', 'OBX|2|TX|A||Three'], ['One\nTwo\nThree']],
    ['two tests', ['OBX|1|TX|A||One', 'OBX|2|TX|B||Two'], ['One', 'Two']],
    ['two sub-ids', ['OBX|1|TX|A|1|One', 'OBX|2|TX|A|2|Two'], ['One', 'Two']],
    ['a sub-id only in the second', ['OBX|1|TX|A||One', 'OBX|2|TX|A|2|Two'], ['One', 'Two']],
    ['two types', ['OBX|1|TX|A||One', 'OBX|2|FT|A||Two'], ['One', 'Two']],
    ['short strings', ['OBX|1|ST|A||One', 'OBX|2|ST|A||Two'], ['One', 'Two']],
    ['a comment between', ['OBX|1|TX|A||One', 'NTE|1||C', 'OBX|2|TX|A||Two'], ['One', 'Two']],
    ['another test between', ['OBX|1|TX|A||1', 'OBX|2|TX|B||2', 'OBX|3|TX|A||3'], ['1', '2', '3']],
    ['the same word in another place', ['OBX|1|TX|A||One', 'OBX|2|TX|^A||Two'], ['One', 'Two']],
  ] as const) {
    test(`with ${why}: ${JSON.stringify(texts)}`, () => {
      assert.deepEqual(textsOf(...rows), texts)
    })
  }

  test('with different times or statuses stay apart', () => {
    const row = (line: string, status: string) =>
      segment('OBX', { 2: 'TX', 3: 'A', 5: line, 11: status })
    assert.deepEqual(textsOf(row('One', 'F'), row('Two', 'C')), ['One', 'Two'])
  })

  test('are accounted for line by line', () => {
    const mapped = mapText(oru(PID, OBR, 'OBX|1|TX|A^Text||One', 'OBX|2|TX|A^Text||Two'))
    assert.equal(entryAt(mapped, 'OBX[2]-5').target, 'observation-1.valueString')
    assert.equal(entryAt(mapped, 'OBX[2]-3.2').target, 'observation-1.code.coding[0].display')
    assert.equal(entryAt(mapped, 'OBX[2]-1').fate, 'ignored')
  })

  test('have the comment after the last of them', () => {
    const mapped = mapText(oru(PID, OBR, 'OBX|1|TX|A||One', 'OBX|2|TX|A||Two', 'NTE|1||C'))
    assert.equal(elementAt(resourceNamed(mapped, 'observation-1'), 'note[0].text'), 'C')
  })
})
