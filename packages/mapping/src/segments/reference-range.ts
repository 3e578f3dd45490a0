/**
 * OBX-7 ⇄ Observation.referenceRange: always the text that was sent; low and high only where it is
 * plainly two numbers beside a number. Source: v2-to-FHIR IG, OBX[Observation]; HL7 v2.5.1 chapter
 * 7.4.2.7.
 */
import type { Element } from '../rule/datatype.ts'
import { type DraftBuilder, setSlot } from '../rule/draft-builder.ts'
import { fieldFrom, fieldTo, type Reading, take, wholeText } from '../rule/reading.ts'
import { isNullField } from '../rule/segment.ts'
import { type Decimal, parseDecimal, precisionExtension } from '../types/number.ts'

const RANGE = /^\(?\s*(-?\d+(?:\.\d+)?)\s*-\s*(-?\d+(?:\.\d+)?)\s*\)?$/

/** @param quantity the value, whose unit the bounds share */
export function writeReferenceRange(
  reading: Reading,
  segment: number,
  draft: DraftBuilder,
  rule: number,
  quantity: Element | undefined,
): void {
  const to = fieldTo(reading, segment, 7)
  if (to === 0) return
  const from = fieldFrom(reading, segment, 7)
  if (isNullField(reading, segment, 7)) {
    take(reading, from, rule, setSlot(draft, 'referenceRange', undefined), '')
    return
  }
  const { components, subcomponents } = reading.leaves
  const text = wholeText(reading, from, to, components[from]! + subcomponents[from]! - 2).trim()
  const range: Element = { ...bounds(text, quantity), text }
  setSlot(draft, 'referenceRange', [range])
  for (let leaf = from; leaf < to; leaf++) take(reading, leaf, rule, range, 'text')
}

function bounds(text: string, quantity: Element | undefined): Element {
  if (quantity === undefined) return {}
  const found = RANGE.exec(text)
  if (found === null) return {}
  const low = parseDecimal(found[1]!)
  const high = parseDecimal(found[2]!)
  // Bounds the wrong way round are a slip of the sender: the text alone shows it.
  if (low === undefined || high === undefined || low.value > high.value) return {}
  return { low: bound(low, quantity), high: bound(high, quantity) }
}

function bound({ value, places }: Decimal, { unit, system, code }: Element): Element {
  const made: Element =
    places === undefined ? { value } : { extension: precisionExtension(places), value }
  if (unit !== undefined) made['unit'] = unit
  if (code !== undefined) {
    made['system'] = system
    made['code'] = code
  }
  return made
}
