/**
 * Everything that can be odd about a message that is still read, as sentences for people. A code
 * is a contract: never renamed, never reused. No sentence holds a value.
 */
export const PROBLEM_SENTENCES = {
  CHARSET_MISMATCH: 'The bytes are not in the character set that MSH-18 declares.',
  CHARSET_UNDECLARED: 'MSH-18 is empty, but the message holds more than plain ASCII letters.',
  CHARSET_UNKNOWN: 'MSH-18 names a character set that is not known here.',
  CHARSET_WINDOWS_1252:
    'MSH-18 declares ISO 8859-1, but the message holds characters of windows-1252.',
  CHARSET_UTF_16: 'The message came in UTF-16; HL7 messages travel in single bytes or UTF-8.',
  HL7_BATCH_COUNT: 'A batch does not hold as many messages or batches as its trailer says.',
  HL7_BAD_DATE: 'This is not a date or time as HL7 writes it.',
  HL7_BLANK_LINE: 'A line is blank. It was skipped.',
  HL7_BYTE_ORDER_MARK: 'A byte order mark stands in front of the message. It was skipped.',
  HL7_CRLF_LINE_ENDS: 'Segments end with CR and LF. The standard says CR alone.',
  HL7_FRAME_CHARACTER: 'A frame character of MLLP stands around the message. It was skipped.',
  HL7_LEADING_BLANKS: 'Blanks stand in front of the message. They were skipped.',
  HL7_LF_LINE_ENDS: 'Segments end with LF. The standard says CR.',
  HL7_MIXED_LINE_ENDS: 'Not all segments end in the same way.',
  HL7_NO_FINAL_CR: 'The last segment does not end with CR.',
  HL7_NO_SEGMENT_NAME:
    'A line does not start with a segment name: probably a text was wrapped. It is kept on its own.',
  HL7_NUL_CHARACTER: 'The message holds a NUL character. It is kept.',
  HL7_ODD_DELIMITERS:
    'MSH-1 and MSH-2 are not the usual delimiters. The message was read as it declares.',
  HL7_REQUIRED_MISSING: 'A field that every message must have is missing.',
  HL7_UNKNOWN_SEGMENT: 'The standard has no segment of this name, and it is no Z segment.',
} as const

export type ProblemCode = keyof typeof PROBLEM_SENTENCES
