import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chainHash } from '../audit-chain.ts'
import type { NewAudit } from '../contract.ts'
import { accept, NURSE } from '../testing/samples.ts'
import { type OpenedStore, onEveryStore, START_MS } from '../testing/stores.ts'

const ENTRIES = 6

const entryOf = (at: number): NewAudit => ({
  atMs: START_MS + at,
  actor: NURSE,
  action: 'message.read',
  outcome: 'success',
  purpose: 'direct-care',
  subjects: [`message-${at}`],
  note: at % 2 === 0 ? undefined : `note ${at}`,
})

/** A body with another reason, as someone would write who hides what they did. */
const otherBody = (body: unknown): string =>
  String(body).replace('direct-care', 'research').replace('A. Nurse', 'B. Clerk')

/** Every hash from an entry on, computed anew: the chain has no key, so anyone can do that. */
function rechain({ sql }: OpenedStore, fromSeq: number): void {
  for (const row of sql('select seq, body from audit where seq >= ? order by seq', fromSeq)) {
    const seq = Number(row['seq'])
    const [before] = sql('select hash from audit where seq = ?', seq - 1)
    // The hash column holds bytes; before the first entry there are 32 of zero.
    const previous = (before?.['hash'] ?? new Uint8Array(32)) as Uint8Array
    const hash = chainHash(previous, seq, String(row['body']))
    sql('update audit set hash = ? where seq = ?', hash, seq)
  }
}

/** Makes the head say what the last entry says. Its seal cannot be made without the keyring. */
function moveHead({ sql }: OpenedStore): void {
  const [last] = sql('select seq, hash from audit order by seq desc limit 1')
  sql(
    'update audit_head set entries = ?, hash = ?',
    Number(last?.['seq'] ?? 0),
    (last?.['hash'] ?? new Uint8Array(32)) as Uint8Array,
  )
}

/** Ways to tamper with the log by SQL, and where that shows. */
const TAMPERINGS: readonly (readonly [
  what: string,
  tamper: (opened: OpenedStore) => unknown,
  brokenSeq: number,
])[] = [
  [
    'changes what an entry says',
    ({ sql }) => {
      const [row] = sql('select body from audit where seq = 3')
      sql('update audit set body = ? where seq = 3', otherBody(row?.['body']))
    },
    3,
  ],
  ['changes a hash', ({ sql }) => sql('update audit set hash = zeroblob(32) where seq = 4'), 4],
  ['deletes the first entry', ({ sql }) => sql('delete from audit where seq = 1'), 1],
  ['deletes an entry in the middle', ({ sql }) => sql('delete from audit where seq = 3'), 3],
  ['deletes the last entry', ({ sql }) => sql('delete from audit where seq = 6'), 6],
  ['deletes the last three', ({ sql }) => sql('delete from audit where seq > 3'), 4],
  ['deletes all', ({ sql }) => sql('delete from audit'), 1],
  [
    'deletes an entry and closes the gap',
    ({ sql }) => {
      sql('delete from audit where seq = 3')
      for (const seq of [4, 5, 6]) sql('update audit set seq = ? where seq = ?', seq - 1, seq)
    },
    3,
  ],
  [
    'swaps two entries',
    ({ sql }) => {
      sql('update audit set seq = 99 where seq = 2')
      sql('update audit set seq = 2 where seq = 3')
      sql('update audit set seq = 3 where seq = 99')
    },
    2,
  ],
  [
    'swaps what two entries say',
    ({ sql }) => {
      const rows = sql('select seq, body from audit where seq in (2, 4) order by seq')
      sql('update audit set body = ? where seq = 2', String(rows[1]?.['body']))
      sql('update audit set body = ? where seq = 4', String(rows[0]?.['body']))
    },
    2,
  ],
  [
    'hides an entry from the trail of its subject',
    ({ sql }) => sql("update audit set subject = 'other' where seq = 5"),
    5,
  ],
  ['moves an entry in time', ({ sql }) => sql('update audit set at_ms = 1 where seq = 5'), 5],
  [
    'renames an action',
    ({ sql }) => sql("update audit set action = 'message.list' where seq = 5"),
    5,
  ],
  [
    'changes an entry and rewrites every hash after it',
    (opened) => {
      const [row] = opened.sql('select body from audit where seq = 3')
      opened.sql('update audit set body = ? where seq = 3', otherBody(row?.['body']))
      rechain(opened, 3)
    },
    6,
  ],
  [
    'changes an entry, rewrites every hash and the end',
    (opened) => {
      const [row] = opened.sql('select body from audit where seq = 3')
      opened.sql('update audit set body = ? where seq = 3', otherBody(row?.['body']))
      rechain(opened, 3)
      moveHead(opened)
    },
    6,
  ],
  [
    'deletes the last entry and moves the end',
    (opened) => {
      opened.sql('delete from audit where seq = 6')
      moveHead(opened)
    },
    5,
  ],
  [
    'deletes all and moves the end to the start',
    (opened) => {
      opened.sql('delete from audit')
      moveHead(opened)
    },
    0,
  ],
  ['deletes the end', ({ sql }) => sql('delete from audit_head'), 0],
  [
    'adds an entry that fits the chain',
    ({ sql }) => {
      const [last] = sql('select hash, body from audit where seq = 6')
      const body = otherBody(last?.['body'])
      const hash = chainHash(last?.['hash'] as Uint8Array, 7, body)
      sql(
        `insert into audit (seq, tenant, at_ms, action, subject, body, hash)
          select 7, tenant, at_ms, action, subject, ?, ? from audit where seq = 6`,
        body,
        hash,
      )
    },
    7,
  ],
  [
    'adds an entry that fits the chain and moves the end',
    (opened) => {
      opened.sql(
        `insert into audit (seq, tenant, at_ms, action, subject, body, hash)
          select 7, tenant, at_ms, action, subject, body, hash from audit where seq = 6`,
      )
      rechain(opened, 7)
      moveHead(opened)
    },
    7,
  ],
]

