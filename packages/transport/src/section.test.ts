import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { describeConfig, integer, isAlmonerError, readConfig, text } from '@almoner/core'
import { section } from './section.ts'

const schema = {
  link: section(
    {
      file: text({ doc: 'A file.' }),
      count: integer({ doc: 'A number.', fallback: 3, min: 1, max: 9 }),
    },
    { doc: 'A group.' },
  ),
}

describe('a section of settings', () => {
  test('may be left out', () => {
    assert.deepEqual(readConfig('site', schema, {}), {})
  })

  test('is read with its own defaults', () => {
    assert.deepEqual(readConfig('site', schema, { link: { file: 'x' } }), {
      link: { file: 'x', count: 3 },
    })
  })

  for (const [why, link, where] of [
    ['is no group', 'x', /site\.link is wrong: expected group of file, count/],
    ['is a list', ['x'], /site\.link is wrong/],
    ['lacks a setting', {}, /the group\.file is missing: expected text/],
    ['has a wrong setting', { file: 'x', count: 10 }, /the group\.count is wrong: .* 1 to 9/],
    ['has an unknown setting', { file: 'x', size: 1 }, /the group\.size: no such setting/],
  ] as const) {
    test(`is refused when it ${why}, and the error says where`, () => {
      assert.throws(
        () => readConfig('site', schema, { link }),
        (thrown) => {
          assert.ok(isAlmonerError(thrown))
          assert.match(thrown.where ?? '', where)
          return true
        },
      )
    })
  }

  test('is described by the names in it', () => {
    assert.match(describeConfig(schema), /\| `link` \| group of file, count, or left out \|/)
  })
})
