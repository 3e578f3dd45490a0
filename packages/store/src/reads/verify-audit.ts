/** The audit log checked against its own chain and its sealed end. */

import { auditColumns, CHAIN_START, chainHash, readAuditBody } from '../audit-chain.ts'
import { readAuditHead } from '../audit-head.ts'
import type { AuditVerdict } from '../contract.ts'
import { statement } from '../statement.ts'
import type { ReadContext } from './journal.ts'

type EntryRow = {
  seq: number
  at_ms: number
  action: string
  subject: string
  body: string
  hash: Uint8Array
}

const entriesUpTo = statement<
  { tenant: number; afterSeq: number; lastSeq: number; countMax: number },
  EntryRow
>((db, arg) =>
  db
    .selectFrom('audit')
    .select(['seq', 'at_ms', 'action', 'subject', 'body', 'hash'])
    .where('tenant', '=', arg('tenant'))
    .where('seq', '>', arg('afterSeq'))
    .where('seq', '<=', arg('lastSeq'))
    .orderBy('seq')
    .limit(arg('countMax')),
)

/** One statement, so that an entry and the head that counts it are seen together or not at all. */
const firstBeyondHead = statement<{ tenant: number }, { seq: number }>((db, arg) =>
  db
    .selectFrom('audit')
    .innerJoin('audit_head', 'audit_head.tenant', 'audit.tenant')
    .select('audit.seq')
    .where('audit.tenant', '=', arg('tenant'))
    .whereRef('audit.seq', '>', 'audit_head.entries')
    .orderBy('audit.seq')
    .limit(1),
)

const PAGE = 2_000

/**
 * Walks the chain in pages up to the head that stood when it began: what is written meanwhile is
 * for the next time. Time is O(entries); memory is one page.
 */
export async function verifyAudit(context: ReadContext): Promise<AuditVerdict> {
  const { session, tenant } = context
  const head = await readAuditHead(context)
  let seq = 0
  let hash = CHAIN_START
  const verdict = (why?: string, at = seq + 1): AuditVerdict => ({
    entries: seq,
    head: Buffer.from(hash).toString('hex'),
    broken: why === undefined ? undefined : { seq: at, why },
  })
  while (seq < head.entries) {
    const range = { afterSeq: seq, lastSeq: head.entries, countMax: PAGE }
    const rows = await session.all(entriesUpTo, { tenant, ...range })
    for (const row of rows) {
      if (row.seq !== seq + 1) return verdict(`entry ${seq + 1} is missing`)
      const fault = faultOf(row, hash)
      if (fault !== undefined) return verdict(fault)
      seq = row.seq
      hash = row.hash
    }
    if (rows.length < PAGE && seq < head.entries) {
      return verdict(`${head.entries - seq} entries are missing`)
    }
    // Lets other work of this thread run between pages.
    await new Promise<void>((resolve) => setImmediate(resolve))
  }
  const isEnd = head.isGenuine && Buffer.compare(head.hash, hash) === 0
  if (!isEnd) return verdict('the end of the log is not the one that was sealed', seq)
  const beyond = await session.first(firstBeyondHead, { tenant })
  return beyond === undefined ? verdict() : verdict('it was added after the end', beyond.seq)
}

function faultOf(row: EntryRow, previous: Uint8Array): string | undefined {
  if (Buffer.compare(chainHash(previous, row.seq, row.body), row.hash) !== 0) {
    return 'its hash does not follow from the entry before'
  }
  const { atMs, action, subject } = auditColumns(readAuditBody(row.seq, row.body, row.hash))
  const isAsSaid = atMs === row.at_ms && action === row.action && subject === row.subject
  return isAsSaid ? undefined : 'its columns do not say what its body says'
}
