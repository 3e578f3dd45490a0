/** Numbered, forward-only migrations; each is one transaction. */
import { existsSync, statSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import { type RawBuilder, sql } from 'kysely'
import { STORE_ERRORS } from './errors.ts'
import { first } from './migrations/0001-first.ts'
import { openSqliteFile, reachingFile } from './sqlite-file.ts'
import { sqliteBuilder } from './sqlite-session.ts'
import { writeStatistics } from './sqlite-statistics.ts'

/** What differs between the dialects in a table definition. */
export type DialectWords = {
  readonly blob: RawBuilder<unknown>
  readonly bigint: RawBuilder<unknown>
  /** Type of a key that counts up by itself. */
  readonly sequenceKey: RawBuilder<unknown>
  /** Suffix of a table that is its own primary index. */
  readonly clustered: RawBuilder<unknown>
}

export type Migration = {
  readonly number: number
  readonly name: string
  readonly statements: (dialect: DialectWords) => readonly RawBuilder<unknown>[]
}

const MIGRATIONS: readonly Migration[] = [first]
const NEWEST = MIGRATIONS.at(-1)!.number

const SQLITE_WORDS: DialectWords = {
  blob: sql`blob`,
  bigint: sql`integer`,
  sequenceKey: sql`integer primary key autoincrement`,
  clustered: sql`without rowid`,
}

/** Marks the file as ours (SQLite header, bytes 68–71): "ALMN". */
const APPLICATION_ID = 0x414c4d4e

/**
 * Looks whether a file may be used, without changing a byte of it. True when there is none yet.
 * @throws STORE_BROKEN for a file of something else, of a newer version, or half of a store
 */
export function inspectSqliteFile(file: string): { readonly isNew: boolean } {
  if (!existsSync(file)) {
    // To make a new database here would delete what the log beside it still holds.
    if ((statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0) {
      throw STORE_ERRORS.error('STORE_BROKEN', { where: 'the database is gone, its log is not' })
    }
    return { isNew: true }
  }
  const database = openSqliteFile(file, 'read')
  try {
    return reachingFile(() => {
      refuseOthers(database)
      return { isNew: false }
    })
  } finally {
    database.close()
  }
}

function refuseOthers(database: DatabaseSync): void {
  const tables = Number(value(database, 'select count(*) from sqlite_master'))
  if (tables === 0) return
  if (Number(value(database, 'pragma application_id')) !== APPLICATION_ID) {
    throw STORE_ERRORS.error('STORE_BROKEN', { where: 'the file holds another database' })
  }
  const number = schemaNumber(database)
  if (number > NEWEST) {
    throw STORE_ERRORS.error('STORE_BROKEN', {
      where: `schema ${number} is newer than ${NEWEST}, the newest this version knows`,
    })
  }
}

/** Brings a file that was inspected to the newest schema. */
export function migrateSqlite(database: DatabaseSync, nowMs: number): void {
  while (applyNext(database, nowMs));
}

/** False when there was nothing left to apply. Another process may do the same at this time. */
function applyNext(database: DatabaseSync, nowMs: number): boolean {
  database.exec('begin immediate')
  try {
    database.exec(`pragma application_id = ${APPLICATION_ID}`)
    database.exec(
      'create table if not exists migration (number integer primary key, name text not null, applied_at_ms integer not null)',
    )
    const number = schemaNumber(database)
    const next = MIGRATIONS.find((one) => one.number > number)
    if (next !== undefined) apply(database, next, nowMs)
    database.exec('commit')
    return next !== undefined
  } catch (thrown) {
    if (database.isTransaction) database.exec('rollback')
    throw thrown
  }
}

function apply(database: DatabaseSync, migration: Migration, nowMs: number): void {
  const db = sqliteBuilder()
  for (const statement of migration.statements(SQLITE_WORDS)) {
    database.exec(statement.compile(db).sql)
  }
  writeStatistics(database)
  database
    .prepare('insert into migration (number, name, applied_at_ms) values (?, ?, ?)')
    .run(migration.number, migration.name, nowMs)
}

const schemaNumber = (database: DatabaseSync): number =>
  Number(value(database, 'select coalesce(max(number), 0) from migration'))

/** The one value that a query gives. */
const value = (database: DatabaseSync, query: string): unknown =>
  Object.values(database.prepare(query).get() ?? {})[0]
