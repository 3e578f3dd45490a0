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
  const range = rangeOf(text, quantity)
  setSlot(draft, 'referenceRange', [range])
  for (let leaf = from; leaf < to; leaf++) take(reading, leaf, rule, range, 'text')
}

function rangeOf(text: string, quantity: Element | undefined): Element {
  // The first sign may belong to the lower number.
  const dash = text.indexOf('-', 1)
  if (quantity === undefined || dash === -1) return { text }
  const low = parseDecimal(text.slice(0, dash).trim())
  const high = parseDecimal(text.slice(dash + 1).trim())
  // Bounds the wrong way round are a slip of the sender: the text alone shows it.
  if (low === undefined || high === undefined || low.value > high.value) return { text }
  return { low: bound(low, quantity), high: bound(high, quantity), text }
}

function bound({ value, places }: Decimal, { unit, system, code }: Element): Element {
  const made: Element =
    unit === undefined
      ? { value }
      : code === undefined
        ? { value, unit }
        : { value, unit, system, code }
  if (places !== undefined) made['extension'] = precisionExtension(places)
  return made
}
