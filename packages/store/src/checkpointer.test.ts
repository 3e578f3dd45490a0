import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { promisify } from 'node:util'
import { virtualClock } from '@almoner/core'
import { startCheckpointer } from './checkpointer.ts'
import { openSqliteFile } from './sqlite-file.ts'

test('folds what was written into the database file while the writer keeps it open', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'almoner-checkpoint-'))
  const file = join(folder, 'almoner.db')
  const database = openSqliteFile(file, 'write')
  const clock = virtualClock(0)
  const failures: unknown[] = []
  const checkpointer = startCheckpointer(file, (error) => void failures.push(error), clock)
  t.after(async () => {
    await checkpointer.close()
    database.close()
    rmSync(folder, { recursive: true })
  })
  for (const [table, sizeBytes] of [
    ['a', 100_000],
    ['b', 200_000],
  ] as const) {
    database.exec(`create table ${table} (x); insert into ${table} values (zeroblob(100000))`)
    assert.ok(statSync(file).size < sizeBytes, 'it is in the log only')
    checkpointer.note()
    checkpointer.note()
    while (statSync(file).size < sizeBytes) {
      clock.advance(1_000)
      await setImmediate()
    }
  }
  assert.deepEqual(failures, [])
})

test('tells when it cannot reach the file, and closes all the same', async () => {
  const failed = Promise.withResolvers<unknown>()
  const checkpointer = startCheckpointer('/nowhere/almoner.db', failed.resolve)
  assert.match(String(await failed.promise), /unable to open/)
  checkpointer.note()
  await checkpointer.close()
  await checkpointer.close()
})

test('keeps a process alive that waits for it to close, and no other', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'almoner-checkpoint-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const run = async (text: string): Promise<string> => {
    const program = `
      import { startCheckpointer } from ${JSON.stringify(new URL('./checkpointer.ts', import.meta.url))}
      const checkpointer = startCheckpointer(${JSON.stringify(join(folder, 'a.db'))}, console.error)
      ${text}
      console.log('end')`
    const { stdout } = await promisify(execFile)(process.execPath, [
      '--input-type=module',
      '--eval',
      program,
    ])
    return stdout.trim()
  }
  assert.equal(await run('await checkpointer.close()'), 'end')
  assert.equal(await run(''), 'end')
})
