/**
 * The end of the audit chain, under a seal that needs the vault's key. The chain itself has no
 * key, so that anyone can verify it; whoever can write to the database could therefore rewrite it
 * whole. They cannot seal its end. What the seal cannot show is that the whole database was put
 * back to an earlier state: for that the head must be compared with one kept elsewhere.
 */
import type { Vault } from '@almoner/vault'
import { CHAIN_START } from './audit-chain.ts'
import { STORE_ERRORS } from './errors.ts'
import type { Session } from './session.ts'
import { statement } from './statement.ts'

export type AuditHead = { readonly entries: number; readonly hash: Uint8Array }

type HeadRow = { entries: number; hash: Uint8Array; seal: string }

const selectHead = statement<{ tenant: number }, HeadRow>((db, arg) =>
  db
    .selectFrom('audit_head')
    .select(['entries', 'hash', 'seal'])
    .where('tenant', '=', arg('tenant')),
)

const updateHead = statement<{ tenant: number } & HeadRow>((db, arg) =>
  db
    .updateTable('audit_head')
    .set({ entries: arg('entries'), hash: arg('hash'), seal: arg('seal') })
    .where('tenant', '=', arg('tenant')),
)

type Place = { readonly session: Session; readonly vault: Vault; readonly tenant: number }

export const sealOfHead = (
  { vault, tenant }: Pick<Place, 'vault' | 'tenant'>,
  head: AuditHead,
): string =>
  vault.blind('audit-head', `${tenant}\n${head.entries}\n${Buffer.from(head.hash).toString('hex')}`)

/** What the database says the head is, and whether this vault sealed it. */
export async function readAuditHead(
  place: Place,
): Promise<AuditHead & { readonly isGenuine: boolean }> {
  const row = await place.session.first(selectHead, { tenant: place.tenant })
  if (row === undefined) return { entries: 0, hash: CHAIN_START, isGenuine: false }
  const { entries, hash, seal } = row
  return { entries, hash, isGenuine: seal === sealOfHead(place, row) }
}

/**
 * The head to go on from. A forged one is not gone on from: a new seal would make it genuine.
 * @throws STORE_BROKEN
 */
export async function requireAuditHead(place: Place): Promise<AuditHead> {
  const head = await readAuditHead(place)
  if (!head.isGenuine) {
    throw STORE_ERRORS.error('STORE_BROKEN', { where: 'the end of the audit log was changed' })
  }
  return head
}

export async function moveAuditHead(place: Place, head: AuditHead): Promise<void> {
  await place.session.run(updateHead, {
    tenant: place.tenant,
    ...head,
    seal: sealOfHead(place, head),
  })
}
