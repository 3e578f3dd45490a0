/**
 * The audit log as a hash chain: each hash covers the one before and the entry's own bytes, so
 * that a changed, missing, moved or inserted entry breaks every later hash.
 */
import { createHash } from 'node:crypto'
import type { AuditRow, NewAudit } from './contract.ts'

/** The hash before the first entry. */
export const CHAIN_START: Uint8Array = new Uint8Array(32)

/** Canonical bytes of an entry: fixed member order, no white space. */
export function auditBody(entry: NewAudit): string {
  const { atMs, actor, action, outcome, purpose, subjects, note } = entry
  return JSON.stringify({
    v: 1,
    atMs,
    actor: { kind: actor.kind, id: actor.id, name: actor.name },
    action,
    outcome,
    purpose,
    subjects,
    ...(note === undefined ? {} : { note }),
  })
}

export function chainHash(previous: Uint8Array, seq: number, body: string): Uint8Array {
  return createHash('sha256').update(previous).update(`${seq}\n`).update(body).digest()
}

/** The columns by which an entry is found. They repeat what the body says, so both must agree. */
export const auditColumns = (entry: NewAudit) => ({
  atMs: entry.atMs,
  action: entry.action,
  subject: entry.subjects[0] ?? '',
})

/** A stored body back as an entry. Its bytes were written by auditBody and checked by the chain. */
export function readAuditBody(seq: number, body: string, hash: Uint8Array): AuditRow {
  const { v: _version, ...entry } = JSON.parse(body) as NewAudit & { readonly v: number }
  return { ...entry, seq, hash: Buffer.from(hash).toString('hex') }
}
