/**
 * A compact dictionary of segments, fields and data types, for people who read a message. It
 * decides nothing about how a message is read. Source: HL7 v2.5.1 chapters 2, 3, 4, 6 and 7.
 */
import { TYPE_COMPONENTS } from './dictionary-components.ts'
import { SEGMENT_FIELDS } from './dictionary-fields.ts'
import { STANDARD_SEGMENTS } from './standard-segments.ts'

/** `type` is an HL7 data type, or `*` for the one field whose type the message itself names. */
export type Definition = { readonly type: string; readonly name: string }

/** Title of a segment; '' when the standard has no such segment. */
export const segmentTitle = (name: string): string => STANDARD_SEGMENTS.get(name) ?? ''

/** Field n of a segment, counted from 1; undefined when it is not in the dictionary. */
export const fieldDefinition = (segment: string, n: number): Definition | undefined =>
  FIELDS.get(segment)?.[n - 1]

/** Component n of a data type, counted from 1. */
export const componentDefinition = (type: string, n: number): Definition | undefined =>
  COMPONENTS.get(type)?.[n - 1]

const FIELDS = readTable(SEGMENT_FIELDS)
const COMPONENTS = readTable(TYPE_COMPONENTS)

function readTable(
  table: Readonly<Record<string, string>>,
): ReadonlyMap<string, readonly Definition[]> {
  return new Map(Object.entries(table).map(([key, list]) => [key, list.split('|').map(readOne)]))
}

function readOne(entry: string): Definition {
  const [type = '', ...words] = entry.trim().split(/\s+/)
  return { type, name: words.join(' ') }
}
