/** Every failure that reading, editing or framing an HL7 v2 message can report. */
import { defineErrors } from '@almoner/core'

export const HL7_ERRORS = defineErrors('hl7v2', {
  HL7_NO_MSH: {
    retry: 'never',
    http: 400,
    ack: 'AR',
    safe: 'The message does not start with an MSH segment.',
    operator: 'Ask the sender what it sent: this is not an HL7 v2 message.',
  },
  HL7_BAD_DELIMITERS: {
    retry: 'never',
    http: 400,
    ack: 'AR',
    safe: 'The character after MSH cannot be a field separator.',
    operator:
      'Ask the sender to correct MSH-1: a letter, digit, space or line end separates nothing.',
  },
  HL7_TOO_LARGE: {
    retry: 'never',
    http: 413,
    ack: 'AR',
    safe: 'The message is larger than this route allows.',
    operator:
      'Raise the size limit of the route, or ask the sender to send documents by reference.',
  },
  HL7_TOO_MANY_SEGMENTS: {
    retry: 'never',
    http: 413,
    ack: 'AR',
    safe: 'The message has more segments than this route allows.',
    operator: 'Raise the segment limit of the route, or ask the sender to split the message.',
  },
  HL7_MANY_MESSAGES: {
    retry: 'never',
    http: 400,
    ack: 'AR',
    safe: 'More than one message stands where one was expected.',
    operator:
      'Split the batch first: read as one message it would mix the records of two patients.',
  },
  HL7_BAD_PATH: {
    retry: 'operator',
    http: 500,
    ack: 'AE',
    safe: 'A path into a message is not written like PID-3[2].4.1.',
    operator: 'Correct the path in the route or the call.',
  },
  HL7_BAD_EDIT: {
    retry: 'operator',
    http: 500,
    ack: 'AE',
    safe: 'A message cannot be changed in this way.',
    operator: 'Correct the step that edits the message; the position says where.',
  },
  HL7_NOT_ENCODABLE: {
    retry: 'operator',
    http: 500,
    ack: 'AE',
    safe: 'The text holds a character that the chosen character set does not have.',
    operator: 'Send in UTF-8, or agree with the receiver how to write the character.',
  },
  HL7_NOT_FRAMEABLE: {
    retry: 'operator',
    http: 500,
    ack: 'AE',
    safe: 'The message holds bytes that MLLP uses to mark where a message starts and ends.',
    operator: 'Escape the control characters 0x0B and 0x1C before sending.',
  },
})
