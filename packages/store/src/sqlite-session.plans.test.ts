import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DatabaseSync, SQLInputValue } from 'node:sqlite'
import { after, before, describe, test } from 'node:test'
import { seededPorts, virtualClock } from '@almoner/core'
import { createVault, openKeyring } from '@almoner/vault'
import { createGroupCommit, type Work } from './group-commit.ts'
import { migrateSqlite } from './migrate.ts'
import { readCounts } from './reads/figures.ts'
import { nextDeliveries, nextMessages, type ReadContext } from './reads/journal.ts'
import { listMessages, readMessage } from './reads/messages.ts'
import { readResource, readVersion, searchResources } from './reads/resources.ts'
import { verifyAudit } from './reads/verify-audit.ts'
import { createResourceCache } from './resource-cache.ts'
import { openSqliteFile } from './sqlite-file.ts'
import { sqliteSession } from './sqlite-session.ts'
import { openSqliteTenant } from './sqlite-tenant.ts'
import {
  bytesOf,
  commitOf,
  mergeDrafts,
  NURSE,
  newDelivery,
  newMessage,
  patientDraft,
  set,
  visitDraft,
} from './testing/samples.ts'
import { START_MS } from './testing/stores.ts'

type Ran = { readonly sql: string; readonly values: readonly SQLInputValue[] }

const folder = mkdtempSync(join(tmpdir(), 'almoner-plans-'))
const ran = new Map<string, Ran>()
let database: DatabaseSync
let context: ReadContext

after(() => {
  database.close()
  rmSync(folder, { recursive: true })
})

/** Notes each statement that is run, with the values it is first run with. */
function listen(): void {
  const prepare = database.prepare.bind(database)
  database.prepare = (sql) => {
    const prepared = prepare(sql)
    for (const name of ['run', 'get', 'all'] as const) {
      const call = prepared[name].bind(prepared) as (...values: SQLInputValue[]) => unknown
      Object.defineProperty(prepared, name, {
        value: (...values: SQLInputValue[]) => {
          if (!ran.has(sql)) ran.set(sql, { sql, values })
          return call(...values)
        },
      })
    }
    return prepared
  }
}

