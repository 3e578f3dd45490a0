/**
 * NM and SN ⇄ Quantity, Range and Ratio. A number that cannot be read as one is never guessed: it
 * is refused, and the caller keeps it as text.
 * Source: v2-to-FHIR IG, NM[Quantity], SN[Quantity], SN[Range] and SN[Ratio]; HL7 v2.5.1 chapter
 * 2A.47 and 2A.70.
 */
import type { Element } from '../rule/datatype.ts'
import { flag, leafAt, type Reading, take, trimmedText } from '../rule/reading.ts'
import { type Decimal, parseDecimal, precisionExtension } from './number.ts'

/** The element of the choice value[x] or of a component, and what goes there. */
export type ValueRead = {
  readonly member: ValueMember
  readonly value: unknown
  /** Quantities of the value that take the unit of OBX-6; the first gets the marks. */
  readonly quantities: readonly Element[]
  /** Leaves of a primitive value: they are marked once it is known which object holds it. */
  readonly spans: readonly Span[]
}

/** Leaves [from, to). */
export type Span = { readonly from: number; readonly to: number }

export const VALUE_MEMBERS = [
  'valueQuantity',
  'valueString',
  'valueCodeableConcept',
  'valueRange',
  'valueRatio',
  'valueDateTime',
  'valueTime',
  'valuePeriod',
] as const

export type ValueMember = (typeof VALUE_MEMBERS)[number]

export const complex = (
  member: ValueMember,
  value: object,
  quantities: readonly Element[] = [],
): ValueRead => ({ member, value, quantities, spans: [] })

export const primitive = (
  member: ValueMember,
  value: unknown,
  spans: readonly Span[],
): ValueRead => ({ member, value, quantities: [], spans })

const COMPARATORS: ReadonlySet<string> = new Set(['<', '<=', '>', '>='])

const quantityOf = ({ value, places }: Decimal): Element =>
  places === undefined ? { value } : { extension: precisionExtension(places), value }

/** @param rule number of the row of OBX-5 */
export function readNumeric(
  reading: Reading,
  from: number,
  to: number,
  rule: number,
): ValueRead | undefined {
  const leaf = leafAt(reading, from, to, 1)
  if (leaf === -1 || to - from !== 1) return undefined
  const sent = trimmedText(reading, leaf)
  // NM allows no comparator, but laboratories send one, and it means what it says.
  const comparator = ['<=', '>=', '<', '>'].find((sign) => sent.startsWith(sign)) ?? ''
  const number = parseDecimal(sent.slice(comparator.length).trim())
  if (number === undefined) return undefined
  const quantity = quantityOf(number)
  if (comparator !== '') {
    quantity['comparator'] = comparator
    flag(reading, 'COMPARATOR_IN_NM', leaf)
  }
  take(reading, leaf, rule, quantity, 'value')
  return complex('valueQuantity', quantity, [quantity])
}

export function readStructuredNumeric(
  reading: Reading,
  from: number,
  to: number,
  rule: number,
): ValueRead | undefined {
  const leaves = [1, 2, 3, 4].map((component) => leafAt(reading, from, to, component))
  const [sign = '', first = '', separator = '', second = ''] = leaves.map((leaf) =>
    leaf === -1 ? '' : trimmedText(reading, leaf),
  )
  const low = first === '' ? undefined : parseDecimal(first)
  const high = second === '' ? undefined : parseDecimal(second)
  // A part that is no number, or one that no element takes, leaves the whole to the text.
  if (first !== '' && low === undefined) return undefined
  if (second !== '' && high === undefined) return undefined
  if (leaves.filter((leaf) => leaf !== -1).length !== to - from) return undefined
  const read = structured(sign, low, separator, high)
  if (read !== undefined) markParts(reading, leaves, rule, read)
  return read
}

function structured(
  sign: string,
  low: Decimal | undefined,
  separator: string,
  high: Decimal | undefined,
): ValueRead | undefined {
  const comparator = sign === '=' ? '' : sign
  if (comparator !== '' && !COMPARATORS.has(comparator)) return undefined
  if (low === undefined) return undefined
  const first = quantityOf(low)
  if (comparator !== '') first['comparator'] = comparator
  if (separator === '' && high === undefined) {
    return complex('valueQuantity', first, [first])
  }
  if (high === undefined) return undefined
  const second = quantityOf(high)
  if (separator === ':' || separator === '/') {
    const value = { numerator: first, denominator: second }
    return complex('valueRatio', value, [first, second])
  }
  // The bounds of a Range are plain quantities: a comparator has no place there.
  if (separator !== '-' || comparator !== '') return undefined
  const value = { low: first, high: second }
  return complex('valueRange', value, [first, second])
}

function markParts(
  reading: Reading,
  [sign = -1, first = -1, separator = -1, second = -1]: readonly number[],
  rule: number,
  { value, quantities }: ValueRead,
): void {
  if (sign !== -1) take(reading, sign, rule, quantities[0], 'comparator')
  if (first !== -1) take(reading, first, rule, quantities[0], 'value')
  if (separator !== -1) take(reading, separator, rule, value, '')
  if (second !== -1) take(reading, second, rule, quantities[1], 'value')
}
