/**
 * PID-5 and PID-9 ⇄ Patient.name. The names of PID-5 are a snapshot of all names; aliases of PID-9
 * (not used by ITK, which sends aliases in PID-5) join them.
 * Source: v2-to-FHIR IG, PID[Patient]; ITK HL7 v2 message specifications 1.0.15, PID-5.
 */
import { compileDatatype } from '../rule/datatype.ts'
import { setSlot, uniteSlot } from '../rule/draft-builder.ts'
import { fieldFrom } from '../rule/reading.ts'
import { deleteSlot, isNullField, readRepetitions, type SegmentRule } from '../rule/segment.ts'
import { xpn } from '../types/xpn.ts'

export const patientNamesRule: SegmentRule = {
  name: 'names',
  compile(site) {
    const readName = compileDatatype(xpn, site, 'PID-5', 'name')
    const readAlias = compileDatatype({ ...xpn, keepsNull: KEEPS }, site, 'PID-9', 'name')
    return (reading, segment, draft) => {
      const names = readRepetitions(reading, readName, segment, 5)
      const aliases = readRepetitions(reading, readAlias, segment, 9)
      if (names.length > 0) setSlot(draft, 'name', [...names, ...aliases])
      else if (isNullField(reading, segment, 5)) {
        deleteSlot(reading, fieldFrom(reading, segment, 5), draft, 'name', {})
        uniteSlot(draft, 'name', aliases)
      } else uniteSlot(draft, 'name', aliases)
    }
  },
}

const KEEPS = 'aliases go with the names of PID-5'
