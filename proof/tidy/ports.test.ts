/** Below `app` time, chance and ids arrive through the ports of core, so that a test decides them. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { isTest, lineAt, type RepositoryFile, readFiles, roomOf } from './repository.ts'
import { codeOf } from './source-text.ts'

const FORBIDDEN: readonly (readonly [string, RegExp])[] = [
  ['Date.now', /\bDate\.now\b/g],
  ['new Date()', /\bnew Date\(\s*\)/g],
  ['Date()', /(?<!\bnew\s+)(?<![.\w])Date\(\s*\)/g],
  ['Temporal.Now', /\bTemporal\.Now\b/g],
  ['Math.random', /\bMath\.random\b/g],
  ['randomUUID', /\brandomUUID\b/g],
  ['randomBytes', /\brandom(?:Bytes|Int|Fill|FillSync)\b/g],
  ['getRandomValues', /\bgetRandomValues\b/g],
  ['performance.now', /\bperformance\.now\b/g],
  ['process.hrtime', /\bhrtime\b/g],
  // A socket's own timeout is no clock that the code reads: `socket.setTimeout` is allowed.
  ['setTimeout', /(?<![.\w])setTimeout\b|\bglobalThis\.setTimeout\b/g],
  ['setInterval', /(?<![.\w])setInterval\b|\bglobalThis\.setInterval\b/g],
]

type Exception = { readonly path: string; readonly what: string; readonly why: string }

const EXCEPTIONS: readonly Exception[] = [
  ...['Date.now', 'performance.now', 'setTimeout', 'Math.random', 'randomBytes'].map((what) => ({
    path: 'packages/core/src/ports.ts',
    what,
    why: 'The system ports themselves: the one place that asks the machine.',
  })),
]

type Use = { readonly path: string; readonly what: string; readonly line: number }

function usesOf(files: readonly RepositoryFile[]): readonly Use[] {
  return files.flatMap(({ path, text }) => {
    const code = codeOf(text)
    return FORBIDDEN.flatMap(([what, pattern]) =>
      [...code.matchAll(pattern)].map((match) => ({ path, what, line: lineAt(text, match.index) })),
    )
  })
}

const isExcepted = ({ path, what }: Use): boolean =>
  EXCEPTIONS.some((one) => one.path === path && one.what === what)

const belowApp = readFiles('.ts').filter(
  ({ path }) => roomOf(path) !== undefined && roomOf(path) !== 'app' && !isTest(path),
)

describe('below app', () => {
  test('nothing takes time, chance or an id from the machine', () => {
    const faults = usesOf(belowApp).filter((use) => !isExcepted(use))
    assert.deepEqual(
      faults.map(({ path, line, what }) => `${path}:${line} uses ${what}`),
      [],
    )
  })

  test('every exception is still needed and says why', () => {
    const uses = usesOf(belowApp)
    for (const { path, what, why } of EXCEPTIONS) {
      assert.ok(
        uses.some((use) => use.path === path && use.what === what),
        `${path} does not use ${what}`,
      )
      assert.match(why, /^[A-Z].{20,}\.$/)
    }
  })

  const samples: readonly (readonly [string, readonly string[]])[] = [
    ['const atMs = Date.now()', ['Date.now']],
    ['const at = new Date()', ['new Date()']],
    ['const at = new Date( )', ['new Date()']],
    ['const at = Date()', ['Date()']],
    ['const at = new Date(atMs)', []],
    ['const one = Math.random()', ['Math.random']],
    ["import { randomUUID } from 'node:crypto'", ['randomUUID']],
    ["import { randomBytes } from 'node:crypto'", ['randomBytes']],
    ["import { setTimeout as sleep } from 'node:timers/promises'", ['setTimeout']],
    ['globalThis.setTimeout(call, 5)', ['setTimeout']],
    ['const timer = setInterval(call, 5)', ['setInterval']],
    ['socket.setTimeout(5)', []],
    ['// Date.now() would be wrong here', []],
    ["say('Math.random()')", []],
  ]
  for (const [text, expected] of samples) {
    test(`finds ${expected.join() || 'nothing'} in: ${text}`, () => {
      assert.deepEqual(
        usesOf([{ path: 'packages/store/src/a.ts', text }]).map(({ what }) => what),
        expected,
      )
    })
  }
})
