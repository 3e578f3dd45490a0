/** What can go wrong between receipt and delivery, and what the operator does. */
import { defineErrors } from '@almoner/core'

export const ENGINE_ERRORS = defineErrors('engine', {
  ENGINE_SITE_INVALID: {
    retry: 'operator',
    http: 500,
    ack: 'AE',
    safe: 'The site cannot run as it is written.',
    operator: 'Correct the named part of the site, then run `almoner check`.',
  },
  ENGINE_NO_ROUTE: {
    retry: 'never',
    http: 422,
    ack: 'AR',
    safe: 'No route of this site takes this kind of message from this source.',
    operator: 'Ask the sender to stop it, or add a route that accepts the type; then retry it.',
  },
  ENGINE_UNKNOWN_SENDER: {
    retry: 'never',
    http: 403,
    ack: 'AR',
    safe: 'The sender named in MSH-3 and MSH-4 is not one that this source takes messages from.',
    operator: 'Find out who sends; add the sender to the route if it should, then retry it.',
  },
  ENGINE_NO_CONTROL_ID: {
    retry: 'never',
    http: 422,
    ack: 'AR',
    safe: 'The message has no control id (MSH-10), so its delivery cannot be acknowledged safely.',
    operator: 'Have the sender fill MSH-10 with a value that is new for each message.',
  },
  ENGINE_ROUTE_CHANGED: {
    retry: 'operator',
    http: 409,
    ack: 'AE',
    safe: 'The route changed after this message was accepted.',
    operator:
      'Look at what the new version would do, then retry it with that version or dismiss it.',
  },
  ENGINE_STEP_CRASHED: {
    retry: 'operator',
    http: 500,
    ack: 'AE',
    safe: 'A step of the route failed in a way nobody foresaw.',
    operator: 'Send the message id and the log to the maintainers; retry after a fix.',
  },
})
