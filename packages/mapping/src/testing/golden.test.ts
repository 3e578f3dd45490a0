import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { goldenNames, goldenText, mapGolden, readGolden } from './golden.ts'

describe('golden messages', () => {
  test('are at least eight', () => {
    assert.ok(goldenNames().length >= 8)
  })

  for (const name of goldenNames()) {
    test(`${name} maps as reviewed`, () => {
      assert.notEqual(readGolden(name, 'note.md').trim(), '')
      const { out, ledger } = mapGolden(name)
      assert.equal(goldenText(name, 'out.json', out), readGolden(name, 'out.json'))
      assert.equal(goldenText(name, 'ledger.json', ledger), readGolden(name, 'ledger.json'))
    })

    test(`${name} leaves nothing out without a reason`, () => {
      const { entries } = mapGolden(name).ledger
      assert.deepEqual(
        entries.filter(({ fate, why }) => fate !== 'mapped' && why === undefined),
        [],
      )
    })
  }
})
