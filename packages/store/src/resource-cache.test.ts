import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Patient } from '@almoner/fhir'
import { createResourceCache } from './resource-cache.ts'

const entry = (id: string, sizeBytes = 1) => {
  const resource: Patient = { resourceType: 'Patient', id }
  return { resource, sizeBytes }
}

test('gives a resource back for its row and version only', () => {
  const cache = createResourceCache(10)
  const one = entry('a')
  cache.set(1, 3, one)
  assert.equal(cache.get(1, 3), one.resource)
  assert.equal(cache.get(1, 2), undefined)
  assert.equal(cache.get(1, 4), undefined)
  assert.equal(cache.get(2, 3), undefined)
})

test('keeps one version of each row: the one that was set last', () => {
  const cache = createResourceCache(10)
  cache.set(1, 1, entry('a'))
  cache.set(1, 2, entry('b'))
  assert.deepEqual([cache.get(1, 1), cache.get(1, 2)?.id], [undefined, 'b'])
})

test('lets go what was used longest ago when all together are too large', () => {
  const cache = createResourceCache(10)
  cache.set(1, 1, entry('a', 4))
  cache.set(2, 1, entry('b', 4))
  cache.get(1, 1)
  cache.set(3, 1, entry('c', 4))
  assert.deepEqual(
    [1, 2, 3].map((rid) => cache.get(rid, 1)?.id),
    ['a', undefined, 'c'],
  )
  // A new version takes the place of its old one, also in what is counted.
  for (const version of [2, 3, 4]) cache.set(3, version, entry('c', 6))
  assert.deepEqual([cache.get(1, 1)?.id, cache.get(3, 4)?.id], ['a', 'c'])
})

test('does not keep what is larger than all it may hold', () => {
  const cache = createResourceCache(10)
  cache.set(1, 1, entry('a', 11))
  assert.equal(cache.get(1, 1), undefined)
})

test('forgets what a failed transaction set, and only that', () => {
  const cache = createResourceCache(10)
  cache.set(1, 1, entry('a'))
  cache.set(2, 1, entry('b'))
  cache.keep()
  cache.set(2, 2, entry('c'))
  cache.set(3, 1, entry('d'))
  cache.forget()
  assert.deepEqual(
    [cache.get(1, 1)?.id, cache.get(2, 2), cache.get(3, 1)],
    ['a', undefined, undefined],
  )
  cache.forget()
  assert.equal(cache.get(1, 1)?.id, 'a')
})
