/** The project speaks of itself alone: no paths of a machine, no package hosts, no tools of its makers. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { lineAt, type RepositoryFile, readFiles } from './repository.ts'

/** Written in two halves, so that this file does not hold what it looks for. */
const joined = (...halves: readonly string[]): string => halves.join('')

const FORBIDDEN: readonly (readonly [string, RegExp])[] = [
  ['a path of a machine', /(?<![\w.)\]}/-])\/(?:work|home|Users|root)\/\w/g],
  ['a path of a machine', /\b[A-Z]:\\Users\\/g],
  [
    'a package host',
    new RegExp(
      [
        joined('regis', 'try\\.[a-z0-9-]+\\.[a-z]'),
        joined('npm', 'js\\.'),
        joined('yarn', 'pkg'),
        joined('artifac', 'tory'),
        joined('verdac', 'cio'),
        joined('pypi', '\\.org'),
      ].join('|'),
      'gi',
    ),
  ],
  ['an address of a package', /"resolved": "https?:/g],
  [
    'a word about the tools of its makers',
    new RegExp(
      [
        joined('\\bcla', 'ude\\b'),
        joined('anthro', 'pic'),
        joined('open', 'ai\\b'),
        joined('chat', 'gpt'),
        joined('co', 'pilot'),
        joined('\\bL', 'LMs?\\b'),
        joined('language', ' model'),
        joined('\\bAI', '[- ](?:assistant|generated|tool|agent)'),
        joined('sub', 'agent'),
        joined('coding', ' agent'),
      ].join('|'),
      'gi',
    ),
  ],
  [
    'a word about how it was made',
    new RegExp(
      [
        joined('work', 'place\\b'),
        joined('task', ' brief'),
        joined('helper', ' session'),
        joined('\\bDES', 'IGN\\.md'),
        joined('\\bST', 'YLE\\.md'),
        joined('facts', '/[a-z0-9-]+\\.md'),
      ].join('|'),
      'gi',
    ),
  ],
]

function faultsOf({ path, text }: RepositoryFile): readonly string[] {
  return FORBIDDEN.flatMap(([what, pattern]) =>
    [...text.matchAll(pattern)].map(
      (match) => `${path}:${lineAt(text, match.index)} has ${what}: ${match[0]}`,
    ),
  )
}

describe('the words of the project', () => {
  test('are its own', () => {
    assert.deepEqual(readFiles().flatMap(faultsOf), [])
  })

  const samples: readonly (readonly [string, number])[] = [
    [joined('see /ho', 'me/ann/notes'), 1],
    [joined('"/wo', 'rk/x"'), 1],
    ['https://example.org/home/page', 0],
    ['/admin/home', 0],
    [joined('https://regis', 'try.example.org'), 1],
    [joined('"resolved": "http', 's://x"'), 1],
    ['"resolved": "packages/core"', 0],
    [joined('as Cla', 'ude said'), 1],
    ['registry.metrics()', 0],
    ['Claudette', 0],
    ['the session of a signed-in person', 0],
  ]
  for (const [text, count] of samples) {
    test(`hold ${count} faults in: ${count === 0 ? text : `${text.slice(0, 3)}…${text.slice(-2)}`}`, () => {
      assert.equal(faultsOf({ path: 'a.md', text }).length, count)
    })
  }
})
