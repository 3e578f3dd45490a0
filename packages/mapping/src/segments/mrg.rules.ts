/**
 * MRG ⇄ the Patient record that is merged into another. Its numbers find it; whoever the person
 * was called there is what that record says itself.
 * Source: HL7 v2.5.1 chapter 3.4.9 and 3.6.2; the IG maps MRG to Account alone.
 */
import { compileDatatype } from '../rule/datatype.ts'
import type { SegmentRule } from '../rule/segment.ts'
import { defineSegment, ignored, notMapped } from '../rule/segment.ts'
import { cx, type NumberRead } from '../types/cx.ts'
import { recogniseExternalNumber, recogniseNumber } from '../uk/nhs-number.ts'
import { readNumbers, writeNumbers } from './pid-identifiers.rules.ts'

export const priorNumbersRule: SegmentRule = {
  name: 'MRG-1 MRG-2 MRG-4',
  compile(site) {
    const readList = compileDatatype(cx(recogniseNumber), site, 'MRG-1', 'identifier')
    const readAlternate = compileDatatype(cx(recogniseNumber), site, 'MRG-2', 'identifier')
    // MRG-4 is to MRG-1 what PID-2 is to PID-3.
    const readExternal = compileDatatype(cx(recogniseExternalNumber), site, 'MRG-4', 'identifier')
    return (reading, segment, draft) => {
      const numbers: NumberRead[] = []
      readNumbers(reading, segment, 1, readList, numbers)
      readNumbers(reading, segment, 4, readExternal, numbers)
      readNumbers(reading, segment, 2, readAlternate, numbers)
      writeNumbers(draft, numbers)
    }
  },
}

export const mrgToPatient = defineSegment({
  segment: 'MRG',
  target: 'Patient',
  source: 'HL7 v2.5.1 chapter 3.4.9',
  rules: [
    priorNumbersRule,
    notMapped(3, 'Account number: no Account is made yet.'),
    notMapped([5, 6], 'Visits keep their numbers; they move with the patient.'),
    ignored(7, 'The record that is merged has its own name.'),
  ],
})