onEveryStore('verifyAudit', ({ open, shared }) => {
  test('finds nothing wrong with an empty log', async () => {
    const { store } = await open()
    assert.deepEqual(await store.verifyAudit(), {
      entries: 0,
      head: '00'.repeat(32),
      broken: undefined,
    })
  })

  test('counts the entries and gives the head, before and after a restart', async () => {
    const opened = await open()
    for (let at = 1; at <= ENTRIES; at += 1) {
      await opened.store.write('appendAudit', [entryOf(at)])
    }
    const [last] = opened.sql('select hash from audit where seq = 6')
    const verdict = {
      entries: ENTRIES,
      head: Buffer.from(last?.['hash'] as Uint8Array).toString('hex'),
      broken: undefined,
    }
    assert.deepEqual(await opened.store.verifyAudit(), verdict)
    await opened.reopen()
    assert.deepEqual(await opened.store.verifyAudit(), verdict)
    await opened.store.write('appendAudit', [entryOf(7)])
    assert.equal((await opened.store.verifyAudit()).broken, undefined)
  })

  test('finds nothing wrong while entries are being written', async () => {
    const { store } = await open()
    const many = Array.from({ length: 2_500 }, (_, at) => entryOf(at))
    await store.write('appendAudit', many)
    let isWriting = true
    const writing = (async () => {
      for (let at = 0; at < 40; at += 1) await store.write('appendAudit', many.slice(0, 20))
      isWriting = false
    })()
    let verified = 0
    while (isWriting) {
      const verdict = await store.verifyAudit()
      assert.equal(verdict.broken, undefined)
      verified += 1
    }
    await writing
    assert.ok(verified > 0)
    assert.equal((await store.verifyAudit()).entries, 2_500 + 40 * 20)
  })

  for (const [what, tamper, brokenSeq] of TAMPERINGS) {
    test(`finds who ${what}`, async () => {
      const opened = await shared()
      const { store, sql } = opened
      if ((await store.counts()).auditEntries === 0) {
        await store.write(
          'appendAudit',
          Array.from({ length: ENTRIES }, (_, at) => entryOf(at + 1)),
        )
      }
      const [log, head] = [sql('select * from audit'), sql('select * from audit_head')]
      tamper(opened)
      try {
        const verdict = await store.verifyAudit()
        assert.equal(verdict.broken?.seq, brokenSeq, `${verdict.broken?.why}`)
        assert.match(verdict.broken?.why ?? '', /^[a-z0-9 ]+$/)
      } finally {
        // As it was, for the next.
        restore(opened, 'audit', log)
        restore(opened, 'audit_head', head)
      }
      assert.deepEqual((await store.verifyAudit()).broken, undefined)
    })
  }

  test('is not healed by what is written after the end was forged: the store stops', async () => {
    const opened = await open()
    await opened.store.write('appendAudit', [entryOf(1), entryOf(2)])
    opened.sql('delete from audit where seq = 2')
    moveHead(opened)
    await assert.rejects(opened.store.write('appendAudit', [entryOf(3)]), { code: 'STORE_BROKEN' })
    await assert.rejects(accept(opened.store), { code: 'STORE_CLOSED' })
    assert.equal(opened.fatal.length, 1)
    await opened.reopen()
    assert.match((await opened.store.verifyAudit()).broken?.why ?? '', /sealed/)
    await assert.rejects(accept(opened.store), { code: 'STORE_BROKEN' })
  })
})

function restore({ sql }: OpenedStore, table: string, rows: ReturnType<OpenedStore['sql']>): void {
  sql(`delete from ${table}`)
  for (const row of rows) {
    const names = Object.keys(row)
    const slots = names.map(() => '?').join(', ')
    // What the database gave is what it takes.
    const values = Object.values(row) as (string | number | Uint8Array)[]
    sql(`insert into ${table} (${names.join(', ')}) values (${slots})`, ...values)
  }
}
