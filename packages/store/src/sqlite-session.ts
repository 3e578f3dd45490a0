/** The session over `node:sqlite`: prepared statements by their text, synchronous underneath. */
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { DummyDriver, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely'
import { STORE_ERRORS } from './errors.ts'
import type { Database } from './schema.ts'
import type { Session } from './session.ts'
import { storeFailure } from './sqlite-failure.ts'
import type { Bindable } from './statement.ts'

/** Builds and compiles queries; it is never asked to run one. */
export const sqliteBuilder = (): Kysely<Database> =>
  new Kysely<Database>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new SqliteIntrospector(db),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
  })

/** Its functions reject with STORE_FULL, STORE_UNWRITABLE, STORE_BUSY, STORE_BROKEN, STORE_CLOSED. */
export function sqliteSession(database: DatabaseSync): Session {
  const db = sqliteBuilder()
  const prepared = new Map<string, StatementSync>()

  const prepare = (sql: string): StatementSync => {
    const known = prepared.get(sql)
    if (known !== undefined) return known
    const made = database.prepare(sql)
    prepared.set(sql, made)
    return made
  }

  const guard = <Result>(use: () => Result): Result => {
    if (!database.isOpen) throw STORE_ERRORS.error('STORE_CLOSED')
    try {
      return use()
    } catch (thrown) {
      throw storeFailure(thrown)
    }
  }

  const session: Session = {
    db,
    run: async (statement, args) => {
      const { sql, bind } = statement.compile(db)
      guard(() => prepare(sql).run(...bind(args)))
    },
    all: async (statement, args) => {
      const { sql, bind } = statement.compile(db)
      // The row type is what the statement's author declared for its columns.
      return guard(() => prepare(sql).all(...bind(args))) as never
    },
    first: async (statement, args) => {
      const { sql, bind } = statement.compile(db)
      return guard(() => prepare(sql).get(...bind(args))) as never
    },
    query: async (compilable) => {
      const { sql, parameters } = compilable.compile()
      return guard(() => database.prepare(sql).all(...(parameters as Bindable[]))) as never
    },
  }
  return session
}
