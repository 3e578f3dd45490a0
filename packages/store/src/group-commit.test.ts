import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, describe, test } from 'node:test'
import { seededPorts, virtualClock } from '@almoner/core'
import { createVault, openKeyring } from '@almoner/vault'
import type { CommandName } from './commands/all.ts'
import type { AcceptResult, CommitResult } from './contract.ts'
import { createGroupCommit, type Done, type GroupCommit, type Work } from './group-commit.ts'
import { migrateSqlite } from './migrate.ts'
import { createResourceCache } from './resource-cache.ts'
import { openSqliteFile } from './sqlite-file.ts'
import { sqliteSession } from './sqlite-session.ts'
import { openSqliteTenant } from './sqlite-tenant.ts'
import {
  type Accepted,
  commitOf,
  draftOf,
  MRN,
  newDelivery,
  newMessage,
  patientDraft,
  set,
} from './testing/samples.ts'
import { START_MS } from './testing/stores.ts'

type Opened = {
  readonly database: DatabaseSync
  readonly file: string
  readonly run: GroupCommit
  /** A writer of another process on the same file. */
  readonly runElsewhere: GroupCommit
}

const ends: (() => void)[] = []
afterEach(() => {
  for (const end of ends.splice(0)) end()
})

/** A group commit on this thread, over a database of its own. */
function open(pagesMax?: number): Opened {
  const folder = mkdtempSync(join(tmpdir(), 'almoner-group-'))
  const file = join(folder, 'almoner.db')
  const { random } = seededPorts(1, virtualClock(START_MS))
  const keyring = openKeyring(join(folder, 'keyring.json'), { random, create: true })
  const vault = createVault(keyring, { random })
  const database = openSqliteFile(file, 'write', pagesMax)
  migrateSqlite(database, START_MS)
  const tenant = openSqliteTenant(database, vault, 'RXX')
  const other = openSqliteFile(file, 'write')
  const commitOn = (connection: DatabaseSync): GroupCommit => {
    const cache = createResourceCache(1_000_000)
    const parts = { session: sqliteSession(connection), vault, tenant, cache }
    return createGroupCommit(connection, parts)
  }
  ends.push(() => {
    other.close()
    database.close()
    rmSync(folder, { recursive: true })
  })
  return { database, file, run: commitOn(database), runElsewhere: commitOn(other) }
}

const acceptWork = (given: Parameters<typeof newMessage>[0] = {}): Work => ({
  name: 'acceptMessage',
  args: newMessage(given),
})

const commitWork = (message: Accepted, ...drafts: Parameters<typeof patientDraft>[0][]): Work => ({
  name: 'commitMessage',
  args: commitOf(message, { drafts: drafts.map(patientDraft) }),
})

function resultOf<Value>(done: Done | undefined): Value {
  assert(done !== undefined && 'value' in done, 'it has a result')
  // The caller names what the command of this place returns.
  return done.value as Value
}

/** `done`, or the code or name of what went wrong. */
function endOf(done: Done): string {
  if ('value' in done) return 'done'
  const { error } = done
  assert(error instanceof Error)
  return 'code' in error ? String(error.code) : error.name
}

async function accepted({ run }: Opened, count: number): Promise<readonly Accepted[]> {
  const messages = Array.from({ length: count }, () => newMessage())
  const done = await run(messages.map((args) => ({ name: 'acceptMessage', args })))
  return done.map((one, at) => {
    const result = resultOf<AcceptResult>(one)
    assert(result.kind === 'accepted')
    return { seq: result.seq, id: messages[at]!.id }
  })
}

const rowsIn = ({ database }: Opened, table: string): number =>
  Number(database.prepare(`select count(*) as n from ${table}`).get()?.['n'])

