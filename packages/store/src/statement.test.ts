import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sqliteBuilder } from './sqlite-session.ts'
import { statement } from './statement.ts'

const find = statement<{ tenant: number; name: string }, { value: number }>((db, arg) =>
  db
    .selectFrom('counter')
    .select('value')
    .where('name', '=', arg('name'))
    .where('tenant', '=', arg('tenant'))
    .where('value', '>', 3),
)

test('puts arguments where they stand in the text, and constants where they were written', () => {
  const { sql, bind } = find.compile(sqliteBuilder())
  assert.equal(
    sql,
    'select "value" from "counter" where "name" = ? and "tenant" = ? and "value" > ?',
  )
  assert.deepEqual(bind({ tenant: 1, name: 'done' }), ['done', 1, 3])
})

test('is compiled once for each builder', () => {
  const [one, other] = [sqliteBuilder(), sqliteBuilder()]
  assert.equal(find.compile(one), find.compile(one))
  assert.notEqual(find.compile(one), find.compile(other))
})
