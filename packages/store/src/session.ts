/**
 * One transaction's view of the database, whichever dialect it is. Commands and reads are written
 * against this and nothing else.
 */
import type { Compilable, Kysely } from 'kysely'
import type { Database } from './schema.ts'
import type { Bindable, Statement } from './statement.ts'

type Args = Readonly<Record<string, Bindable>>

export type Session = {
  readonly db: Kysely<Database>
  readonly run: <A extends Args>(statement: Statement<A, never>, args: A) => Promise<void>
  readonly all: <A extends Args, Row>(
    statement: Statement<A, Row>,
    args: A,
  ) => Promise<readonly Row[]>
  readonly first: <A extends Args, Row>(
    statement: Statement<A, Row>,
    args: A,
  ) => Promise<Row | undefined>
  /** A query whose shape depends on the request: built and compiled for this one call. */
  readonly query: <Row>(compilable: Compilable<Row>) => Promise<readonly Row[]>
}
