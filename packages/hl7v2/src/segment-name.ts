/** What counts as a segment name. Source: HL7 v2.5.1 chapter 2.5.1: three characters. */
import type { Segment } from './message.ts'
import { STANDARD_SEGMENTS } from './standard-segments.ts'

const isUpper = (code: number): boolean => code >= 0x41 && code <= 0x5a
const isUpperOrDigit = (code: number): boolean => isUpper(code) || (code >= 0x30 && code <= 0x39)

/** Three characters of `text` from `start`: a capital letter, then capitals or digits. */
export const isSegmentNameAt = (text: string, start: number): boolean =>
  isUpper(text.charCodeAt(start)) &&
  isUpperOrDigit(text.charCodeAt(start + 1)) &&
  isUpperOrDigit(text.charCodeAt(start + 2))

/** One shared string per standard name: comparing names is then comparing pointers. */
const NAMES_BY_KEY: ReadonlyMap<number, string> = new Map(
  [...STANDARD_SEGMENTS.keys()].map((name) => [nameKey(name, 0), name]),
)

function nameKey(text: string, start: number): number {
  return (
    (text.charCodeAt(start) << 16) | (text.charCodeAt(start + 1) << 8) | text.charCodeAt(start + 2)
  )
}

/** The three characters from `start`, which are known to be a segment name. */
export const readName = (text: string, start: number): string =>
  NAMES_BY_KEY.get(nameKey(text, start)) ?? text.slice(start, start + 3)

export const isSegmentName = (name: string): boolean =>
  name.length === 3 && isSegmentNameAt(name, 0)

/** Stands for the name of a line that has none: such a line may start with patient data. */
export const UNNAMED = '???'

/**
 * True when the start of a line is content rather than a name: a wrapped line, or three capitals
 * alone on a line ("MRI") that name no segment of the standard and no Z segment.
 */
export function isNameContent({ name, start, end }: Segment): boolean {
  if (!isSegmentName(name)) return true
  return end - start === 3 && !name.startsWith('Z') && !STANDARD_SEGMENTS.has(name)
}

/** The name of a segment as a path shows it: never content. */
export const pathName = (segment: Segment): string =>
  isNameContent(segment) ? UNNAMED : segment.name
