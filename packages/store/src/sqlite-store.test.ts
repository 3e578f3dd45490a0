import assert from 'node:assert/strict'
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, describe, test } from 'node:test'
import { seededPorts, silentLog, virtualClock } from '@almoner/core'
import type { Store } from './contract.ts'
import { DATABASE_FILE, KEYRING_FILE, openSqliteStore } from './sqlite-store.ts'
import { accept, commit, NURSE, newMessage, patientDraft } from './testing/samples.ts'
import { START_MS } from './testing/stores.ts'

const folders: string[] = []
const stores: Store[] = []
afterEach(async () => {
  for (const store of stores.splice(0)) await store.close()
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'almoner-sqlite-'))
  folders.push(folder)
  return folder
}

function open(folder: string, given: { seed?: number; tenant?: string; pagesMax?: number } = {}) {
  const fatal: unknown[] = []
  const logged: (readonly [event: string, fields: unknown])[] = []
  const store = openSqliteStore({
    folder,
    tenant: given.tenant ?? 'RXX',
    ports: seededPorts(given.seed ?? 1, virtualClock(START_MS)),
    log: { ...silentLog, error: (event, fields) => void logged.push([event, fields]) },
    onFatal: (error) => void fatal.push(error),
    ...(given.pagesMax === undefined ? {} : { pagesMax: given.pagesMax }),
  })
  stores.push(store)
  return { store, fatal, logged }
}

async function closed(folder: string): Promise<void> {
  const { store } = open(folder)
  await accept(store)
  await store.close()
}

describe('the folder of a store', () => {
  test('is made with all that is in it, for this account alone', async () => {
    const folder = join(newFolder(), 'deep', 'data')
    const { store } = open(folder)
    await accept(store)
    assert.equal(statSync(folder).mode & 0o777, 0o700)
    const files = readdirSync(folder).toSorted()
    assert.deepEqual(files, ['almoner.db', 'almoner.db-shm', 'almoner.db-wal', 'keyring.json'])
    for (const file of files) assert.equal(statSync(join(folder, file)).mode & 0o077, 0, file)
  })

  test('whose database others could read is taken back', async () => {
    const folder = newFolder()
    await closed(folder)
    chmodSync(join(folder, DATABASE_FILE), 0o644)
    const { store } = open(folder)
    await accept(store)
    for (const file of readdirSync(folder)) {
      assert.equal(statSync(join(folder, file)).mode & 0o077, 0, file)
    }
  })

  test('that cannot be made is refused', () => {
    const file = join(newFolder(), 'a-file')
    writeFileSync(file, '')
    assert.throws(() => open(join(file, 'data')), { code: 'STORE_UNWRITABLE' })
  })

  test('whose database is no file is refused', () => {
    const folder = newFolder()
    open(join(folder, 'other'))
    renameSync(join(folder, 'other', KEYRING_FILE), join(folder, KEYRING_FILE))
    rmSync(join(folder, 'other'), { recursive: true })
    // A folder stands where the database belongs.
    const place = mkdtempSync(join(folder, 'x'))
    renameSync(place, join(folder, DATABASE_FILE))
    assert.throws(() => open(folder), { code: 'STORE_UNWRITABLE' })
  })

  test('keeps organisations apart', async () => {
    const folder = newFolder()
    const [one, other] = [open(folder).store, open(folder, { tenant: 'RYY' }).store]
    const message = newMessage()
    await one.write('acceptMessage', message)
    await commit(one, patientDraft({ mrn: 'M1' }))
    assert.equal((await other.counts()).messages.received, 0)
    assert.deepEqual(await other.nextMessages('received', 0, 10), [])
    const view = other.view(NURSE, 'direct-care')
    assert.deepEqual(await view.search({ type: 'Patient', countMax: 10 }), [])
    assert.deepEqual(await view.messages({ controlId: message.controlId }, { countMax: 10 }), [])
    const repeat = await other.write('acceptMessage', { ...message, id: 'again' })
    assert.equal(repeat.kind, 'accepted')
    assert.equal((await one.verifyAudit()).broken, undefined)
    assert.equal((await other.verifyAudit()).broken, undefined)
  })
})

