/** Every failure of keys and sealed records. Nothing here can hold key material. */
import { defineErrors } from '@almoner/core'

export const VAULT_ERRORS = defineErrors('vault', {
  VAULT_KEYRING_MISSING: {
    retry: 'operator',
    http: 500,
    ack: 'AE',
    safe: 'The keyring file is not there, so sealed data cannot be opened.',
    operator:
      'Put the keyring back from its own backup. A new keyring cannot open what the old one sealed.',
  },
  VAULT_KEYRING_MODE: {
    retry: 'operator',
    http: 500,
    ack: 'AE',
    safe: 'The keyring file can be reached by others than the account that runs this process.',
    operator:
      'Make the account of this process its owner and take all other rights away (chmod 600). If others may have read it, rotate the keys.',
  },
  VAULT_KEYRING_BROKEN: {
    retry: 'operator',
    http: 500,
    ack: 'AE',
    safe: 'The keyring file cannot be read as a keyring of this version.',
    operator: 'Put the keyring back from its own backup, with the version that wrote it.',
  },
  VAULT_KEYRING_UNWRITABLE: {
    retry: 'operator',
    http: 500,
    ack: 'AE',
    safe: 'The keyring file cannot be written; its keys are as they were.',
    operator: 'Check the disk, its mount and the rights of the folder that holds the keyring.',
  },
  VAULT_KEYRING_BUSY: {
    retry: 'later',
    http: 503,
    ack: 'AE',
    safe: 'Another process is changing the keyring.',
    operator:
      'Try again. If no process is rotating keys, a crash left the .lock file beside the keyring: delete it.',
  },
  VAULT_TAMPERED: {
    retry: 'operator',
    http: 500,
    ack: 'AE',
    safe: 'A sealed record is not what was sealed in this place.',
    operator:
      'Treat it as corruption or tampering: keep the storage as it is, restore the record from a backup and find the cause.',
  },
  VAULT_KEY_UNKNOWN: {
    retry: 'operator',
    http: 500,
    ack: 'AE',
    safe: 'A sealed record names a key that the keyring does not hold.',
    operator: 'Use the keyring that belongs to this data, or restore both from the same backup.',
  },
})
