/** The error tables are total: every code well formed, unique, explained, tested and printed. */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import type { ErrorTable, RoomErrors } from '@almoner/core'
import { allTables, ERRORS_PAGE, printErrors, roomsWithErrors, tablesOf } from './print-errors.ts'
import { isTest, readFiles, root } from './repository.ts'
import { ROOMS } from './room-table.ts'

/** What is wrong with the tables of one room. */
function faultsOf(room: string, errors: RoomErrors<ErrorTable>): readonly string[] {
  const prefixes = ROOMS[room]?.prefixes ?? []
  const faults = Object.entries(errors.table).flatMap(([code, row]) => [
    ...(/^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$/.test(code) ? [] : [`${code} is not UPPER_SNAKE`]),
    ...(prefixes.some((prefix) => code.startsWith(prefix))
      ? []
      : [`${code} does not start with ${prefixes.join(' or ')}`]),
    ...(['never', 'later', 'operator'].includes(row.retry) ? [] : [`${code}: retry`]),
    ...(row.http >= 400 && row.http <= 599 ? [] : [`${code}: http ${row.http}`]),
    ...(['AE', 'AR'].includes(row.ack) ? [] : [`${code}: ack`]),
    ...(isSentence(row.safe) ? [] : [`${code}: "${row.safe}" is no full sentence`]),
    ...(isSentence(row.operator) ? [] : [`${code}: "${row.operator}" is no full sentence`]),
  ])
  return errors.room === room
    ? faults
    : [`the table of ${room} says it is of ${errors.room}`, ...faults]
}

const isSentence = (text: string): boolean => /^[A-Z`][^\n]{10,}[.]$/.test(text)

describe('error tables', () => {
  for (const room of roomsWithErrors()) {
    test(`of ${room} is one, exported, well formed and full`, async () => {
      const tables = await tablesOf(room)
      assert.equal(tables.size, 1, `${room} exports ${[...tables.keys()].join() || 'no table'}`)
      for (const errors of tables.values()) assert.deepEqual(faultsOf(room, errors), [])
    })

    test(`of ${room} has no code that no test names`, async () => {
      const tests = readFiles('.ts').filter(({ path }) => isTest(path))
      const texts = tests.filter(({ path }) => !path.startsWith('proof/tidy/'))
      const codes = [...(await tablesOf(room)).values()].flatMap(({ table }) => Object.keys(table))
      const untested = codes.filter(
        (code) => !texts.some(({ text }) => new RegExp(`\\b${code}\\b`).test(text)),
      )
      assert.deepEqual(untested, [])
    })
  }

  test('share no code', async () => {
    const codes = (await allTables()).flatMap(({ table }) => Object.keys(table))
    const repeated = codes.filter((code, index) => codes.indexOf(code) < index)
    assert.deepEqual(repeated, [])
  })

  test('are printed in docs/reference/errors.md as they are', async () => {
    const page = printErrors(await allTables())
    if (process.env['UPDATE'] === '1') writeFileSync(join(root, ERRORS_PAGE), page)
    const [written] = readFiles(ERRORS_PAGE)
    assert.equal(written?.text, page, 'run UPDATE=1 npm run tidy')
  })

  test('would be refused for each kind of fault', () => {
    const row = {
      retry: 'never',
      http: 400,
      ack: 'AE',
      safe: 'The store has no space left.',
      operator: 'Free some disk space.',
    } as const
    const table: ErrorTable = {
      STORE_GOOD: row,
      STORE_lower: row,
      HL7_STRAY: row,
      STORE_HTTP: { ...row, http: 200 },
      STORE_SHORT: { ...row, safe: 'full' },
      STORE_IDLE: { ...row, operator: '' },
    }
    const errors = { room: 'vault', table, error: () => assert.fail() }
    assert.deepEqual(faultsOf('store', errors), [
      'the table of store says it is of vault',
      'STORE_lower is not UPPER_SNAKE',
      'HL7_STRAY does not start with STORE_',
      'STORE_HTTP: http 200',
      'STORE_SHORT: "full" is no full sentence',
      'STORE_IDLE: "" is no full sentence',
    ])
  })
})
