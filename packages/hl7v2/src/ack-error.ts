/**
 * The error part of an acknowledgement, in the shape of the version that the sender speaks.
 * Source: HL7 v2.5.1 chapter 2.15.5 (ERR-2 to ERR-8), v2.4 chapter 2.16.5 (ERR-1, ELD), table 0357.
 */
import { isAlmonerError } from '@almoner/core'
import { escapeText } from './escape-text.ts'
import type { Delimiters } from './message.ts'
import { type Path, parsePath } from './path.ts'
import { UNNAMED } from './segment-name.ts'

export type AckError = {
  /** Code of HL7 table 0357, `102`. */
  readonly hl7Code: string
  readonly severity: 'E' | 'W'
  /** A path such as `PID-7`, or another safe position. */
  readonly location?: string | undefined
  /** A sentence for the person at the sending system. */
  readonly userMessage: string
  /** Our own code, `HL7_TOO_LARGE`. */
  readonly code: string
}

const TABLE_0357: Readonly<Record<string, string>> = {
  '0': 'Message accepted',
  '100': 'Segment sequence error',
  '101': 'Required field missing',
  '102': 'Data type error',
  '103': 'Table value not found',
  '104': 'Value too long',
  '200': 'Unsupported message type',
  '201': 'Unsupported event code',
  '202': 'Unsupported processing id',
  '203': 'Unsupported version id',
  '204': 'Unknown key identifier',
  '205': 'Duplicate key identifier',
  '206': 'Application record locked',
  '207': 'Application internal error',
}

/** ERR-2 and later exist from this minor version of v2 on. */
const MINOR_WITH_ERR_2 = 5

/**
 * MSA-3 and the fields of ERR from ERR-1 on, already escaped; `err` is undefined without an error.
 * @param minor minor version of v2: 5 for 2.5.1
 */
export function errorFields(
  delimiters: Delimiters,
  minor: number,
  error: AckError | undefined,
): { readonly msa3: string; readonly err: readonly string[] | undefined } {
  if (error === undefined) return { msa3: '', err: undefined }
  const write = (value: string): string => escapeText(delimiters, value)
  const { component, subcomponent } = delimiters
  const path = readLocation(error.location)
  const coded = [error.hl7Code, TABLE_0357[error.hl7Code] ?? '', 'HL70357'].map(write)
  const message = write(error.userMessage)
  if (minor < MINOR_WITH_ERR_2) {
    const place = path ? [path.segment, path.occurrence, path.field] : ['', '', '']
    return { msa3: message, err: [[...place, coded.join(subcomponent)].join(component)] }
  }
  const diagnostic = path === undefined ? write(error.location ?? '') : ''
  return {
    // MSA-3 is deprecated from v2.4 on, but it is where many senders still look first.
    msa3: message,
    err: [
      '',
      path === undefined ? '' : locationParts(path).join(component),
      coded.join(component),
      error.severity,
      write(error.code),
      '',
      diagnostic,
      message,
    ],
  }
}

/** ERL: segment, its occurrence, field, its repetition, component, subcomponent. */
function locationParts(path: Path): readonly (string | number)[] {
  const parts: (string | number)[] = [path.segment, path.occurrence, path.field, path.repetition]
  if (path.component !== undefined) parts.push(path.component)
  if (path.subcomponent !== undefined) parts.push(path.subcomponent)
  return parts
}

function readLocation(location: string | undefined): Path | undefined {
  if (location === undefined) return undefined
  try {
    const path = parsePath(location)
    return path.segment === UNNAMED ? undefined : path
  } catch (thrown) {
    // A position that is no path ("line 3") is said in words instead.
    if (isAlmonerError(thrown)) return undefined
    throw thrown
  }
}
