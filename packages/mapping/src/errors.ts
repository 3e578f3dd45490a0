/** Every failure this room can report. A code is a contract: never renamed, never reused. */
import { defineErrors } from '@almoner/core'

export const MAP_ERRORS = defineErrors('mapping', {
  MAP_UNSUPPORTED_MESSAGE: {
    retry: 'never',
    http: 422,
    ack: 'AR',
    safe: 'No mapping rules exist for this kind of message.',
    operator:
      'Route this message type elsewhere, or wait for a release that maps it and replay it.',
  },
  MAP_NO_PATIENT: {
    retry: 'never',
    http: 422,
    ack: 'AR',
    safe: 'The message names no patient: it has no PID segment.',
    operator: 'Ask the sender to include PID, correct the message by hand and release it.',
  },
  MAP_NO_MERGE: {
    retry: 'operator',
    http: 422,
    ack: 'AE',
    safe: 'A merge message does not say which record was merged: a PID has no MRG after it.',
    operator:
      'Find out from the sender which record was merged, correct the message and release it.',
  },
  MAP_NO_REPORT: {
    retry: 'never',
    http: 422,
    ack: 'AR',
    safe: 'A result stands before any OBR, so that it belongs to no report.',
    operator: 'Ask the sender to send OBR before OBX, correct the message and release it.',
  },
  MAP_UNKNOWN_TIME_ZONE: {
    retry: 'operator',
    http: 500,
    ack: 'AE',
    safe: 'The time zone of the site is not a known time zone.',
    operator: 'Set a time zone by its tz database name, such as Europe/London.',
  },
})