describe('a group of units', () => {
  test('gives its results in order', async () => {
    const opened = open()
    const messages = await accepted(opened, 5)
    assert.deepEqual(
      messages.map((one) => one.seq),
      [1, 2, 3, 4, 5],
    )
    assert.deepEqual(await opened.run([]), [])
  })

  test('is durable as a whole before any result is given', async () => {
    const opened = open()
    await accepted(opened, 3)
    // Another connection sees only what is committed.
    const other = new DatabaseSync(opened.file, { readOnly: true })
    assert.equal(other.prepare('select count(*) as n from journal').get()?.['n'], 3)
    other.close()
  })

  test('keeps what its good units did when others fail', async () => {
    const opened = open()
    const [one, two, three, four, five, six] = await accepted(opened, 6)
    const made = await opened.run([
      commitWork(one!, { mrn: 'M1' }),
      commitWork(two!, { mrn: 'M2' }),
    ])
    const [first] = resultOf<CommitResult>(made[0]).resources
    const both = draftOf('Patient', {
      own: [
        [MRN, 'M1'],
        [MRN, 'M2'],
      ],
    })
    const ambiguous: Work = { name: 'commitMessage', args: commitOf(four!, { drafts: [both] }) }
    const slots = [set('gender', 'female')]
    const before = rowsIn(opened, 'audit')
    const done = await opened.run([
      commitWork(three!, { mrn: 'M1', slots }),
      ambiguous,
      acceptWork(),
      // It fails after it wrote: the patient is found, then the second draft contradicts.
      commitWork(
        five!,
        { mrn: 'M3' },
        { nhsNumber: '9', birthDate: '1970' },
        { nhsNumber: '9', birthDate: '1980' },
      ),
      commitWork(six!, { mrn: 'M1', slots: [set('birthDate', '1970-01-01')] }),
    ])
    assert.deepEqual(done.map(endOf), [
      'done',
      'STORE_IDENTITY_AMBIGUOUS',
      'done',
      'STORE_IDENTITY_CONFLICT',
      'done',
    ])
    // The neighbours built on each other as if the failed ones had never been.
    const [updated] = resultOf<CommitResult>(done[0]).resources
    const [again] = resultOf<CommitResult>(done[4]).resources
    assert.deepEqual(
      [updated?.id, updated?.version, again?.id, again?.version],
      [first?.id, 2, first?.id, 3],
    )
    assert.equal(rowsIn(opened, 'resource'), 2)
    assert.equal(rowsIn(opened, 'audit'), before + 3)
    const counters = opened.database.prepare(
      "select value from counter where name = 'message.done'",
    )
    assert.equal(counters.get()?.['value'], 4)
  })

  test('goes on when a unit has a bug, and gives that bug to its caller', async () => {
    const opened = open()
    // No caller can write this: the types forbid it.
    const unknown = { name: 'nothing' as CommandName, args: {} }
    const done = await opened.run([acceptWork(), unknown, acceptWork()])
    assert.deepEqual(done.map(endOf), ['done', 'TypeError', 'done'])
    assert.equal(rowsIn(opened, 'journal'), 2)
  })

  test('does not take back what was there when a unit that changed it fails', async () => {
    const opened = open()
    const [one, two, three] = await accepted(opened, 3)
    const slots = (gender: string) => [set('gender', gender)]
    await opened.run([commitWork(one!, { mrn: 'M1', slots: slots('female') })])
    const failing = commitWork(
      two!,
      { mrn: 'M1', slots: slots('male') },
      { ifUnidentified: 'hold' },
    )
    assert.deepEqual((await opened.run([failing])).map(endOf), ['STORE_IDENTITY_MISSING'])
    // Neither the database nor what the writer remembers of it knows of the change.
    const [done] = await opened.run([commitWork(three!, { mrn: 'M1', slots: slots('female') })])
    const [patient] = resultOf<CommitResult>(done).resources
    assert.deepEqual([patient?.change, patient?.version], ['unchanged', 1])
  })
})