/** Does everything once that a store does all day. */
before(async () => {
  const file = join(folder, 'almoner.db')
  const made = openSqliteFile(file, 'write')
  migrateSqlite(made, START_MS)
  made.close()
  database = openSqliteFile(file, 'write')
  const { random } = seededPorts(1, virtualClock(START_MS))
  const keyring = openKeyring(join(folder, 'keyring.json'), { random, create: true })
  const vault = createVault(keyring, { random })
  const tenant = openSqliteTenant(database, vault, 'RXX')
  listen()
  const session = sqliteSession(database)
  const cache = createResourceCache(1_000_000)
  const run = createGroupCommit(database, { session, vault, tenant, cache })
  context = { session, vault, tenant }

  const messages = Array.from({ length: 8 }, () => newMessage())
  const repeat = { ...messages[0]!, id: 'repeat' }
  const other = { ...repeat, body: bytesOf('other') }
  await run([...messages, repeat, other].map((args): Work => ({ name: 'acceptMessage', args })))
  const numbered = messages.map(({ id }, at) => ({ id, seq: at + 1 }))
  const [one, two, three, four] = numbered
  const slots = [set('gender', 'female')]
  const deliveries = [newDelivery(), newDelivery({ payload: bytesOf('made') })]
  const person = { by: NURSE, why: 'a reason', atMs: START_MS }
  const failure = {
    route: 'pas-adt',
    atMs: START_MS,
    state: 'held',
    patientKeys: ['key'],
    code: 'X',
    where: undefined,
    detail: 'why',
  }
  const turn = (seq: number): Work => ({
    name: 'turnDelivery',
    args: {
      settle: {
        seq,
        id: deliveries[0]!.id,
        messageId: one!.id,
        attempt: 1,
        state: 'held',
        atMs: 1,
        dueAtMs: 1,
        maybeSent: true,
        reply: bytesOf('AE'),
      },
      claim: { seq, atMs: START_MS },
    },
  })
  const works: readonly (readonly [name: Work['name'], args: unknown])[] = [
    [
      'commitMessage',
      commitOf(one!, {
        drafts: [patientDraft({ mrn: 'M1' }), visitDraft('V1')],
        deliveries,
        newIds: ['p1', 'v1'],
      }),
    ],
    [
      'commitMessage',
      commitOf(two!, {
        drafts: [patientDraft({ mrn: 'M1', nhsNumber: '9', slots })],
        patientKeys: ['key'],
      }),
    ],
    ['commitMessage', commitOf(three!, { drafts: mergeDrafts('M2', 'M1') })],
    ['undoMerge', { patientId: 'p1', ...person }],
    ['failMessage', { ...four, ...failure }],
    ['releaseMessage', { id: four!.id, decision: 'retry', ...person }],
    ['releaseMessage', { id: four!.id, decision: 'dismiss', ...person }],
    ['releaseDelivery', { id: deliveries[0]!.id, decision: 'retry', ...person }],
    ['releaseDelivery', { id: deliveries[0]!.id, decision: 'dismiss', ...person }],
    [
      'grantAccess',
      {
        access: { id: 'a', kind: 'link', actor: NURSE, scopes: [], expiresAtMs: 1 },
        secret: 's',
        by: NURSE,
        atMs: 0,
      },
    ],
    ['redeemLink', { secret: 's', atMs: 0 }],
    ['endAccess', { id: 'a', by: NURSE, atMs: 0 }],
    ['sweep', { atMs: 0, repeatsBeforeMs: 0 }],
  ]
  for (const [name, args] of works) await run([{ name, args }])
  await run([turn(1)])
  await run([turn(1)])

  await nextMessages(context, 'received', 0, 10)
  await nextDeliveries(context, 'lab', 0, 10)
  await readCounts(context)
  await verifyAudit(context)
  await readMessage(context, one!.id)
  await readResource(context, 'Patient', 'p1')
  await readVersion(context, 'Patient', 'p1', 1)
  const page = { countMax: 10 }
  for (const filter of [
    { state: 'held' },
    { controlId: 'C1' },
    { patient: 'M1' },
    { delivery: 'held' },
    { delivery: 'dead' },
    { delivery: 'waiting' },
    { delivery: 'sending' },
  ] as const) {
    await listMessages(context, filter, page)
  }
  await searchResources(context, { type: 'Patient', identifier: [[{ value: 'M1' }]], ...page })
  await searchResources(context, { type: 'Encounter', patient: ['p1'], afterId: 'a', ...page })
  await searchResources(context, { type: 'Encounter', id: ['v1'], ...page })
})

/** How SQLite would run a statement, step by step. */
const planOf = ({ sql, values }: Ran): readonly string[] =>
  database
    .prepare(`explain query plan ${sql}`)
    .all(...values)
    .map((row) => String(row['detail']))

/** Reads every row of a table, or every row of a tenant, which is mostly the same. */
const isWhole = (step: string): boolean => /^SCAN|\(tenant=\?\)/.test(step)

/** Small tables, and an index that holds only what is not finished. */
const SMALL = /^(SEARCH|SCAN) (counter|access|outbox USING INDEX outbox_unfinished)\b/

describe('every statement of a store', () => {
  test('finds its rows by an index: none reads a whole table', () => {
    const statements = [...ran.values()].filter(({ sql }) =>
      /^(select|insert|update|delete)/.test(sql),
    )
    assert.ok(statements.length > 45, `${statements.length} statements ran`)
    const slow = statements.flatMap((one) =>
      planOf(one).flatMap((step) =>
        isWhole(step) && !SMALL.test(step) ? [`${step}: ${one.sql}`] : [],
      ),
    )
    assert.deepEqual(slow, [])
  })

  for (const filter of [
    {},
    { source: 'pas' },
    { messageType: 'ADT^A01' },
    { delivery: 'delivered' },
  ] as const) {
    test(`goes from the newest message on for ${JSON.stringify(filter)}, and sorts nothing`, async () => {
      ran.clear()
      await listMessages(context, filter, { countMax: 2 })
      const [list] = [...ran.values()]
      const plan = planOf(list!)
      assert.equal(plan[0], 'SEARCH journal USING INTEGER PRIMARY KEY (rowid<?)')
      assert.doesNotMatch(plan.join(), /TEMP B-TREE/)
    })
  }
})
