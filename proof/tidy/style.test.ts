/** What a reader may rely on in every file: its name, size, first lines and plain constructs. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { isTest, lineAt, type RepositoryFile, readFiles } from './repository.ts'
import { codeOf } from './source-text.ts'

const LINES_MAX = 400

/** Such a name hides what is inside. */
const EMPTY_NAMES = [
  'util',
  'utils',
  'helper',
  'helpers',
  'common',
  'misc',
  'manager',
  'base',
  'new',
  'old',
]

/** Names that others look for as they are. */
const GIVEN_NAMES = /^(?:[A-Z][A-Z-]*(?:\.md)?|SOURCE\.md|\.[a-z]+(?:\.json)?)$/

type Rule = (file: RepositoryFile) => readonly string[]

function nameFaults({ path }: RepositoryFile): readonly string[] {
  return path.split('/').flatMap((part) => {
    if (GIVEN_NAMES.test(part)) return []
    const words = part.toLowerCase().split(/[-._]/)
    const empty = words.filter((word) => EMPTY_NAMES.includes(word))
    return [
      ...(/^\.?[a-z0-9]+(?:[-.][a-z0-9]+)*$/.test(part) ? [] : [`${part} is not kebab-case`]),
      ...(empty.length === words.length - 1 || words[0] === empty[0]
        ? empty.map((word) => `${part}: a file or folder is not called ${word}`)
        : []),
    ]
  })
}

function sizeFaults({ text }: RepositoryFile): readonly string[] {
  const lineCount = text.split('\n').length - 1
  if (isGenerated(text) || lineCount <= LINES_MAX) return []
  return [`${lineCount} lines are more than ${LINES_MAX}`]
}

const isGenerated = (text: string): boolean => /^(?:\/\/|<!--|\/\*) generated /.test(text)

