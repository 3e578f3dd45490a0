/**
 * PD1-3 and PD1-4 ⇄ Patient.generalPractitioner. Practices and people are two snapshots: a message
 * that names only the practice leaves the doctor as known.
 * Source: v2-to-FHIR IG, PD1[Patient]; ITK HL7 v2 message specifications 1.0.15, PD1-3 (practice,
 * then branch surgery; ODS code in XON.3) and PD1-4 (`G5612908^Townley^Gregory^^^Dr^^^GMC`).
 */
import type { Reference } from '@almoner/fhir'
import { compileDatatype } from '../rule/datatype.ts'
import { setSlot } from '../rule/draft-builder.ts'
import { fieldFrom, fieldTo, type Reading, repetitionEnd } from '../rule/reading.ts'
import {
  defineSegment,
  deleteSlot,
  ignored,
  isNullField,
  notMapped,
  type SegmentRule,
} from '../rule/segment.ts'
import { xcn } from '../types/xcn.ts'
import { xon } from '../types/xon.ts'
import { organisations, practitioners, type ReadParty } from './parties.ts'

/** The references that all repetitions of a field make. */
export function readParties(
  reading: Reading,
  segment: number,
  n: number,
  read: ReadParty,
): readonly Reference[] {
  const references: Reference[] = []
  const to = fieldTo(reading, segment, n)
  let from = fieldFrom(reading, segment, n)
  while (from < to) {
    const end = repetitionEnd(reading, from, to)
    const reference = read(reading, from, end)
    if (reference !== undefined) references.push(reference)
    from = end
  }
  return references
}

const PATH = 'generalPractitioner'

const practiceRule: SegmentRule = {
  name: 'PD1-3',
  compile(site) {
    const read = organisations(compileDatatype(xon, site, 'PD1-3', `${PATH}(Organization)`))
    const claim = { type: 'Organization' }
    return (reading, segment, draft) => {
      const references = readParties(reading, segment, 3, read)
      if (references.length > 0) setSlot(draft, PATH, references, claim)
      else if (isNullField(reading, segment, 3)) {
        deleteSlot(reading, fieldFrom(reading, segment, 3), draft, PATH, { claim })
      }
    }
  },
}

const doctorRule: SegmentRule = {
  name: 'PD1-4',
  compile(site) {
    const read = practitioners(compileDatatype(xcn, site, 'PD1-4', `${PATH}(Practitioner)`))
    const claim = { type: 'Practitioner' }
    return (reading, segment, draft) => {
      const references = readParties(reading, segment, 4, read)
      if (references.length > 0) setSlot(draft, PATH, references, claim)
      else if (isNullField(reading, segment, 4)) {
        deleteSlot(reading, fieldFrom(reading, segment, 4), draft, PATH, { claim })
      }
    }
  },
}

export const pd1ToPatient = defineSegment({
  segment: 'PD1',
  target: 'Patient',
  source: 'v2-to-FHIR IG, PD1[Patient]',
  rules: [
    practiceRule,
    doctorRule,
    ignored(8, 'Organ donor: only the NHS Organ Donor Register may say so.'),
    notMapped([1, 2, 5, 6, 7, 9, 10, 11], 'No element of UK Core Patient holds it.'),
    notMapped([12, 13], 'Protection indicator: no security label is made yet.'),
    notMapped([14, 15, 16, 17, 18], 'No element of UK Core Patient holds it.'),
  ],
})
