/**
 * The unit of work that commands run in: the session of the open transaction, the vault, and what
 * is gathered over a group of units and written once at its end (audit chain, counters).
 */
import type { Vault } from '@almoner/vault'
import { auditBody, auditColumns, chainHash } from './audit-chain.ts'
import { moveAuditHead, requireAuditHead } from './audit-head.ts'
import type { NewAudit } from './contract.ts'
import type { DraftMemory } from './draft-memory.ts'
import type { ResourceCache } from './resource-cache.ts'
import type { Session } from './session.ts'
import { statement } from './statement.ts'

export type UnitParts = {
  readonly session: Session
  readonly vault: Vault
  readonly tenant: number
  readonly cache: ResourceCache
}

export type Unit = UnitParts & {
  readonly memory: DraftMemory
  readonly audit: (entry: NewAudit) => void
  /** Adds to a named counter. */
  readonly count: (name: string, by: number) => void
}

export type UnitGroup = {
  /** A unit for one command. What it gathers is written only if it is kept. */
  readonly start: () => { readonly unit: Unit; readonly keep: () => void }
  /** Writes what the kept units gathered; must run in their transaction, before its commit. */
  readonly finish: () => Promise<void>
}

const insertAudit = statement<{
  seq: number
  tenant: number
  atMs: number
  action: string
  subject: string
  body: string
  hash: Uint8Array
}>((db, arg) =>
  db.insertInto('audit').values({
    seq: arg('seq'),
    tenant: arg('tenant'),
    at_ms: arg('atMs'),
    action: arg('action'),
    subject: arg('subject'),
    body: arg('body'),
    hash: arg('hash'),
  }),
)

const addToCounter = statement<{ tenant: number; name: string; value: number }>((db, arg) =>
  db
    .insertInto('counter')
    .values({ tenant: arg('tenant'), name: arg('name'), value: arg('value') })
    .onConflict((conflict) =>
      conflict
        .columns(['tenant', 'name'])
        .doUpdateSet((eb) => ({ value: eb('counter.value', '+', eb.ref('excluded.value')) })),
    ),
)

/** Starts the gathering for one transaction. */
export function openGroup(parts: UnitParts & Pick<Unit, 'memory'>): UnitGroup {
  const entries: NewAudit[] = []
  const counters = new Map<string, number>()
  const count = (name: string, by: number): void =>
    void counters.set(name, (counters.get(name) ?? 0) + by)

  return {
    start: () => {
      const ownEntries: NewAudit[] = []
      const ownCounts: (readonly [name: string, by: number])[] = []
      const unit: Unit = {
        ...parts,
        audit: (entry) => void ownEntries.push(entry),
        count: (name, by) => void ownCounts.push([name, by]),
      }
      const keep = (): void => {
        entries.push(...ownEntries)
        for (const [name, by] of ownCounts) count(name, by)
      }
      return { unit, keep }
    },
    finish: async () => {
      if (entries.length > 0) await writeAudit(parts, entries)
      const { session, tenant } = parts
      for (const [name, value] of counters) {
        if (value !== 0) await session.run(addToCounter, { tenant, name, value })
      }
    },
  }
}

/** @throws STORE_BROKEN when the end of the log is not the one that was written last */
async function writeAudit(parts: UnitParts, entries: readonly NewAudit[]): Promise<void> {
  const { session, tenant } = parts
  const head = await requireAuditHead(parts)
  let { entries: seq, hash } = head
  for (const entry of entries) {
    seq += 1
    const body = auditBody(entry)
    hash = chainHash(hash, seq, body)
    await session.run(insertAudit, { seq, tenant, ...auditColumns(entry), body, hash })
  }
  await moveAuditHead(parts, { entries: seq, hash })
}
