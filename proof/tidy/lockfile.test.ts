/**
 * `npm ci` refuses a lock file that lacks a package of another platform, and some registries hide
 * those when the file is made. So every optional package that a locked one names must be there.
 */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { root } from './repository.ts'

type Locked = { readonly optionalDependencies?: Readonly<Record<string, string>> }
type Lock = { readonly packages: Readonly<Record<string, Locked>> }

test('the lock file has every optional package of every platform', () => {
  // Written by npm in this shape (lockfile version 3).
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as Lock
  const { packages } = lock
  const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter((name) => packages[`node_modules/${name}`] === undefined)
      .map((name) => `${path === '' ? 'the project' : path} names ${name}`),
  )
  assert.deepEqual(missing, [])
})
