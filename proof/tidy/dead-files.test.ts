/** Every source file is used by something that people start, import or test. */
import assert from 'node:assert/strict'
import { basename } from 'node:path/posix'
import { describe, test } from 'node:test'
import { type Link, linksOf, neighbours, reachable } from './import-graph.ts'
import { isTest, type RepositoryFile, readFiles } from './repository.ts'

/** Where use begins: doors, the program, what browsers load, what scripts run, sites. */
function isStart(path: string, scripts: string): boolean {
  return (
    /^packages\/[^/]+\/src\/index\.ts$/.test(path) ||
    path === 'packages/app/src/main.ts' ||
    /^packages\/app\/src\/(?:[^/]+\/)*browser\/[^/]+\.ts$/.test(path) ||
    /^examples\/[^/]+\/site\.ts$/.test(path) ||
    scripts.includes(path)
  )
}

/** Files that only tests may use: `testing/` folders of rooms, and all of proof/ and examples/. */
const isForTests = (path: string): boolean =>
  path.includes('/testing/') || !path.startsWith('packages/')

function deadFiles(
  files: readonly RepositoryFile[],
  found: readonly Link[],
  scripts: string,
): readonly string[] {
  const next = neighbours(found.flatMap(({ from, to }) => (to === undefined ? [] : [{ from, to }])))
  const paths = files.map(({ path }) => path)
  const used = reachable(
    paths.filter((path) => !isTest(path) && isStart(path, scripts)),
    (path) => next.get(path) ?? [],
  )
  const tested = reachable(paths.filter(isTest), (path) => next.get(path) ?? [])
  return paths.filter(
    (path) => !isTest(path) && !used.has(path) && !(isForTests(path) && tested.has(path)),
  )
}

describe('source files', () => {
  test('are all used', () => {
    const files = readFiles('.ts')
    const scripts = readFiles('package.json', 'bin/almoner', '.ci/run')
      .map(({ text }) => text)
      .join('\n')
    assert.deepEqual(deadFiles(files, linksOf(files), scripts), [])
  })

  test('have tests that are named after them and stand beside them', () => {
    const paths = new Set(readFiles('.ts').map(({ path }) => path))
    const orphans = [...paths].filter(
      (path) => path.startsWith('packages/') && isTest(path) && !hasSubject(path, paths),
    )
    assert.deepEqual(orphans, [])
  })

  test('would be found when nothing uses them', () => {
    const files = [
      { path: 'packages/a/src/index.ts', text: "export * from './used.ts'" },
      {
        path: 'packages/a/src/used.ts',
        text: "new Worker(new URL('./worker.ts', import.meta.url))",
      },
      { path: 'packages/a/src/worker.ts', text: '' },
      { path: 'packages/a/src/dead.ts', text: "import './used.ts'" },
      {
        path: 'packages/a/src/dead.test.ts',
        text: "import './dead.ts'\nimport './testing/one.ts'",
      },
      { path: 'packages/a/src/testing/one.ts', text: '' },
      { path: 'proof/crash/crash.ts', text: '' },
      { path: 'proof/crash/idle.ts', text: '' },
    ]
    assert.deepEqual(deadFiles(files, linksOf(files), 'node proof/crash/crash.ts'), [
      'packages/a/src/dead.ts',
      'proof/crash/idle.ts',
    ])
  })
})

/** `x.test.ts` and `x.y.test.ts` are about `x.ts`, or about the folder `x` that they are in. */
function hasSubject(path: string, paths: ReadonlySet<string>): boolean {
  const folder = path.slice(0, path.lastIndexOf('/'))
  const name = basename(path, '.test.ts')
  const stem = name.split('.')[0]
  return (
    paths.has(`${folder}/${name}.ts`) ||
    paths.has(`${folder}/${stem}.ts`) ||
    basename(folder) === stem
  )
}
