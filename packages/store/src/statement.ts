/**
 * A statement is written once with Kysely, compiled once per dialect and run many times with
 * named arguments. Compiling on every call would cost more than the database does.
 */
import assert from 'node:assert/strict'
import type { Compilable, CompiledQuery, Kysely } from 'kysely'
import type { Database } from './schema.ts'

export type Bindable = string | number | null | Uint8Array

/** Stands where an argument will stand. */
class Slot {
  readonly name: string

  constructor(name: string) {
    this.name = name
  }
}

export type Statement<Args, Row> = {
  readonly compile: (db: Kysely<Database>) => Compiled
  /** Never read: ties the argument and row types to the statement. */
  readonly types?: { readonly args: Args; readonly row: Row }
}

export type Compiled = {
  readonly sql: string
  readonly bind: (args: Readonly<Record<string, unknown>>) => Bindable[]
}

/**
 * `write` receives the builder and `arg('name')`, which stands for the argument of that name with
 * its type. The same statement serves SQLite (`?`) and PostgreSQL (`$1`).
 */
export function statement<Args extends Readonly<Record<string, Bindable>>, Row = never>(
  write: (
    db: Kysely<Database>,
    arg: <Name extends keyof Args & string>(name: Name) => Args[Name],
  ) => Compilable,
): Statement<Args, Row> {
  const compiledFor = new WeakMap<Kysely<Database>, Compiled>()
  return {
    compile: (db) => {
      const known = compiledFor.get(db)
      if (known !== undefined) return known
      // The builder only carries a Slot through to the parameter list, so its type is a promise
      // about the argument and not about the Slot.
      const query = write(db, (name) => new Slot(name) as never).compile()
      const compiled = compiledStatement(query)
      compiledFor.set(db, compiled)
      return compiled
    },
  }
}

function compiledStatement(query: CompiledQuery): Compiled {
  const { sql, slots } = withConstants(query.sql, query.parameters as readonly (Slot | Bindable)[])
  return {
    sql,
    bind: (args) =>
      slots.map((slot) => (slot instanceof Slot ? (args[slot.name] as Bindable) : slot)),
  }
}

/**
 * SQLite plans a statement anew at each run when its plan rests on a bound value: a LIMIT, or what
 * a partial index names. Planning costs more than running, so constants go into the text. They
 * come from this code alone; what comes from outside is always an argument. PostgreSQL's numbered
 * parameters stay as they are.
 */
function withConstants(
  sql: string,
  parameters: readonly (Slot | Bindable)[],
): { readonly sql: string; readonly slots: readonly (Slot | Bindable)[] } {
  const parts = sql.split('?')
  if (parts.length !== parameters.length + 1) return { sql, slots: parameters }
  const text = parameters.map(
    (one, at) => `${parts[at]}${one instanceof Slot ? '?' : literal(one)}`,
  )
  return {
    sql: [...text, parts.at(-1)].join(''),
    slots: parameters.filter((one) => one instanceof Slot),
  }
}

function literal(constant: Bindable): string {
  assert(!(constant instanceof Uint8Array), 'bytes are an argument, not a constant')
  if (typeof constant === 'string') return `'${constant.replaceAll("'", "''")}'`
  return constant === null ? 'null' : String(constant)
}
