/**
 * The unit of work that commands run in: the session of the open transaction, the vault, and what
 * is gathered over a group of units and written once at its end (audit chain, counters).
 */
import type { Vault } from '@almoner/vault'
import { auditBody, CHAIN_START, chainHash } from './audit-chain.ts'
import type { NewAudit } from './contract.ts'
import type { ResourceCache } from './resource-cache.ts'
import type { Session } from './session.ts'
import { statement } from './statement.ts'

export type Unit = {
  readonly session: Session
  readonly vault: Vault
  readonly tenant: number
  readonly cache: ResourceCache
  readonly audit: (entry: NewAudit) => void
  /** Adds to a named counter. */
  readonly count: (name: string, by: number) => void
}

export type UnitGroup = Unit & { readonly finish: () => Promise<void> }

const lastAudit = statement<{ tenant: number }, { seq: number; hash: Uint8Array }>((db, arg) =>
  db
    .selectFrom('audit')
    .select(['seq', 'hash'])
    .where('tenant', '=', arg('tenant'))
    .orderBy('seq', 'desc')
    .limit(1),
)

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

/** Starts the gathering for one transaction; `finish` must run in it, before its commit. */
export function openGroup(parts: Pick<Unit, 'session' | 'vault' | 'tenant' | 'cache'>): UnitGroup {
  const { session, tenant } = parts
  const entries: NewAudit[] = []
  const counters = new Map<string, number>()

  const writeAudit = async (): Promise<void> => {
    const last = await session.first(lastAudit, { tenant })
    let seq = last?.seq ?? 0
    let hash = last?.hash ?? CHAIN_START
    for (const entry of entries) {
      seq += 1
      const body = auditBody(entry)
      hash = chainHash(hash, seq, body)
      const { atMs, action } = entry
      const subject = entry.subjects[0] ?? ''
      await session.run(insertAudit, { seq, tenant, atMs, action, subject, body, hash })
    }
  }

  return {
    ...parts,
    audit: (entry) => void entries.push(entry),
    count: (name, by) => void counters.set(name, (counters.get(name) ?? 0) + by),
    finish: async () => {
      if (entries.length > 0) {
        await writeAudit()
        counters.set('audit', (counters.get('audit') ?? 0) + entries.length)
      }
      for (const [name, value] of counters) {
        if (value !== 0) await session.run(addToCounter, { tenant, name, value })
      }
    },
  }
}
