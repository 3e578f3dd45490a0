/** No file needs, at run time, a file that needs it; no room a room that needs it. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { cyclesOf, linksOf, roomLinks } from './import-graph.ts'
import { isTest, type RepositoryFile, readFiles } from './repository.ts'

function valueLinks(files: readonly RepositoryFile[]) {
  return linksOf(files).flatMap(({ from, kind, to }) =>
    kind === 'value' && to !== undefined ? [{ from, to }] : [],
  )
}

const sources = readFiles('.ts')

describe('imports', () => {
  test('make no knot between files', () => {
    assert.deepEqual(cyclesOf(valueLinks(sources)), [])
  })

  test('make no knot between rooms', () => {
    const files = sources.filter(({ path }) => !isTest(path) && !path.includes('/testing/'))
    assert.deepEqual(cyclesOf(roomLinks(valueLinks(files))), [])
  })

  test('would be found if they made one, each knot once', () => {
    const files = [
      { path: 'packages/a/src/x.ts', text: "import './y.ts'" },
      { path: 'packages/a/src/y.ts', text: "import './z.ts'" },
      { path: 'packages/a/src/z.ts', text: "export { a } from './x.ts'" },
      { path: 'packages/a/src/self.ts', text: "import './self.ts'" },
    ]
    assert.deepEqual(cyclesOf(valueLinks(files)), [
      'packages/a/src/self.ts → packages/a/src/self.ts',
      'packages/a/src/x.ts → packages/a/src/y.ts → packages/a/src/z.ts → packages/a/src/x.ts',
    ])
  })

  test('of types alone are no knot: they are gone when the file runs', () => {
    const files = [
      { path: 'packages/a/src/x.ts', text: "import { b } from './y.ts'" },
      { path: 'packages/a/src/y.ts', text: "import type { A } from './x.ts'" },
    ]
    assert.deepEqual(cyclesOf(valueLinks(files)), [])
  })

  test('between rooms would be found through their doors', () => {
    const files = [
      { path: 'packages/a/src/index.ts', text: "import '@almoner/b'" },
      { path: 'packages/b/src/index.ts', text: "export * from './deep.ts'" },
      { path: 'packages/b/src/deep.ts', text: "import '@almoner/a'" },
    ]
    assert.deepEqual(cyclesOf(roomLinks(valueLinks(files))), ['a → b → a'])
  })
})