/** What the file is stands in its first three lines, or right above the first thing it exports. */
function introFaults({ path, text }: RepositoryFile): readonly string[] {
  if (isTest(path) || path.endsWith('/index.ts')) return []
  const lines = text.replace(/^#!.*\n/, '').split('\n')
  const isIntroduced = lines.slice(0, 3).some((line) => /^(?:\/\*|\/\/)/.test(line))
  const exportAt = lines.findIndex((line) => line.startsWith('export '))
  const above = lines[exportAt - 1] ?? ''
  return isIntroduced || above.endsWith('*/') || above.startsWith('//')
    ? []
    : ['no comment at the top says what the file is']
}

// The words are put together here so that this file does not hold what it looks for.
const UNFINISHED = new RegExp(
  `\\b(?:${['TO', 'FIX'].map((start) => `${start}${start === 'TO' ? 'DO' : 'ME'}`).join('|')})\\b`,
  'g',
)

const CONSTRUCTS: readonly (readonly [string, RegExp, (path: string) => boolean])[] = [
  [
    'a default export',
    /^export default\b|\bas default\b/gm,
    (path) => /(?:\.route|(?:^|\/)site)\.ts$/.test(path),
  ],
  ['any', /[:<|&]\s*any\b(?!\s*[:(.])|,\s*any\s*[>\]]|\bas any\b|\bany\[\]/g, () => false],
  ['a test that does not run', /\b(?:test|it|describe|suite)\.(?:skip|only|todo)\b/g, () => false],
  ['an enum', /^(?:export )?(?:const |declare )*enum \w/gm, () => false],
  ['a namespace', /^(?:export )?(?:declare )?(?:namespace|module) \w/gm, () => false],
  ['ts-ignore', /@ts-(?:ignore|nocheck)\b/g, () => false],
]

function constructFaults({ path, text }: RepositoryFile): readonly string[] {
  const code = codeOf(text)
  return CONSTRUCTS.flatMap(([what, pattern, isAllowed]) => {
    if (isAllowed(path)) return []
    const searched = what === 'ts-ignore' && !path.startsWith('proof/tidy/') ? text : code
    return [...searched.matchAll(pattern)].map(
      (match) => `line ${lineAt(text, match.index)}: ${what}`,
    )
  })
}

function unfinishedFaults({ text }: RepositoryFile): readonly string[] {
  return [...text.matchAll(UNFINISHED)].map(
    (match) => `line ${lineAt(text, match.index)}: ${match[0]}`,
  )
}

const faultsOf = (files: readonly RepositoryFile[], rule: Rule): readonly string[] =>
  files.flatMap((file) => rule(file).map((fault) => `${file.path}: ${fault}`))

const sources = readFiles('.ts')

describe('every file', () => {
  test('has a name in kebab-case that says what is inside', () => {
    assert.deepEqual(faultsOf(readFiles('.ts', '.njk', '.css', '.md', '.yaml'), nameFaults), [])
  })

  test(`has at most ${LINES_MAX} lines unless it is generated`, () => {
    assert.deepEqual(faultsOf(readFiles('.ts', '.njk', '.css'), sizeFaults), [])
  })

  test('says at its top what it is', () => {
    assert.deepEqual(faultsOf(sources, introFaults), [])
  })

  test('uses plain constructs', () => {
    assert.deepEqual(faultsOf(sources, constructFaults), [])
  })

  test('is finished', () => {
    assert.deepEqual(faultsOf(readFiles(), unfinishedFaults), [])
  })
})

describe('the rules of style', () => {
  const names: readonly (readonly [string, number])[] = [
    ['packages/core/src/seeded.ts', 0],
    ['packages/core/src/core.errors.ts', 0],
    ['docs/adr/0001-node.md', 0],
    ['CONTRIBUTING.md', 0],
    ['.github/dependabot.yaml', 0],
    ['packages/app/src/http/new-session.ts', 1],
    ['packages/core/src/Seeded.ts', 1],
    ['packages/core/src/text_parts.ts', 1],
    ['packages/core/src/utils.ts', 1],
    ['packages/core/src/helpers/text.ts', 1],
    ['packages/core/src/base64.ts', 0],
  ]
  for (const [path, count] of names) {
    test(`find ${count} faults in the name ${path}`, () => {
      assert.equal(nameFaults({ path, text: '' }).length, count)
    })
  }

  const texts: readonly (readonly [string, Rule, string, number])[] = [
    ['a long file', sizeFaults, '\n'.repeat(401), 1],
    ['a file of the greatest length', sizeFaults, '\n'.repeat(400), 0],
    ['a long generated file', sizeFaults, `// generated by x\n${'\n'.repeat(900)}`, 0],
    ['a file without a comment', introFaults, "import { a } from 'x'\n\nexport const b = a\n", 1],
    ['a file with a comment first', introFaults, '/** It is. */\nexport const b = 1\n', 0],
    ['a comment above the first export', introFaults, '\n\n\n\n/** It. */\nexport const b = 1', 0],
    ['a default export', constructFaults, 'export default 1', 1],
    ['a default export by name', constructFaults, 'export { a as default }', 1],
    ['an any', constructFaults, 'const a: any = 1', 1],
    ['a list of any', constructFaults, 'type A = Record<string, any>', 1],
    ['a cast to any', constructFaults, 'f(a as any)', 1],
    ['any in a comment', constructFaults, '// any: of them', 0],
    ['a skipped test', constructFaults, "test.skip('a', f)", 1],
    ['a lonely suite', constructFaults, "describe.only('a', f)", 1],
    ['an enum', constructFaults, 'export enum A { B }', 1],
    ['a suppressed error', constructFaults, `// ${'@ts'}-ignore\na()`, 1],
    ['a note to finish', unfinishedFaults, `// ${'TO'}${'DO'}: more`, 1],
    ['a word that holds it', unfinishedFaults, 'MASTODON', 0],
  ]
  for (const [what, rule, text, count] of texts) {
    test(`find ${count} faults in ${what}`, () => {
      assert.equal(rule({ path: 'packages/core/src/a.ts', text }).length, count)
    })
  }

  test('let a route and a site have a default export', () => {
    for (const path of ['examples/riverside/routes/adt.route.ts', 'examples/riverside/site.ts']) {
      assert.deepEqual(constructFaults({ path, text: 'export default 1' }), [])
    }
  })
})
