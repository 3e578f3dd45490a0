/** The files of this repository as the tidy rules see them: what git tracks or would track. */
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** `path` is relative to the root of the repository, with forward slashes. */
export type RepositoryFile = { readonly path: string; readonly text: string }

export const root = fileURLToPath(new URL('../../', import.meta.url))

/** Paths of all files that are here now; what git ignores is no part of the repository. */
export function listPaths(): readonly string[] {
  const paths = existsSync(join(root, '.git')) ? listedByGit() : walked()
  return paths.filter((path) => isFile(join(root, path))).toSorted()
}

function listedByGit(): readonly string[] {
  // The owner of a checkout in a container is often not who runs the tests.
  const given = ['-c', 'safe.directory=*', 'ls-files', '-z']
  const chosen = ['--cached', '--others', '--exclude-standard']
  const listed = execFileSync('git', [...given, ...chosen], { cwd: root, encoding: 'utf8' })
  return [...new Set(listed.split('\0'))].filter((path) => path !== '')
}

/** In a copy without history: everything but what is installed or made by running. */
function walked(): readonly string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => !/(?:^|\/)(?:node_modules|data|\.DS_Store)(?:\/|$)|\.log$/.test(path))
}

const isFile = (path: string): boolean => existsSync(path) && statSync(path).isFile()

/** The text files with these endings, or all text files. */
export function readFiles(...endings: readonly string[]): readonly RepositoryFile[] {
  return listPaths()
    .filter((path) => endings.length === 0 || endings.some((ending) => path.endsWith(ending)))
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }))
    .filter(({ text }) => !text.includes('\0'))
}

export const isTest = (path: string): boolean => path.endsWith('.test.ts')

/** The room that a file of `packages/` is part of. */
export const roomOf = (path: string): string | undefined => /^packages\/([^/]+)\//.exec(path)?.[1]

/** 1-based line of an offset. */
export const lineAt = (text: string, offset: number): number =>
  text.slice(0, offset).split('\n').length
