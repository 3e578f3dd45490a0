import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DatabaseSync, DatabaseSync as Sqlite } from 'node:sqlite'
import { afterEach, describe, test } from 'node:test'
import { seededPorts, virtualClock } from '@almoner/core'
import { createVault, openKeyring } from '@almoner/vault'
import type { AcceptResult, CommitResult } from './contract.ts'
import { createGroupCommit, type Done, type GroupCommit, type Work } from './group-commit.ts'
import { migrateSqlite } from './migrate.ts'
import { createResourceCache } from './resource-cache.ts'
import { openSqliteFile } from './sqlite-file.ts'
import { sqliteSession } from './sqlite-session.ts'
import { openSqliteTenant } from './sqlite-tenant.ts'
import { bytesOf, commitOf, draftOf, MRN, newMessage, patientDraft, set } from './testing/samples.ts'
import { START_MS } from './testing/stores.ts'

type Opened = { readonly database: DatabaseSync; readonly file: string; readonly run: GroupCommit }

const ended: (() => void)[] = []
afterEach(() => {
  for (const end of ended.splice(0)) end()
})

/** A group commit over a database of its own, on this thread. */
function open(pagesMax?: number): Opened {
  const folder = mkdtempSync(join(tmpdir(), 'almoner-group-'))
  const file = join(folder, 'almoner.db')
  const { random } = seededPorts(1, virtualClock(START_MS))
  const keyring = openKeyring(join(folder, 'keyring.json'), { random, create: true })
  const vault = createVault(keyring, { random })
  const database = openSqliteFile(file, 'write', pagesMax)
  migrateSqlite(database, START_MS)
  const tenant = openSqliteTenant(database, vault, 'RXX')
  const cache = createResourceCache(1_000_000)
  const run = createGroupCommit(database, { session: sqliteSession(database), vault, tenant, cache })
  ended.push(() => {
    if (database.isOpen) database.close()
    rmSync(folder, { recursive: true })
  })
  return { database, file, run }
}

const acceptWork = (given: Parameters<typeof newMessage>[0] = {}): Work => ({
  name: 'acceptMessage',
  args: newMessage(given),
})

const valueOf = <Value>(done: Done): Value => {
  assert('value' in done, 'error' in done ? String(done.error) : '')
  // The caller names what the command of this place returns.
  return done.value as Value
}

const codeOf = (done: Done): unknown =>
  'error' in done && done.error instanceof Error && 'code' in done.error
    ? done.error.code
    : undefined

/** Runs a first group of accepts; gives what commits need. */
async function accepted(run: GroupCommit, count: number) {
  const works = Array.from({ length: count }, () => newMessage())
  const done = await run(works.map((args) => ({ name: 'acceptMessage', args })))
  return done.map((one, at) => {
    const result = valueOf<AcceptResult>(one)
    assert(result.kind === 'accepted', 'it is new')
    return { seq: result.seq, id: works[at]!.id }
  })
}

const count = (database: DatabaseSync, table: string): number =>
  Number(database.prepare(`select count(*) as n from ${table}`).get()?.['n'])

const isCommitting = (sql: string): boolean => sql === 'commit'

/** How many transactions a run commits. */
function commitsOf(database: DatabaseSync): () => number {
  // The data version of another connection moves with each commit.
  const other = new Sqlite(':memory:')
  other.close()
  let commits = 0
  const exec = database.prepare.bind(database)
  database.prepare = (sql: string) => {
    if (isCommitting(sql)) commits += 1
    return exec(sql)
  }
  return () => commits
}

describe('a group of units', () => {
  test('gives results in the order of its units', async () => {
    const { run } = open()
    const messages = await accepted(run, 5)
    assert.deepEqual(
      messages.map((one) => one.seq),
      [1, 2, 3, 4, 5],
    )
    assert.deepEqual(await run([]), [])
    void commitsOf
  })
})