describe('the keyring of a store', () => {
  test('that is gone is not made anew for a database that needs it', async () => {
    const folder = newFolder()
    await closed(folder)
    rmSync(join(folder, KEYRING_FILE))
    assert.throws(() => open(folder), { code: 'VAULT_KEYRING_MISSING' })
    assert.equal(existsSync(join(folder, KEYRING_FILE)), false)
  })

  test('is used again when a start was cut short before the database was made', async () => {
    const folder = newFolder()
    await closed(folder)
    const key = open(folder).store.patientKey('9434765919')
    await stores.at(-1)?.close()
    rmSync(join(folder, DATABASE_FILE))
    assert.equal(open(folder, { seed: 2 }).store.patientKey('9434765919'), key)
  })

  test('of other data is refused before anything is written', async () => {
    const [folder, other] = [newFolder(), newFolder()]
    await closed(folder)
    open(other, { seed: 2 })
    renameSync(join(other, KEYRING_FILE), join(folder, KEYRING_FILE))
    assert.throws(() => open(folder), { code: 'STORE_BROKEN', message: /keyring belongs to other/ })
  })
})

describe('a store that is closed', () => {
  test('gives nothing and takes nothing', async () => {
    const { store, fatal } = open(newFolder())
    const message = await accept(store)
    await store.close()
    for (const use of [
      () => accept(store),
      () => store.nextMessages('received', 0, 1),
      () => store.nextDeliveries('lab', 0, 1),
      () => store.counts(),
      () => store.verifyAudit(),
      () => store.access('token', 'secret', START_MS),
      () => store.view(NURSE, 'operations').message(message.id),
    ]) {
      await assert.rejects(use(), { code: 'STORE_CLOSED' })
    }
    await store.close()
    assert.deepEqual(fatal, [])
  })

  test('leaves one file and its keyring, which can be copied as they are', async () => {
    const folder = newFolder()
    await closed(folder)
    assert.deepEqual(readdirSync(folder).toSorted(), [DATABASE_FILE, KEYRING_FILE])
  })

  test('has finished what was asked of it before', async () => {
    const folder = newFolder()
    const { store } = open(folder)
    const accepted = Array.from({ length: 300 }, () => accept(store))
    const closing = store.close()
    const late = assert.rejects(accept(store), { code: 'STORE_CLOSED' })
    await Promise.all([...accepted, closing, store.close(), late])
    assert.equal((await open(folder).store.counts()).messages.received, 300)
  })
})

describe('a store whose file goes bad', () => {
  test('stops once and tells, when what it reads is no longer a database', async () => {
    const folder = newFolder()
    await closed(folder)
    const { store, fatal, logged } = open(folder)
    await store.write('appendAudit', [])
    const file = openSync(join(folder, DATABASE_FILE), 'r+')
    const size = statSync(join(folder, DATABASE_FILE)).size
    // Every page but the first, whose header is checked at the start.
    for (let at = 4096; at < size; at += 4096) writeSync(file, Buffer.alloc(4096, 'x'), 0, 4096, at)
    const results = await Promise.allSettled([accept(store), accept(store)])
    assert.deepEqual(
      results.map((one) => one.status === 'rejected' && one.reason.code),
      ['STORE_BROKEN', 'STORE_BROKEN'],
    )
    await assert.rejects(accept(store), { code: 'STORE_CLOSED' })
    assert.deepEqual(
      fatal.map((error) => (error as { code?: string }).code),
      ['STORE_BROKEN'],
    )
    assert.deepEqual(
      logged.filter(([event]) => event === 'store.stopped'),
      [['store.stopped', { code: 'STORE_BROKEN' }]],
    )
    await assert.rejects(store.counts(), { code: 'STORE_BROKEN' })
  })

  test('refuses what does not fit and goes on with what does', async () => {
    const folder = newFolder()
    const { store, fatal } = open(folder, { pagesMax: 400 })
    const [small, big, other] = await Promise.allSettled([
      accept(store),
      accept(store, { body: new Uint8Array(4_000_000) }),
      accept(store),
    ])
    assert.deepEqual([small.status, other.status], ['fulfilled', 'fulfilled'])
    assert.equal(big.status === 'rejected' && big.reason.code, 'STORE_FULL')
    assert.equal((await store.counts()).messages.received, 2)
    await store.close()
    // With space again nothing of it is left over.
    const roomy = open(folder).store
    await accept(roomy, { body: new Uint8Array(4_000_000) })
    assert.equal((await roomy.counts()).messages.received, 3)
    assert.equal((await roomy.verifyAudit()).broken, undefined)
    assert.deepEqual(fatal, [])
    const check = new DatabaseSync(join(folder, DATABASE_FILE), { readOnly: true })
    assert.equal(check.prepare('pragma integrity_check').get()?.['integrity_check'], 'ok')
    check.close()
  })
})
