/** What a flag means, for the people who look at it. A flag never holds a value. */
export const MAP_FLAGS = {
  NHS_NUMBER_INVALID:
    'A number was sent as a national number, but its check digit is wrong; it is kept without the system.',
  NHS_NUMBER_UNTYPED:
    'A bare number in PID-2 or MRG-4 has the check digit of an NHS number and is taken for one.',
  NHS_NUMBER_AMBIGUOUS:
    'The message holds two different NHS numbers for one patient; neither is used as one.',
  CODE_UNKNOWN: 'A code is not in the table of its field; it is kept as it was sent.',
  STATUS_UNKNOWN: 'The status of a report or result is not known to FHIR; it is stored as unknown.',
  VALUE_REFUSED: 'A value is not of the type of its field.',
  VALUE_TYPE_UNKNOWN:
    'A result has no value type, or one without rules; its value is kept as text.',
  COMPARATOR_IN_NM: 'A number came with a comparator in front, which NM does not allow.',
  TIME_TWICE: 'A local time happened twice when the clocks went back; the first is taken.',
  TIME_NEVER_WAS: 'A local time was skipped when the clocks went forward; it is not stored.',
  DEATH_CONTRADICTION: 'The message says that the patient is not dead, and when the patient died.',
  MULTIPLE_BIRTH_CONTRADICTION:
    'The message says that the birth was single, and which of several it was.',
} as const satisfies Readonly<Record<string, string>>

export type FlagCode = keyof typeof MAP_FLAGS
