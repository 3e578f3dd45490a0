/** Numbered, forward-only migrations; each is one transaction. */
import type { DatabaseSync } from 'node:sqlite'
import { type RawBuilder, sql } from 'kysely'
import { STORE_ERRORS } from './errors.ts'
import { first } from './migrations/0001-first.ts'
import { sqliteBuilder } from './sqlite-session.ts'

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

const SQLITE_WORDS: DialectWords = {
  blob: sql`blob`,
  bigint: sql`integer`,
  sequenceKey: sql`integer primary key autoincrement`,
  clustered: sql`without rowid`,
}

/** Marks the file as ours (SQLite header, bytes 68–71): "ALMN". */
const APPLICATION_ID = 0x414c4d4e

/**
 * Brings an SQLite file to the newest schema.
 * @throws STORE_BROKEN for a file of something else, or of a newer version.
 */
export function migrateSqlite(database: DatabaseSync, nowMs: number): void {
  const owner = Number(database.prepare('pragma application_id').get()?.['application_id'])
  const tables = Number(database.prepare('select count(*) as n from sqlite_master').get()?.['n'])
  if (tables > 0 && owner !== APPLICATION_ID) {
    throw STORE_ERRORS.error('STORE_BROKEN', { where: 'the file holds another database' })
  }
  database.exec(`pragma application_id = ${APPLICATION_ID}`)
  database.exec(
    'create table if not exists migration (number integer primary key, name text not null, applied_at_ms integer not null)',
  )
  const done = Number(
    database.prepare('select coalesce(max(number), 0) as n from migration').get()?.['n'],
  )
  const newest = MIGRATIONS.at(-1)!.number
  if (done > newest) {
    throw STORE_ERRORS.error('STORE_BROKEN', {
      where: `schema ${done} is newer than ${newest}, the newest this version knows`,
    })
  }
  const db = sqliteBuilder()
  for (const migration of MIGRATIONS.filter((one) => one.number > done)) {
    database.exec('begin immediate')
    for (const statement of migration.statements(SQLITE_WORDS)) {
      database.exec(statement.compile(db).sql)
    }
    database
      .prepare('insert into migration (number, name, applied_at_ms) values (?, ?, ?)')
      .run(migration.number, migration.name, nowMs)
    database.exec('commit')
  }
}
