import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { Worker } from 'node:worker_threads'
import { seededRandom, systemRandom } from '@almoner/core'
import {
  formatKeyId,
  keysOf,
  openKeyring,
  reloadKeys,
  retireDataKey,
  rotateKeys,
} from './keyring.ts'

const root = mkdtempSync(join(tmpdir(), 'almoner-keyring-'))
after(() => rmSync(root, { recursive: true }))
const random = systemRandom
let nextName = 0
const newPath = (): string => join(root, String(nextName++), 'keyring')

describe('openKeyring', () => {
  test('makes a keyring on the first run and opens the same keys ever after', () => {
    const file = newPath()
    const first = keysOf(openKeyring(file, { random, create: true }))
    const again = keysOf(openKeyring(file, { random, create: true }))
    const later = keysOf(openKeyring(file, { random, create: false }))
    for (const keys of [again, later]) {
      assert.ok(keys.indexKey.equals(first.indexKey))
      assert.equal(keys.active.id, first.active.id)
    }
  })

  test('does not write a file that is there', () => {
    const file = newPath()
    openKeyring(file, { random, create: true })
    const { ino, mtimeMs } = statSync(file)
    openKeyring(file, { random, create: true })
    assert.deepEqual([statSync(file).ino, statSync(file).mtimeMs], [ino, mtimeMs])
  })

  test('refuses to run without its keyring when it may not make one', () => {
    assert.throws(() => openKeyring(newPath(), { random, create: false }), {
      code: 'VAULT_KEYRING_MISSING',
    })
  })

  test('never makes a new keyring in the place of a broken one', () => {
    const file = newPath()
    openKeyring(file, { random, create: true })
    writeFileSync(file, 'garbled')
    assert.throws(() => openKeyring(file, { random, create: true }), {
      code: 'VAULT_KEYRING_BROKEN',
    })
    assert.equal(readFileSync(file, 'utf8'), 'garbled')
  })

  test('refuses a keyring whose keys were wrapped under another KEK', () => {
    const file = newPath()
    openKeyring(file, { random, create: true })
    const other = newPath()
    openKeyring(other, { random, create: true })
    const mixed = { ...JSON.parse(readFileSync(file, 'utf8')) }
    mixed.wrappingKey = JSON.parse(readFileSync(other, 'utf8')).wrappingKey
    writeFileSync(file, JSON.stringify(mixed))
    assert.throws(() => openKeyring(file, { random, create: false }), {
      code: 'VAULT_KEYRING_BROKEN',
    })
  })

  test('gives threads that start together the same keys', async () => {
    const file = newPath()
    const source = `
      const { parentPort, workerData } = require('node:worker_threads')
      const open = async () => {
        const { openKeyring, keysOf } = await import(workerData.keyring)
        const { systemRandom: random } = await import('@almoner/core')
        parentPort.postMessage(keysOf(openKeyring(workerData.file, { random, create: true })).active.id)
      }
      open()`
    const keyring = new URL('./keyring.ts', import.meta.url).href
    const ids = await Promise.all(
      Array.from({ length: 3 }, () => {
        const worker = new Worker(source, { eval: true, workerData: { file, keyring } })
        return new Promise<number>((resolve, reject) => {
          worker.once('message', resolve).once('error', reject)
        })
      }),
    )
    const { active } = keysOf(openKeyring(file, { random, create: false }))
    assert.deepEqual(new Set(ids), new Set([active.id]))
  })

  test('refuses a keyring that it did not open', () => {
    assert.throws(() => keysOf({ file: 'invented' }), TypeError)
  })
})

describe('rotateKeys', () => {
  test('moves to a new data key and keeps the old one to open with', () => {
    const file = newPath()
    const keys = keysOf(openKeyring(file, { random, create: true }))
    const before = keys.active
    rotateKeys(keys, 'data-key')
    assert.notEqual(keys.active.id, before.id)
    assert.equal(keys.dataKeys.get(before.id), before)
    assert.equal(keysOf(openKeyring(file, { random, create: false })).active.id, keys.active.id)
  })

  test('builds on what another process wrote meanwhile', () => {
    const file = newPath()
    const one = keysOf(openKeyring(file, { random, create: true }))
    const other = keysOf(openKeyring(file, { random, create: false }))
    rotateKeys(one, 'data-key')
    rotateKeys(other, 'data-key')
    reloadKeys(one)
    assert.equal(one.dataKeys.size, 3)
    assert.equal(one.active.id, other.active.id)
  })

  test('wraps every key under a new KEK without changing the keys', () => {
    const file = newPath()
    const keys = keysOf(openKeyring(file, { random, create: true }))
    const { record, active, indexKey } = keys
    rotateKeys(keys, 'wrapping-key')
    const reopened = keysOf(openKeyring(file, { random, create: false }))
    assert.ok(!reopened.record.wrappingKey.key.equals(record.wrappingKey.key))
    assert.ok(reopened.indexKey.equals(indexKey))
    const binding = Buffer.from('journal/1/body')
    assert.ok(reopened.active.subkeyFor(binding).equals(active.subkeyFor(binding)))
    const oldKey = record.wrappingKey.key.export().toString('base64')
    assert.ok(!readFileSync(file, 'utf8').includes(oldKey))
  })

  test('changes nothing when the keyring is locked by another process', () => {
    const file = newPath()
    const keys = keysOf(openKeyring(file, { random, create: true }))
    const before = [readFileSync(file, 'utf8'), keys.active.id]
    writeFileSync(`${file}.lock`, '')
    assert.throws(() => rotateKeys(keys, 'data-key'), { code: 'VAULT_KEYRING_BUSY' })
    assert.deepEqual([readFileSync(file, 'utf8'), keys.active.id], before)
  })

  test('never turns a lost keyring into a new one', () => {
    const file = newPath()
    const keys = keysOf(openKeyring(file, { random, create: true }))
    rmSync(file)
    assert.throws(() => rotateKeys(keys, 'data-key'), { code: 'VAULT_KEYRING_MISSING' })
  })

  test('dates new keys when it has a clock', () => {
    const clock = { nowMs: () => 1_234 }
    const keys = keysOf(openKeyring(newPath(), { random, create: true, clock }))
    rotateKeys(keys, 'data-key')
    assert.deepEqual(
      keys.record.keys.map((key) => key.createdAtMs),
      [1_234, 1_234, 1_234],
    )
  })
})

describe('retireDataKey', () => {
  test('makes one new key, however many processes find the old one worn', () => {
    const file = newPath()
    const one = keysOf(openKeyring(file, { random, create: true }))
    const other = keysOf(openKeyring(file, { random, create: false }))
    retireDataKey(one, one.active)
    retireDataKey(other, other.active)
    assert.equal(one.active.id, other.active.id)
    assert.equal(other.dataKeys.size, 2)
  })
})

test('a key id is eight hexadecimal digits', () => {
  assert.equal(formatKeyId(1), '00000001')
  assert.equal(formatKeyId(0xffff_ffff), 'ffffffff')
})

test('the same seed makes the same keyring', () => {
  const [one, other] = [newPath(), newPath()]
  openKeyring(one, { random: seededRandom(5), create: true })
  openKeyring(other, { random: seededRandom(5), create: true })
  assert.equal(readFileSync(one, 'utf8'), readFileSync(other, 'utf8'))
})
