/** The organisation whose data it is: a number that leads every key, and the start of its audit. */
import type { DatabaseSync } from 'node:sqlite'
import type { Vault } from '@almoner/vault'
import { CHAIN_START } from './audit-chain.ts'
import { sealOfHead } from './audit-head.ts'
import { STORE_ERRORS } from './errors.ts'

/**
 * The number of a tenant, made on first use. With another keyring every blind key would differ,
 * and each known patient would silently become a second one: that is refused.
 * @throws STORE_BROKEN
 */
export function openSqliteTenant(database: DatabaseSync, vault: Vault, name: string): number {
  const keyCheck = vault.blind('tenant', name)
  database.exec('begin immediate')
  try {
    const known = database.prepare('select id, key_check from tenant where name = ?').get(name)
    if (known !== undefined && known['key_check'] !== keyCheck) {
      throw STORE_ERRORS.error('STORE_BROKEN', { where: 'the keyring belongs to other data' })
    }
    const tenant = known === undefined ? makeTenant(database, vault, name, keyCheck) : known['id']
    database.exec('commit')
    return Number(tenant)
  } catch (thrown) {
    if (database.isTransaction) database.exec('rollback')
    throw thrown
  }
}

function makeTenant(database: DatabaseSync, vault: Vault, name: string, keyCheck: string): number {
  const made = database
    .prepare('insert into tenant (name, key_check, repeats_from_ms) values (?, ?, 0)')
    .run(name, keyCheck)
  const tenant = Number(made.lastInsertRowid)
  const seal = sealOfHead({ vault, tenant }, { entries: 0, hash: CHAIN_START })
  database
    .prepare('insert into audit_head (tenant, entries, hash, seal) values (?, 0, ?, ?)')
    .run(tenant, CHAIN_START, seal)
  return tenant
}