describe('what the writer remembers', () => {
  const NAMED = 'https://fhir.nhs.uk/Id/ods-organization-code'
  const organisation = (name: string) =>
    draftOf('Organization', { own: [[NAMED, 'RXX']], slots: [set('name', name)] })
  const work = (message: Accepted, given: Parameters<typeof commitOf>[1]): Work => ({
    name: 'commitMessage',
    args: commitOf(message, given),
  })
  const endsIn = (done: Done | undefined): string =>
    resultOf<CommitResult>(done)
      .resources.map((one) => `${one.change} ${one.version}`)
      .join()

  test('is not what a failed group would have made', async () => {
    const opened = open()
    const [one, two, three, four] = await accepted(opened, 4)
    await opened.run([work(one!, { drafts: [organisation('Old name')] })])
    const failing = draftOf('Patient', { ifUnidentified: 'hold' })
    // The first changes the name, the second finds it changed; then the third fails.
    const done = await opened.run([
      work(two!, { drafts: [organisation('New name')] }),
      work(three!, { drafts: [organisation('New name')] }),
      work(four!, { drafts: [failing] }),
    ])
    assert.deepEqual([endsIn(done[0]), endsIn(done[1])], ['updated 2', 'unchanged 2'])
    assert.equal(endOf(done[2]!), 'STORE_IDENTITY_MISSING')
    assert.equal(rowsIn(opened, 'resource_history'), 1)
  })

  test('is not what a failed unit would have made, when another process made it otherwise', async () => {
    const opened = open()
    const [one, two, three, four] = await accepted(opened, 4)
    const slots = (gender: string) => [set('gender', gender)]
    await opened.run([commitWork(one!, { mrn: 'M1', slots: slots('unknown') })])
    // It fails after the patient was written: no two deliveries have one id.
    const delivery = newDelivery()
    const drafts = [patientDraft({ mrn: 'M1', slots: slots('male') })]
    const failing = work(two!, { drafts, deliveries: [delivery, delivery] })
    assert.deepEqual((await opened.run([failing])).map(endOf), ['ERR_SQLITE_ERROR'])
    const elsewhere = await opened.runElsewhere([
      commitWork(three!, { mrn: 'M1', slots: slots('female') }),
    ])
    assert.equal(endsIn(elsewhere[0]), 'updated 2')
    // Version 2 says female; the version 2 that failed said male.
    const [done] = await opened.run([commitWork(four!, { mrn: 'M1', slots: slots('male') })])
    assert.equal(endsIn(done), 'updated 3')
  })

  test('is forgotten when another process changes the directory', async () => {
    const opened = open()
    const [one, two, three, four] = await accepted(opened, 4)
    await opened.run([work(one!, { drafts: [organisation('A')] })])
    await opened.run([work(two!, { drafts: [organisation('A')] })])
    await opened.runElsewhere([work(three!, { drafts: [organisation('B')] })])
    const [done] = await opened.run([work(four!, { drafts: [organisation('A')] })])
    assert.equal(endsIn(done), 'updated 3')
  })
})

describe('a full disk', () => {
  test('refuses what does not fit, half of nothing, and keeps what does', async () => {
    const opened = open(200)
    const big = acceptWork({ body: new Uint8Array(1_000_000) })
    const done = await opened.run([acceptWork(), big, acceptWork()])
    assert.deepEqual(done.map(endOf), ['done', 'STORE_FULL', 'done'])
    for (const table of ['journal', 'journal_envelope', 'audit']) {
      assert.equal(rowsIn(opened, table), 2, table)
    }
    assert.deepEqual((await opened.run([big])).map(endOf), ['STORE_FULL'])
    // With space again, all is as if nothing had been.
    opened.database.exec('pragma max_page_count = 2000')
    assert.deepEqual((await opened.run([big, acceptWork()])).map(endOf), ['done', 'done'])
    assert.equal(rowsIn(opened, 'journal'), 4)
  })

  test('lets small units through until nothing fits any more', async () => {
    const opened = open(120)
    const ends: string[] = []
    while (ends.at(-1) !== 'STORE_FULL') {
      const group = Array.from({ length: 10 }, () => acceptWork({ body: new Uint8Array(2_000) }))
      ends.push(...(await opened.run(group)).map(endOf))
    }
    const kept = ends.filter((end) => end === 'done').length
    assert.ok(kept > 10)
    assert.deepEqual(
      ['journal', 'journal_envelope', 'audit'].map((table) => rowsIn(opened, table)),
      [kept, kept, kept],
    )
  })
})

describe('a store that cannot be written', () => {
  test('fails every unit of the group alike and tries none again', async () => {
    const opened = open()
    opened.database.exec('pragma query_only = on')
    const done = await opened.run([acceptWork(), acceptWork(), acceptWork()])
    assert.deepEqual(done.map(endOf), ['STORE_UNWRITABLE', 'STORE_UNWRITABLE', 'STORE_UNWRITABLE'])
    // Nor any later group, even if the disk seems well again: only a restart is safe.
    opened.database.exec('pragma query_only = off')
    assert.deepEqual((await opened.run([acceptWork()])).map(endOf), ['STORE_UNWRITABLE'])
    assert.equal(rowsIn(opened, 'journal'), 0)
  })

  test('says that another program holds it', async () => {
    const opened = open()
    opened.database.exec('pragma busy_timeout = 0')
    const other = new DatabaseSync(opened.file)
    other.exec('begin immediate')
    assert.deepEqual((await opened.run([acceptWork()])).map(endOf), ['STORE_BUSY'])
    other.close()
    assert.deepEqual((await opened.run([acceptWork()])).map(endOf), ['done'])
  })
})
