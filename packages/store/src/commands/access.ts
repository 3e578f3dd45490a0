/** Secrets that open something: granted, used up, ended. Only their blind keys are stored. */
import type { Access, Actor, Commands } from '../contract.ts'
import { patientKey } from '../patient-key.ts'
import { statement } from '../statement.ts'
import type { Unit } from '../unit.ts'

const insertAccess = statement<{
  tenant: number
  id: string
  kind: string
  secretKey: string
  actor: string
  scopes: string
  expiresAtMs: number
}>((db, arg) =>
  db.insertInto('access').values({
    tenant: arg('tenant'),
    id: arg('id'),
    kind: arg('kind'),
    secret_key: arg('secretKey'),
    actor: arg('actor'),
    scopes: arg('scopes'),
    expires_at_ms: arg('expiresAtMs'),
  }),
)

export type AccessRow = {
  readonly id: string
  readonly kind: string
  readonly actor: string
  readonly scopes: string
  readonly expires_at_ms: number
}

const useLink = statement<{ tenant: number; secretKey: string; atMs: number }, AccessRow>(
  (db, arg) =>
    db
      .updateTable('access')
      .set({ ended_at_ms: arg('atMs') })
      .where('tenant', '=', arg('tenant'))
      .where('kind', '=', 'link')
      .where('secret_key', '=', arg('secretKey'))
      .where('ended_at_ms', 'is', null)
      .where('expires_at_ms', '>', arg('atMs'))
      .returning(['id', 'kind', 'actor', 'scopes', 'expires_at_ms']),
)

const endOne = statement<{ tenant: number; id: string; atMs: number }, { id: string }>((db, arg) =>
  db
    .updateTable('access')
    .set({ ended_at_ms: arg('atMs') })
    .where('tenant', '=', arg('tenant'))
    .where('id', '=', arg('id'))
    .where('ended_at_ms', 'is', null)
    .returning('id'),
)

/** A row of the access table as the contract's Access. Its JSON was written by grantAccess. */
export const readAccess = (row: AccessRow): Access => ({
  id: row.id,
  kind: row.kind as Access['kind'],
  actor: JSON.parse(row.actor) as Actor,
  scopes: JSON.parse(row.scopes) as readonly string[],
  expiresAtMs: row.expires_at_ms,
})

export const accessSecretKey = (vault: Unit['vault'], kind: string, secret: string): string =>
  vault.blind('access', `${kind}\n${secret}`)

export async function grantAccess(
  unit: Unit,
  grant: Parameters<Commands['grantAccess']>[0],
): Promise<void> {
  const { access, atMs, by } = grant
  await unit.session.run(insertAccess, {
    tenant: unit.tenant,
    id: access.id,
    kind: access.kind,
    secretKey: accessSecretKey(unit.vault, access.kind, grant.secret),
    actor: JSON.stringify(access.actor),
    scopes: JSON.stringify(access.scopes),
    expiresAtMs: access.expiresAtMs,
  })
  unit.audit(auditOf(by, 'access.grant', 'success', atMs, access))
}

export async function redeemLink(
  unit: Unit,
  redeem: Parameters<Commands['redeemLink']>[0],
): Promise<Access | undefined> {
  const { atMs } = redeem
  const secretKey = accessSecretKey(unit.vault, 'link', redeem.secret)
  const row = await unit.session.first(useLink, { tenant: unit.tenant, secretKey, atMs })
  if (row === undefined) return undefined
  const access = readAccess(row)
  unit.audit(auditOf(access.actor, 'access.use', 'success', atMs, access))
  return access
}

export async function endAccess(
  unit: Unit,
  end: Parameters<Commands['endAccess']>[0],
): Promise<void> {
  const row = await unit.session.first(endOne, { tenant: unit.tenant, id: end.id, atMs: end.atMs })
  unit.audit({
    atMs: end.atMs,
    actor: end.by,
    action: 'access.end',
    outcome: row === undefined ? 'failed' : 'success',
    purpose: 'operations',
    subjects: [row === undefined ? patientKey(unit.vault, end.id) : end.id],
  })
}

const auditOf = (
  actor: Actor,
  action: 'access.grant' | 'access.use',
  outcome: 'success',
  atMs: number,
  access: Access,
) => ({
  atMs,
  actor,
  action,
  outcome,
  purpose: 'operations',
  subjects: [access.id],
  note: `${access.kind} for ${access.actor.name}: ${access.scopes.join(' ')}`,
})
