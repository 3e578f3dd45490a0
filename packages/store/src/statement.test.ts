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
    .where('value', '>', 3)
    .limit(1),
)

test('puts arguments where they stand in the text, and constants into the text', () => {
  const { sql, bind } = find.compile(sqliteBuilder())
  assert.equal(
    sql,
    'select "value" from "counter" where "name" = ? and "tenant" = ? and "value" > 3 limit 1',
  )
  assert.deepEqual(bind({ tenant: 1, name: 'done' }), ['done', 1])
})

test('writes constants so that nothing in them can be anything else', () => {
  const nasty = statement<Record<string, never>>((db) =>
    db.updateTable('outbox').set({ state: "'; drop", code: null, attempts: 2 }),
  )
  assert.equal(
    nasty.compile(sqliteBuilder()).sql,
    `update "outbox" set "state" = '''; drop', "code" = null, "attempts" = 2`,
  )
  const bytes = statement<Record<string, never>>((db) =>
    db.updateTable('outbox').set({ reply: new Uint8Array(1) }),
  )
  assert.throws(() => bytes.compile(sqliteBuilder()), /bytes are an argument/)
})

test('is compiled once for each builder', () => {
  const [one, other] = [sqliteBuilder(), sqliteBuilder()]
  assert.equal(find.compile(one), find.compile(one))
  assert.notEqual(find.compile(one), find.compile(other))
})
