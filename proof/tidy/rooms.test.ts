/** The import table holds: floors, public doors, declared dependencies, one room per package. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Link, linksOf, packageOf } from './import-graph.ts'
import { isTest, listPaths, type RepositoryFile, readFiles, roomOf } from './repository.ts'
import { mayImport, ROOMS } from './room-table.ts'

type Manifest = {
  readonly name: string
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

const sources = readFiles('.ts')
const links = linksOf(sources)
const manifests: ReadonlyMap<string, Manifest> = new Map(
  readFiles('package.json').map(({ path, text }) => [path, JSON.parse(text) as Manifest]),
)
const rootManifest = manifests.get('package.json')!

/** Imports that the table of rooms forbids. */
function forbiddenImports(found: readonly Link[]): readonly string[] {
  return found
    .filter(({ kind }) => kind !== 'path')
    .flatMap((link) => {
      const why = whyForbidden(link)
      return why === undefined ? [] : [`${link.from} imports ${link.specifier}: ${why}`]
    })
}

function whyForbidden({ from, specifier, to }: Link): string | undefined {
  const room = roomOf(from)
  const [, target, deep] = /^@almoner\/([^/]+)(\/.*)?$/.exec(specifier) ?? []
  if (deep !== undefined) return 'only the public door of a room is open'
  if (target !== undefined) {
    if (room === undefined) return target in ROOMS ? undefined : 'there is no such room'
    return mayImport(room, target, isSupport(from)) ? undefined : `${room} may not import ${target}`
  }
  if (!specifier.startsWith('.')) return undefined
  if (to === undefined) return 'there is no such file'
  return roomOf(to) === room ? undefined : 'it leads into another room'
}

/** Tests, and what only tests use. */
const isSupport = (path: string): boolean => isTest(path) || path.includes('/testing/')

describe('the table of rooms', () => {
  test('has a row for every room, and every room a public door', () => {
    const here = new Set(listPaths().flatMap((path) => roomOf(path) ?? []))
    assert.deepEqual(
      [...here].filter((room) => ROOMS[room] === undefined),
      [],
    )
    const paths = new Set(sources.map(({ path }) => path))
    const doorless = [...here].filter((room) => !paths.has(`packages/${room}/src/index.ts`))
    assert.deepEqual(doorless, [])
  })

  test('lets a room import only from floors below its own', () => {
    for (const [name, { floor, imports }] of Object.entries(ROOMS)) {
      for (const target of imports) assert.ok(ROOMS[target]!.floor < floor, `${name} ← ${target}`)
    }
  })

  test('is kept by every import', () => {
    assert.deepEqual(forbiddenImports(links), [])
  })

  test('is shown in CONTRIBUTING.md as it is', () => {
    const [guide] = readFiles('CONTRIBUTING.md')
    for (const [name, { floor, imports }] of Object.entries(ROOMS)) {
      const shown = imports.length === 0 ? '–' : name === 'app' ? 'all' : imports.join(' ')
      const row = `| ${floor} | \`${name}\` | ${shown} |`
      assert.ok(guide?.text.includes(row), `CONTRIBUTING.md lacks the row ${row}`)
    }
  })

  const samples: readonly (readonly [string, string, string, RegExp])[] = [
    ['an import upwards', 'core/src/a.ts', "import { a } from '@almoner/store'", /may not import/],
    ['a type upwards', 'core/src/a.ts', "import type { A } from '@almoner/store'", /may not/],
    ['an import of itself', 'core/src/a.ts', "import { a } from '@almoner/core'", /may not import/],
    ['a deep import', 'store/src/a.ts', "import { a } from '@almoner/core/src/ports.ts'", /door/],
    ['a way around the door', 'store/src/a.ts', "import '../../core/src/b.ts'", /another room/],
    ['a missing file', 'store/src/a.ts', "import { a } from './gone.ts'", /no such file/],
    ['a test that reaches up', 'store/src/a.test.ts', "import '@almoner/engine'", /may not import/],
  ]
  for (const [what, path, text, why] of samples) {
    test(`would find ${what}`, () => {
      const door = { path: 'packages/core/src/b.ts', text: '' }
      const found = forbiddenImports(linksOf([{ path: `packages/${path}`, text }, door]))
      assert.equal(found.length, 1)
      assert.match(found[0]!, why)
    })
  }

  test('lets a test build a room that its own room is only given', () => {
    const text = "import { openKeyring } from '@almoner/vault'"
    assert.deepEqual(
      forbiddenImports(linksOf([{ path: 'packages/engine/src/a.test.ts', text }])),
      [],
    )
  })
})

