/** Every failure that a link can report, inbound or outbound. */
import { defineErrors } from '@almoner/core'

export const TRANSPORT_ERRORS = defineErrors('transport', {
  TRANSPORT_PLAIN_REFUSED: {
    retry: 'operator',
    http: 500,
    ack: 'AE',
    safe: 'A link that leaves this machine has no TLS; patient data never travels in clear.',
    operator: 'Give the link its tls settings, or keep both ends on this machine (127.0.0.1).',
  },
  TRANSPORT_TLS_FILES: {
    retry: 'operator',
    http: 500,
    ack: 'AE',
    safe: 'A certificate or key file cannot be used.',
    operator:
      'Check that the named file exists, is PEM, may be read by this account, and that key and certificate belong together.',
  },
  TRANSPORT_PORT_IN_USE: {
    retry: 'operator',
    http: 500,
    ack: 'AE',
    safe: 'Another program listens on this port already.',
    operator: 'Stop the other program, or give this source another port.',
  },
  TRANSPORT_CANNOT_LISTEN: {
    retry: 'operator',
    http: 500,
    ack: 'AE',
    safe: 'The listener cannot open on this address.',
    operator: 'Check that the host is an address of this machine and that the port may be opened.',
  },
  TRANSPORT_FRAME_TOO_LARGE: {
    retry: 'never',
    http: 413,
    ack: 'AR',
    safe: 'The message is larger than this link allows.',
    operator:
      'Raise frameBytesMax of the source, or ask the sender to send documents by reference.',
  },
  TRANSPORT_NO_CONTROL_ID: {
    retry: 'never',
    http: 422,
    ack: 'AE',
    safe: 'The message has no control id (MSH-10), so no answer could be matched; it was not sent.',
    operator: 'Correct the route so that every message it sends has an MSH-10.',
  },
  TRANSPORT_UNREACHABLE: {
    retry: 'later',
    http: 502,
    ack: 'AE',
    safe: 'The receiver cannot be reached; nothing was sent.',
    operator: 'Check the address, the network and the firewall, and that the receiver runs.',
  },
  TRANSPORT_TLS_FAILED: {
    retry: 'later',
    http: 502,
    ack: 'AE',
    safe: 'No secure connection to the receiver could be agreed; nothing was sent.',
    operator:
      'The log names the reason. Certificates may have expired, not be trusted, or name another host.',
  },
  TRANSPORT_NO_ANSWER: {
    retry: 'later',
    http: 504,
    ack: 'AE',
    safe: 'The receiver did not answer in time; it may have the message.',
    operator: 'Ask the receiver whether it has the message before you send it again by hand.',
  },
  TRANSPORT_CONNECTION_LOST: {
    retry: 'later',
    http: 502,
    ack: 'AE',
    safe: 'The connection broke before the answer; the receiver may have the message.',
    operator: 'Check the network between the two. Ask the receiver whether it has the message.',
  },
  TRANSPORT_WRONG_ANSWER: {
    retry: 'later',
    http: 502,
    ack: 'AE',
    safe: 'The receiver answered with something that is no answer to this message.',
    operator: 'The receiver must return our MSH-10 in MSA-2 and a code of HL7 table 0008 in MSA-1.',
  },
  TRANSPORT_PEER_REFUSED: {
    retry: 'never',
    http: 422,
    ack: 'AE',
    safe: 'The receiver refused the message.',
    operator: 'Read its answer for the reason, correct the message or the receiver, then release.',
  },
  TRANSPORT_PEER_FAILED: {
    retry: 'later',
    http: 502,
    ack: 'AE',
    safe: 'The receiver could not process the message.',
    operator: 'Read its answer for the reason. It is sent again by itself.',
  },
  TRANSPORT_ABORTED: {
    retry: 'later',
    http: 503,
    ack: 'AE',
    safe: 'The exchange was stopped from this side.',
    operator: 'Nothing to do: it is tried again.',
  },
  TRANSPORT_CLOSED: {
    retry: 'later',
    http: 503,
    ack: 'AE',
    safe: 'The link is closing; nothing was sent.',
    operator: 'Nothing to do: it is sent after the next start.',
  },
  TRANSPORT_EGRESS_REFUSED: {
    retry: 'operator',
    http: 403,
    ack: 'AE',
    safe: 'A request to an address that is not on the list of allowed receivers was stopped.',
    operator:
      'Find out what asked for it. If it is right, add its origin and recipient to the site.',
  },
  TRANSPORT_ANSWER_TOO_LARGE: {
    retry: 'operator',
    http: 502,
    ack: 'AE',
    safe: 'The answer of the receiver is larger than this request allows.',
    operator: 'Ask for less at a time, or raise the limit of the connector.',
  },
})
