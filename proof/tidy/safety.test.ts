/** The hazard table is sound: risks follow the matrix, ids are unique, named tests are here. */
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { tableRows } from './markdown.ts'
import { type RepositoryFile, readFiles, root } from './repository.ts'

const SEVERITIES = ['minor', 'significant', 'considerable', 'major', 'catastrophic']

/** Risk by likelihood and severity. Source: clinical risk matrix of NHS England (DCB0129). */
const MATRIX: Readonly<Record<string, readonly number[]>> = {
  'very high': [3, 4, 4, 5, 5],
  high: [2, 3, 3, 4, 5],
  medium: [2, 2, 3, 3, 4],
  low: [1, 2, 2, 3, 4],
  'very low': [1, 1, 2, 2, 3],
}

type Hazard = {
  readonly id: string
  readonly before: string
  readonly controls: string
  readonly after: string
  readonly tests: string
}

const hazardsOf = (page: RepositoryFile): readonly Hazard[] =>
  tableRows(page)
    .filter(([id = '']) => /^H\d+$/.test(id))
    .map(([id = '', , , before = '', controls = '', after = '', tests = '']) => ({
      id,
      before,
      controls,
      after,
      tests,
    }))

/** The risk that `major × low = 3` states, or a fault when the matrix says otherwise. */
function riskOf(text: string): number | string {
  const [, severity = '', likelihood = '', stated = ''] =
    /^(\w+) × ([a-z ]+) = (\d)$/.exec(text) ?? []
  const risk = MATRIX[likelihood]?.[SEVERITIES.indexOf(severity)]
  if (risk === undefined) return `"${text}" is not like "major × low = 3"`
  return risk === Number(stated) ? risk : `"${text}": the matrix says ${risk}`
}

function faultsOf(page: RepositoryFile): readonly string[] {
  const hazards = hazardsOf(page)
  return hazards.flatMap((hazard, index) => {
    const { id, before, after, controls, tests } = hazard
    const risks = [riskOf(before), riskOf(after)]
    const missing = [...tests.matchAll(/`([^`]+)`/g)]
      .map((match) => match[1]!)
      .filter((path) => !existsSync(join(root, path)))
    return [
      ...(hazards.findIndex((other) => other.id === id) < index ? [`${id} is there twice`] : []),
      ...risks.filter((risk) => typeof risk === 'string').map((fault) => `${id}: ${fault}`),
      ...(Number(risks[1]) > Number(risks[0]) ? [`${id}: the risk grows`] : []),
      ...(Number(risks[1]) >= 4 ? [`${id}: a risk of ${risks[1]} may not remain`] : []),
      ...(controls.includes('K1 ') ? [] : [`${id}: no control`]),
      ...missing.map((path) => `${id}: there is no ${path}`),
    ]
  })
}

describe('docs/safety/notes.md', () => {
  test('has sound rows', () => {
    const [page] = readFiles('docs/safety/notes.md')
    assert.ok(page !== undefined)
    assert.ok(hazardsOf(page).length >= 8)
    assert.deepEqual(faultsOf(page), [])
  })

  test('would fail for each kind of fault', () => {
    const text = [
      '| id | hazard | causes | risk | controls | after | test |',
      '|---|---|---|---|---|---|---|',
      '| H01 | a | b | major × medium = 3 | K1 c | major × very low = 2 | `LICENSE` |',
      '| H01 | a | b | major × low = 2 | K1 c | bad | |',
      '| H02 | a | b | minor × low = 1 | none | catastrophic × low = 4 | `gone.test.ts` |',
    ].join('\n')
    assert.deepEqual(faultsOf({ path: 'a.md', text }), [
      'H01 is there twice',
      'H01: "major × low = 2": the matrix says 3',
      'H01: "bad" is not like "major × low = 3"',
      'H02: the risk grows',
      'H02: a risk of 4 may not remain',
      'H02: no control',
      'H02: there is no gone.test.ts',
    ])
  })
})