/** What a manifest declares but nothing names, and what is imported but not declared. */
function undeclared(manifest: Manifest, roomFiles: readonly RepositoryFile[]): readonly string[] {
  const declared = Object.keys(manifest.dependencies ?? {})
  const named = linksOf(roomFiles)
  const used = new Set(named.map(({ specifier }) => packageOf(specifier)))
  const idle = declared.filter((name) => !used.has(name.replace(/^@types\//, '')))
  const needed = named
    .filter(({ from, kind }) => kind !== 'path' && !isSupport(from))
    .flatMap(({ kind, specifier }) => {
      const name = packageOf(specifier)
      if (name === undefined || declared.includes(name)) return []
      return kind === 'type' && declared.includes(`@types/${name}`) ? [] : [name]
    })
  return [
    ...idle.map((name) => `${manifest.name} declares ${name} and does not use it`),
    ...[...new Set(needed)].map((name) => `${manifest.name} imports ${name} without declaring it`),
  ]
}

describe('dependencies', () => {
  test('are declared by each room as it imports them', () => {
    const faults = Object.keys(ROOMS).flatMap((room) => {
      const manifest = manifests.get(`packages/${room}/package.json`)
      const files = sources.filter(({ path }) => roomOf(path) === room)
      return manifest === undefined ? [] : undeclared(manifest, files)
    })
    assert.deepEqual(faults, [])
  })

  test('would be missed when a manifest says too much or too little', () => {
    const manifest = { name: '@almoner/x', dependencies: { pino: '1.0.0' } }
    const text = "import { a } from 'kysely'"
    assert.deepEqual(undeclared(manifest, [{ path: 'packages/x/src/a.ts', text }]), [
      '@almoner/x declares pino and does not use it',
      '@almoner/x imports kysely without declaring it',
    ])
  })

  test('from outside are used from one room only', () => {
    const users = Map.groupBy(
      links.filter(({ from, kind }) => kind === 'value' && !isSupport(from)),
      ({ specifier }) => packageOf(specifier),
    )
    const shared = [...users].flatMap(([name, uses]) => {
      if (name === undefined || name.startsWith('@almoner/')) return []
      const rooms = new Set(uses.map(({ from }) => roomOf(from) ?? from))
      return rooms.size > 1 ? [`${name}: ${[...rooms].join(', ')}`] : []
    })
    assert.deepEqual(shared, [])
  })

  test('for development are used only in tests and proofs', () => {
    const forDevelopment = Object.keys(rootManifest.devDependencies ?? {})
    const faults = links.filter(
      ({ from, kind, specifier }) =>
        kind === 'value' &&
        roomOf(from) !== undefined &&
        !isSupport(from) &&
        forDevelopment.includes(packageOf(specifier) ?? ''),
    )
    assert.deepEqual(faults, [])
  })

  test('have one line each in docs/adr/dependencies.md', () => {
    const declared = [...manifests.values()].flatMap((manifest) => [
      ...Object.keys(manifest.dependencies ?? {}),
      ...Object.keys(manifest.devDependencies ?? {}),
      ...Object.keys(manifest.optionalDependencies ?? {}),
    ])
    const [page] = readFiles('docs/adr/dependencies.md')
    const lines = [...(page?.text ?? '').matchAll(/^\| `([^`]+)`/gm)].map((match) => match[1]!)
    const outside = declared.filter((name) => !name.startsWith('@almoner/'))
    assert.deepEqual(lines.toSorted(), [...new Set(outside)].toSorted())
  })
})
