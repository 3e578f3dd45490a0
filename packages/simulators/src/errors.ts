/** Every failure that a simulator can report. */
import { defineErrors } from '@almoner/core'

export const SIM_ERRORS = defineErrors('simulators', {
  SIM_OPTION_INVALID: {
    retry: 'operator',
    http: 500,
    ack: 'AE',
    safe: 'A simulator was started with an option it cannot use.',
    operator: 'Correct the named option.',
  },
  SIM_PORT_UNAVAILABLE: {
    retry: 'operator',
    http: 500,
    ack: 'AE',
    safe: 'The simulator cannot listen on its port.',
    operator: 'Choose another port, or stop what uses this one.',
  },
  SIM_LINK_FAILED: {
    retry: 'later',
    http: 502,
    ack: 'AE',
    safe: 'The load generator could not connect, or lost its connection.',
    operator: 'See that the receiver runs and listens where the load is sent.',
  },
})
