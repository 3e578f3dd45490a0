import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { seededPorts, silentLog, virtualClock } from '@almoner/core'
import type { Store } from './contract.ts'
import { DATABASE_FILE, openSqliteStore } from './sqlite-store.ts'
import type { DiskReport } from './testing/failing-disk.ts'
import { accept } from './testing/samples.ts'
import { START_MS, TENANT } from './testing/stores.ts'

const CHILD = fileURLToPath(new URL('./testing/failing-disk.ts', import.meta.url))
/** Blocks of 512 bytes: no file of the process may grow beyond. The signal for it is ignored. */
const UNDER_LIMIT = 'trap "" XFSZ; ulimit -f 4096; exec "$@"'

test('a disk that refuses a write stops the store, and nothing acknowledged is lost', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'almoner-disk-'))
  const stores: Store[] = []
  t.after(async () => {
    for (const store of stores) await store.close()
    rmSync(folder, { recursive: true })
  })
  const { stdout } = await promisify(execFile)('sh', [
    '-c',
    UNDER_LIMIT,
    'sh',
    process.execPath,
    CHILD,
    folder,
  ])
  // Printed by the child in this shape.
  const { acknowledged, codes, fatal } = JSON.parse(stdout) as DiskReport
  assert.ok(acknowledged.length > 10, `${acknowledged.length} fitted`)
  assert.deepEqual(fatal, ['STORE_UNWRITABLE'])
  // The group that met the failure fails as a whole; from then on the store is closed.
  const firstClosed = codes.indexOf('STORE_CLOSED')
  assert.ok(firstClosed > 0)
  assert.deepEqual([...new Set(codes.slice(0, firstClosed))], ['STORE_UNWRITABLE'])
  assert.deepEqual([...new Set(codes.slice(firstClosed))], ['STORE_CLOSED'])

  const ports = seededPorts(4, virtualClock(START_MS))
  const store = openSqliteStore({ folder, tenant: TENANT, ports, log: silentLog })
  stores.push(store)
  const entries = await store.nextMessages('received', 0, acknowledged.length + 100)
  assert.deepEqual(
    entries.map((entry) => entry.id),
    acknowledged,
  )
  assert.deepEqual((await store.verifyAudit()).broken, undefined)
  await accept(store, { id: 'after the repair' })
  await store.close()
  const check = new DatabaseSync(join(folder, DATABASE_FILE), { readOnly: true })
  assert.equal(check.prepare('pragma integrity_check').get()?.['integrity_check'], 'ok')
  check.close()
})
