/** The failures of this room. */
import { defineErrors } from '@almoner/core'

export const STORE_ERRORS = defineErrors('store', {
  STORE_FULL: {
    retry: 'later',
    http: 503,
    ack: 'AE',
    safe: 'The store has no space left; nothing of this request was kept.',
    operator: 'Free or add disk space. Senders repeat what was not acknowledged.',
  },
  STORE_UNWRITABLE: {
    retry: 'later',
    http: 503,
    ack: 'AE',
    safe: 'The store cannot be written; nothing of this request was kept.',
    operator: 'Check the disk, its mount and the permissions of the data folder, then restart.',
  },
  STORE_BUSY: {
    retry: 'later',
    http: 503,
    ack: 'AE',
    safe: 'Another program holds the store; nothing of this request was kept.',
    operator: 'Find the program that has the database open (a backup, a shell) and end it.',
  },
  STORE_CLOSED: {
    retry: 'later',
    http: 503,
    ack: 'AE',
    safe: 'The store is closing or has stopped; nothing of this request was kept.',
    operator: 'Wait for the restart. If it does not come, read the log for the first store error.',
  },
  STORE_BROKEN: {
    retry: 'operator',
    http: 500,
    ack: 'AE',
    safe: 'The store is not one that this version can use.',
    operator: 'Use the data folder with the version that wrote it, or restore a backup.',
  },
  STORE_IDENTITY_MISSING: {
    retry: 'operator',
    http: 422,
    ack: 'AE',
    safe: 'The message does not say which record it belongs to.',
    operator:
      'Have the sender give an identifier with its authority (PID-3, PV1-19), then release the message.',
  },
  STORE_IDENTITY_AMBIGUOUS: {
    retry: 'operator',
    http: 409,
    ack: 'AE',
    safe: 'The identifiers of the message belong to more than one record.',
    operator: 'Find which record is meant; merge or correct it at its source, then release.',
  },
  STORE_IDENTITY_CONFLICT: {
    retry: 'operator',
    http: 409,
    ack: 'AE',
    safe: 'The message contradicts the identity of the record that it would change.',
    operator: 'Compare NHS number, birth date and visit with the source, then release or dismiss.',
  },
  STORE_ALREADY_FINISHED: {
    retry: 'never',
    http: 409,
    ack: 'AE',
    safe: 'The message was finished before; nothing was done twice.',
    operator: 'Nothing: the first result stands.',
  },
  STORE_NOT_A_MERGE: {
    retry: 'never',
    http: 409,
    ack: 'AR',
    safe: 'This patient was not merged into another, so there is nothing to take back.',
    operator: 'Check the patient id: it is the patient that was replaced, not the one that stayed.',
  },
})
