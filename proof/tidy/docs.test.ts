/** What the documents promise: their code type-checks, their links lead somewhere, words are kept. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { dirname, join as joinPath, normalize } from 'node:path/posix'
import { describe, test } from 'node:test'
import { anchorsOf, type CodeBlock, codeBlocks, relativeLinks, tableRows } from './markdown.ts'
import { type RepositoryFile, readFiles, root } from './repository.ts'
import { codeOf } from './source-text.ts'

const pages = readFiles('.md')

/** What the compiler says about these blocks, as `page:line: message`. One run for all of them. */
function typeErrors(blocks: readonly CodeBlock[]): readonly string[] {
  const cache = join(root, 'node_modules', '.cache')
  mkdirSync(cache, { recursive: true })
  const folder = mkdtempSync(join(cache, 'almoner-docs-'))
  try {
    const files = blocks.map((_block, index) => `block-${index}.ts`)
    for (const [index, { line, code }] of blocks.entries()) {
      // As many lines before it as in the page, so that the compiler names the line of the page.
      const module = `${'\n'.repeat(line - 1)}${code}\nexport {}\n`
      writeFileSync(join(folder, files[index]!), module)
    }
    const compilerOptions = { noUnusedLocals: false, noUnusedParameters: false }
    const config = { extends: join(root, 'tsconfig.json'), compilerOptions, files, include: [] }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
    const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
    const args = [compiler, '--noEmit', '--pretty', 'false', '-p', folder]
    const run = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' })
    if (run.status === 0) return []
    return [...errorLines(run.stdout, relative(root, folder), blocks), ...strayLines(run, folder)]
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function errorLines(output: string, folder: string, blocks: readonly CodeBlock[]) {
  const pattern = new RegExp(`${folder}/block-(\\d+)\\.ts\\((\\d+),\\d+\\): (.*)`, 'g')
  return [...output.matchAll(pattern)].map(
    ([, index, line, message]) => `${blocks[Number(index)]!.path}:${line}: ${message}`,
  )
}

/** A failure that is not about a block must not pass for success. */
function strayLines(run: { readonly stdout: string; readonly stderr: string }, folder: string) {
  const lines = `${run.stdout}\n${run.stderr}`.split('\n')
  return lines.filter(
    (line) => /error TS/.test(line) && !line.includes(`${relative(root, folder)}/block-`),
  )
}

function brokenLinks(checked: readonly RepositoryFile[]): readonly string[] {
  const byPath = new Map(checked.map((page) => [page.path, page]))
  return checked.flatMap((page) =>
    relativeLinks(page).flatMap((link) => {
      const [target = '', anchor] = link.split('#')
      const path = target === '' ? page.path : normalize(joinPath(dirname(page.path), target))
      const there = byPath.get(path)
      if (there === undefined && !existsSync(join(root, path))) return [`${page.path}: ${link}`]
      const isHeading = anchor === undefined || there === undefined || anchorsOf(there).has(anchor)
      return isHeading ? [] : [`${page.path}: ${link} (no such heading)`]
    }),
  )
}

/** Words that GLOSSARY.md says not to use, each with the word to use. */
function avoidedWords(glossary: RepositoryFile): ReadonlyMap<string, string> {
  return new Map(
    tableRows(glossary).flatMap(([term = '', , never = '']) =>
      [...never.matchAll(/`([^`]+)`/g)].map((match) => [match[1]!.toLowerCase(), term] as const),
    ),
  )
}

/** Names that other makers gave: we cannot rename them. */
const GIVEN = [
  'MessageChannel',
  'BroadcastChannel',
  'diagnostics_channel',
  // Kysely calls its part for a dialect so.
  'SqliteAdapter',
  'PostgresAdapter',
  'DialectAdapter',
  'createAdapter',
]

/** Names in capitals alone are codes of a standard, such as the data type MSG. */
const isCode = (name: string): boolean => /^[A-Z0-9]+$/.test(name)

function avoidedUses(files: readonly RepositoryFile[], words: ReadonlyMap<string, string>) {
  return files.flatMap(({ path, text }) => {
    const names = new Set(codeOf(text).match(/[A-Za-z_$][\w$]*/g) ?? [])
    return [...names].flatMap((name) => {
      const parts = name.split(/_|(?<=[a-z0-9])(?=[A-Z])/).map((part) => part.toLowerCase())
      const word = parts.find((part) => words.has(part))
      if (word === undefined || GIVEN.includes(name) || isCode(name)) return []
      return [`${path}: ${name} (say ${words.get(word)})`]
    })
  })
}

describe('the documents', () => {
  test('hold TypeScript that type-checks', () => {
    const blocks = pages.flatMap((page) => codeBlocks(page, 'ts'))
    assert.deepEqual(typeErrors(blocks), [])
  })

  test('call TypeScript ts, so that it is checked', () => {
    const others = pages.flatMap((page) =>
      ['typescript', 'js', 'javascript', 'tsx'].flatMap((language) => codeBlocks(page, language)),
    )
    assert.deepEqual(others, [])
  })

  test('link to files and headings that are here', () => {
    assert.deepEqual(brokenLinks(pages), [])
  })

  test('would fail for code that does not type-check, at its line in the page', () => {
    const text = 'Text.\n\n```ts\nconst a: number = 1\nexport const b: string = a\n```\n'
    const code = "import { uuidV7 } from '@almoner/core'\nuuidV7(1)\n"
    const blocks = [...codeBlocks({ path: 'a.md', text }, 'ts'), { path: 'b.md', line: 9, code }]
    const errors = typeErrors(blocks)
    assert.equal(errors.length, 2)
    assert.match(errors[0]!, /^a\.md:5: error TS2322/)
    assert.match(errors[1]!, /^b\.md:10: error TS2554/)
  })

  test('would fail for a link that leads nowhere', () => {
    const there = { path: 'docs/b.md', text: '# One\n\n## Two: `x` & three\n' }
    const text =
      '[a](b.md#two-x--three) [b](b.md#four) [c](gone.md) [d](#here) `[e](no.md)`\n# Here\n'
    assert.deepEqual(brokenLinks([there, { path: 'docs/a.md', text }]), [
      'docs/a.md: b.md#four (no such heading)',
      'docs/a.md: gone.md',
    ])
  })
})

describe('GLOSSARY.md', () => {
  const glossary = pages.find(({ path }) => path === 'GLOSSARY.md')

  test('is kept by every name in the source', () => {
    assert.ok(glossary !== undefined)
    const words = avoidedWords(glossary)
    assert.ok(words.size > 0)
    assert.deepEqual(avoidedUses(readFiles('.ts'), words), [])
  })

  test('would find an avoided word inside a name, but not inside a word', () => {
    const page = {
      path: 'g.md',
      text: '| term | meaning | never say |\n|---|---|---|\n| job | x | `task` |\n',
    }
    const text = 'const nextTask = task_id + MultitaskingTask // task\n'
    assert.deepEqual(avoidedUses([{ path: 'a.ts', text }], avoidedWords(page)), [
      'a.ts: nextTask (say job)',
      'a.ts: task_id (say job)',
      'a.ts: MultitaskingTask (say job)',
    ])
  })
})
