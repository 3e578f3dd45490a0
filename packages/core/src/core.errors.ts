/** The failures of this room. See errors.ts for the shape of a row. */
import { defineErrors } from './errors.ts'

export const CORE_ERRORS = defineErrors('core', {
  CORE_CONFIG_INVALID: {
    retry: 'operator',
    http: 500,
    ack: 'AE',
    safe: 'A setting is wrong, missing or unknown.',
    operator: 'Correct the named setting, then run `almoner check`.',
  },
})
