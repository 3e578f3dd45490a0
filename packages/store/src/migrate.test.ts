import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, describe, test } from 'node:test'
import { inspectSqliteFile, migrateSqlite } from './migrate.ts'
import { openSqliteFile } from './sqlite-file.ts'
import { START_MS } from './testing/stores.ts'

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

function newFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'almoner-migrate-'))
  folders.push(folder)
  return join(folder, 'almoner.db')
}

/** A file of ours, with something done to it. */
function ours(change: string): string {
  const file = newFile()
  const database = openSqliteFile(file, 'write')
  migrateSqlite(database, START_MS)
  database.exec(change)
  database.close()
  return file
}

function others(sql: string): string {
  const file = newFile()
  const database = new DatabaseSync(file)
  database.exec(sql)
  database.close()
  return file
}

function holding(bytes: Buffer): string {
  const file = newFile()
  writeFileSync(file, bytes)
  return file
}

describe('migrations', () => {
  test('make every table from nothing, and nothing more the second time', () => {
    const file = newFile()
    assert.deepEqual(inspectSqliteFile(file), { isNew: true })
    const database = openSqliteFile(file, 'write')
    migrateSqlite(database, START_MS)
    const schema = () => database.prepare('select name, sql from sqlite_master order by name').all()
    const before = schema()
    assert.ok(before.some((row) => row['name'] === 'journal'))
    migrateSqlite(database, START_MS + 1)
    assert.deepEqual(schema(), before)
    assert.deepEqual(
      database
        .prepare('select number, name, applied_at_ms from migration')
        .all()
        .map(Object.values),
      [[1, 'first', START_MS]],
    )
    database.close()
    assert.deepEqual(inspectSqliteFile(file), { isNew: false })
  })

  test('go on after a start that was cut short before its first commit', () => {
    const file = holding(Buffer.alloc(0))
    assert.deepEqual(inspectSqliteFile(file), { isNew: false })
    const database = openSqliteFile(file, 'write')
    migrateSqlite(database, START_MS)
    database.prepare('select * from journal').all()
    database.close()
  })

  test('leave nothing of a migration that fails', () => {
    const file = newFile()
    const database = openSqliteFile(file, 'write')
    // A table is in the way of the last statement but one.
    database.exec('create table counter (name text)')
    assert.throws(() => migrateSqlite(database, START_MS), /already exists/)
    assert.deepEqual(
      database
        .prepare('select name from sqlite_master')
        .all()
        .map((row) => row['name']),
      ['counter'],
    )
    database.close()
  })

  for (const [what, make, where] of [
    ['another database', () => others('create table t (a)'), /another database/],
    [
      'another database in WAL mode',
      () => others('pragma journal_mode = wal; create table t (a)'),
      /another database/,
    ],
    [
      'the database of another program that marks its own',
      () => others('pragma application_id = 17; create table t (a)'),
      /another database/,
    ],
    [
      'a newer schema',
      () => ours("insert into migration values (99, 'future', 0)"),
      /schema 99 is newer than 1/,
    ],
    ['no database', () => holding(Buffer.alloc(9_000, 'not a database. ')), /can use/],
  ] as const) {
    test(`refuse a file that holds ${what}, and change no byte of it`, () => {
      const file = make()
      const before = readFileSync(file)
      assert.throws(() => inspectSqliteFile(file), { code: 'STORE_BROKEN', message: where })
      assert.equal(Buffer.compare(readFileSync(file), before), 0)
    })
  }

  test('refuse to start anew beside the log of a database that is gone', () => {
    const file = newFile()
    writeFileSync(`${file}-wal`, 'what was not yet in the database')
    assert.throws(() => inspectSqliteFile(file), { code: 'STORE_BROKEN', message: /log is not/ })
    assert.equal(existsSync(file), false)
  })
})
