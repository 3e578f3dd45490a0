/** Public door of the room: the keyring, sealing, blind indexes and the inventory of keys. */
export type { Blind } from './blind.ts'
export { VAULT_ERRORS } from './errors.ts'
export type { KeyInventoryRow } from './inventory.ts'
export { type Keyring, type KeyringOptions, openKeyring, type Rotation } from './keyring.ts'
export type { KeyState } from './keyring-record.ts'
export { createVault, type Vault, type VaultOptions } from './vault.ts'
