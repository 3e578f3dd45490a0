import assert from 'node:assert/strict'
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { seededRandom } from '@almoner/core'
import {
  createKeyringFile,
  readKeyringFile,
  replaceKeyringFile,
  withKeyringLock,
} from './keyring-file.ts'

const root = mkdtempSync(join(tmpdir(), 'almoner-keyring-file-'))
after(() => rmSync(root, { recursive: true }))
const random = seededRandom(2)
const modeOf = (path: string): number => statSync(path).mode & 0o777

let nextName = 0
const newFolder = (): string => {
  const folder = join(root, String(nextName++))
  mkdirSync(folder, { mode: 0o700 })
  return folder
}
const newFile = (text: string): string => {
  const file = join(newFolder(), 'keyring')
  createKeyringFile(file, text, random)
  return file
}

describe('createKeyringFile', () => {
  test('makes the file 0600 and every missing folder 0700, and leaves nothing else', () => {
    const folder = join(newFolder(), 'a', 'b')
    createKeyringFile(join(folder, 'keyring'), 'text', random)
    assert.equal(modeOf(join(folder, 'keyring')), 0o600)
    assert.equal(modeOf(folder), 0o700)
    assert.equal(modeOf(join(folder, '..')), 0o700)
    assert.deepEqual(readdirSync(folder), ['keyring'])
  })

  test('gives the file its mode whatever the mask of the process', () => {
    const before = process.umask(0o777)
    try {
      assert.equal(modeOf(newFile('text')), 0o600)
    } finally {
      process.umask(before)
    }
  })

  test('keeps a file that is there already', () => {
    const file = newFile('first')
    createKeyringFile(file, 'second', random)
    assert.equal(readFileSync(file, 'utf8'), 'first')
    assert.deepEqual(readdirSync(join(file, '..')), ['keyring'])
  })

  test('says so when it cannot write', () => {
    const file = newFile('a file, not a folder')
    assert.throws(() => createKeyringFile(join(file, 'keyring'), 'text', random), {
      code: 'VAULT_KEYRING_UNWRITABLE',
    })
  })
})

describe('readKeyringFile', () => {
  test('reads what was written', () => {
    assert.equal(readKeyringFile(newFile('the text')), 'the text')
  })

  test('says that there is none', () => {
    assert.throws(() => readKeyringFile(join(root, 'nowhere', 'keyring')), {
      code: 'VAULT_KEYRING_MISSING',
    })
  })

  for (const mode of [0o640, 0o604, 0o660, 0o644, 0o700, 0o610, 0o601, 0o602, 0o620]) {
    test(`refuses mode ${mode.toString(8)}`, () => {
      const file = newFile('text')
      chmodSync(file, mode)
      assert.throws(() => readKeyringFile(file), { code: 'VAULT_KEYRING_MODE' })
    })
  }

  test('takes a file that even its owner may only read', () => {
    const file = newFile('text')
    chmodSync(file, 0o400)
    assert.equal(readKeyringFile(file), 'text')
  })

  test('refuses a file that another account owns', () => {
    // Root can give a file away; any other account finds one of root's.
    const isRoot = process.getuid?.() === 0
    const file = isRoot ? newFile('text') : '/etc/passwd'
    if (isRoot) chownSync(file, 12_345, 12_345)
    assert.throws(() => readKeyringFile(file), { code: 'VAULT_KEYRING_MODE', where: 'owner' })
  })

  test('refuses a folder', () => {
    assert.throws(() => readKeyringFile(newFolder()), { code: 'VAULT_KEYRING_BROKEN' })
  })

  test('refuses a path through a file', () => {
    assert.throws(() => readKeyringFile(join(newFile('text'), 'keyring')), {
      code: 'VAULT_KEYRING_BROKEN',
    })
  })

  test('refuses a file that is far larger than a keyring', () => {
    const file = newFile('text')
    truncateSync(file, 5 * 1024 * 1024)
    assert.throws(() => readKeyringFile(file), { code: 'VAULT_KEYRING_BROKEN' })
  })
})

describe('replaceKeyringFile', () => {
  test('replaces the whole text, keeps the mode and leaves nothing else', () => {
    const file = newFile('a long first text')
    replaceKeyringFile(file, 'second', random)
    assert.equal(readFileSync(file, 'utf8'), 'second')
    assert.equal(modeOf(file), 0o600)
    assert.deepEqual(readdirSync(join(file, '..')), ['keyring'])
  })

  test('writes through a symbolic link, which stays one', () => {
    const file = newFile('first')
    const link = join(newFolder(), 'keyring')
    symlinkSync(file, link)
    replaceKeyringFile(link, 'second', random)
    assert.equal(readFileSync(file, 'utf8'), 'second')
    assert.ok(lstatSync(link).isSymbolicLink())
  })

  test('says so when the folder has gone', () => {
    assert.throws(() => replaceKeyringFile(join(root, 'gone', 'keyring'), 'text', random), {
      code: 'VAULT_KEYRING_UNWRITABLE',
    })
  })
})

describe('withKeyringLock', () => {
  test('refuses a second change while one is under way, and gives the lock back', () => {
    const file = newFile('text')
    const result = withKeyringLock(file, () => {
      assert.throws(() => withKeyringLock(file, () => 1), { code: 'VAULT_KEYRING_BUSY' })
      return 2
    })
    assert.equal(result, 2)
    assert.equal(
      withKeyringLock(file, () => 3),
      3,
    )
  })

  test('gives the lock back when the change fails', () => {
    const file = newFile('text')
    assert.throws(
      () =>
        withKeyringLock(file, () => {
          throw new RangeError('change')
        }),
      RangeError,
    )
    assert.ok(!existsSync(`${file}.lock`))
  })

  test('leaves the lock of another process alone', () => {
    const file = newFile('text')
    writeFileSync(`${file}.lock`, '')
    assert.throws(() => withKeyringLock(file, () => 1), { code: 'VAULT_KEYRING_BUSY' })
    assert.ok(existsSync(`${file}.lock`))
  })

  test('says so when it cannot make the lock', () => {
    assert.throws(() => withKeyringLock(join(root, 'gone', 'keyring'), () => 1), {
      code: 'VAULT_KEYRING_UNWRITABLE',
    })
  })
})
