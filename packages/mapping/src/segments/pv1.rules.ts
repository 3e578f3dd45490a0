/**
 * PV1 ⇄ Encounter. Source: v2-to-FHIR IG, PV1[Encounter]; HL7 v2.5.1 chapter 3.4.3; ITK HL7 v2
 * message specifications 1.0.15, PV1; UK Core Encounter 2.5.0. `pv1ToEncounter` holds the rows of
 * the IG, `ukPv1ToEncounter` what the UK replaces.
 */

import type { ConceptTable } from '../rule/code-table.ts'
import { compileDatatype } from '../rule/datatype.ts'
import { setSlot, uniteSlot } from '../rule/draft-builder.ts'
import { fieldFrom, fieldTo, pass, type Reading, refuse, repetitionEnd } from '../rule/reading.ts'
import {
  defineSegment,
  deleteSlot,
  extensionOf,
  ignored,
  isNullField,
  layerSegment,
  list,
  notMapped,
  one,
  type SegmentRule,
  value,
} from '../rule/segment.ts'
import {
  ADMISSION_METHOD,
  DISCHARGE_DESTINATION,
  DISCHARGE_METHOD,
  SOURCE_OF_ADMISSION,
} from '../tables/hospital-stay.ts'
import { TREATMENT_FUNCTION } from '../tables/treatment-function.ts'
import {
  ADMISSION_TYPE,
  AMBULATORY_STATUS,
  PATIENT_CLASS,
  READMISSION,
  UK_PATIENT_CLASS,
} from '../tables/visit.ts'
import { codingOf } from '../types/coding.ts'
import { cwe } from '../types/cwe.ts'
import { cx, type NumberRead } from '../types/cx.ts'
import { dateTime } from '../types/date-time.ts'
import { xcn } from '../types/xcn.ts'
import { ukExtension, v2Table, v3Codes } from '../uk/systems.ts'
import { practitioners } from './parties.ts'
import { readParties } from './pd1.rules.ts'
import { readNumbers } from './pid-identifiers.rules.ts'
import { placesRule } from './pv1-places.rules.ts'

const local = () => ({ kind: 'local' }) as const

/** PV1-19 identifies the visit; PV1-50 is another number of the same visit. */
const visitNumbersRule: SegmentRule = {
  name: 'PV1-19 PV1-50',
  compile(site) {
    const read = compileDatatype(cx(local), site, 'PV1-19', 'identifier')
    const readOther = compileDatatype(cx(local), site, 'PV1-50', 'identifier')
    const type = {
      coding: [{ system: v2Table('0203'), code: 'VN', display: 'Visit number' }],
    }
    return (reading, segment, draft) => {
      const numbers: NumberRead[] = []
      readNumbers(reading, segment, 19, read, numbers)
      for (const { identifier, key } of numbers) {
        identifier.type ??= type
        if (key !== undefined) draft.identity.push(key)
      }
      readNumbers(reading, segment, 50, readOther, numbers)
      uniteSlot(
        draft,
        'identifier',
        numbers.map(({ identifier }) => identifier),
      )
    }
  },
}

/** `class` is one Coding: a code that FHIR does not know keeps the system of v2 or of the sender. */
const classRule = (table: ConceptTable): SegmentRule => ({
  name: 'PV1-2',
  compile(site) {
    const read = compileDatatype(codingOf('PV1-2', table), site, 'PV1-2', 'class')
    return (reading, segment, draft) => {
      const to = fieldTo(reading, segment, 2)
      if (to === 0) return
      const from = fieldFrom(reading, segment, 2)
      const coding = read(reading, from, repetitionEnd(reading, from, to))
      if (coding !== undefined) setSlot(draft, 'class', coding)
      else if (isNullField(reading, segment, 2)) {
        refuse(reading, from, reading.marks[from]!, 'a visit always has a class')
      }
    }
  },
})

/** One kind of participant is a snapshot of its field. */
const participantsRule = (n: number, code: string, display: string): SegmentRule => ({
  name: `PV1-${n}`,
  compile(site) {
    const path = 'participant.individual(Practitioner)'
    const read = practitioners(compileDatatype(xcn, site, `PV1-${n}`, path))
    const claim = { 'type.0.coding.0.code': code }
    const system = v3Codes('ParticipationType')
    return (reading, segment, draft) => {
      const people = readParties(reading, segment, n, read)
      if (people.length === 0) {
        if (isNullField(reading, segment, n)) {
          deleteSlot(reading, fieldFrom(reading, segment, n), draft, 'participant', { claim })
        }
        return
      }
      const items = people.map((individual) => ({
        type: [{ coding: [{ system, code, display }] }],
        individual,
      }))
      setSlot(draft, 'participant', items, claim)
    }
  },
})

const DISCHARGE_METHOD_URL = ukExtension('DischargeMethod')
const DESTINATION_PATH = 'hospitalization.dischargeDisposition'

/** What an event takes back is deleted, whatever the message still says about it. */
const undoneDischargeRule: SegmentRule = {
  name: 'discharge undone',
  compile(site) {
    const rules = [36, 37, 45].map((n) => ({
      n,
      rule: site.add({
        v2: `PV1-${n} of a cancelled discharge`,
        fate: 'ignored',
        why: 'The discharge never happened: what was said about it is deleted.',
      }),
    }))
    return (reading, segment, draft) => {
      if (!reading.event.trigger.undoesDischarge) return
      setSlot(draft, 'period.end', undefined)
      setSlot(draft, 'extension', [], { url: DISCHARGE_METHOD_URL })
      setSlot(draft, DESTINATION_PATH, undefined)
      for (const { n, rule } of rules) {
        pass(reading, fieldFrom(reading, segment, n), fieldTo(reading, segment, n), rule)
      }
    }
  },
}

const unlessUndone = (rule: SegmentRule): SegmentRule => ({
  name: rule.name,
  compile(site) {
    const run = rule.compile(site)
    if (typeof run !== 'function') return run
    return (reading, segment, draft) => {
      if (!reading.event.trigger.undoesDischarge) run(reading, segment, draft)
    }
  },
})

const preadmissionRule: SegmentRule = {
  name: 'PV1-5',
  compile(site) {
    const path = 'hospitalization.preAdmissionIdentifier'
    const read = compileDatatype(cx(local), site, 'PV1-5', path)
    return (reading, segment, draft) => {
      const to = fieldTo(reading, segment, 5)
      if (to === 0) return
      const from = fieldFrom(reading, segment, 5)
      const number = read(reading, from, repetitionEnd(reading, from, to))
      if (number !== undefined) setSlot(draft, path, number.identifier)
    }
  },
}

const NO_ELEMENT = 'No element of UK Core Encounter holds it.'
const MONEY = 'Payment: no Account or Coverage is made yet.'

export const pv1ToEncounter = defineSegment({
  segment: 'PV1',
  target: 'Encounter',
  source: 'v2-to-FHIR IG, PV1[Encounter]',
  rules: [
    ignored(1, 'The position of the segment says which it is.'),
    visitNumbersRule,
    undoneDischargeRule,
    classRule(PATIENT_CLASS),
    placesRule,
    list('PV1-4', 4, 'type', cwe('PV1-4', ADMISSION_TYPE)),
    preadmissionRule,
    participantsRule(7, 'ATND', 'attender'),
    participantsRule(8, 'REF', 'referrer'),
    participantsRule(9, 'CON', 'consultant'),
    one('PV1-10', 10, 'serviceType', cwe('PV1-10')),
    notMapped([11, 42, 43], 'Temporary and pending places: only where the patient is, is kept.'),
    notMapped(12, NO_ELEMENT),
    one('PV1-13', 13, 'hospitalization.reAdmission', cwe('PV1-13', READMISSION)),
    one('PV1-14', 14, 'hospitalization.admitSource', cwe('PV1-14')),
    list('PV1-15', 15, 'hospitalization.specialArrangement', cwe('PV1-15', AMBULATORY_STATUS)),
    list('PV1-16', 16, 'hospitalization.specialCourtesy', cwe('PV1-16')),
    participantsRule(17, 'ADM', 'admitter'),
    notMapped(18, 'Patient type: every sender means something else by it.'),
    notMapped([20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35], MONEY),
    unlessUndone(one('PV1-36', 36, DESTINATION_PATH, cwe('PV1-36'))),
    notMapped(37, 'Discharged to: no Location is made for it.', { name: 'PV1-37' }),
    list('PV1-38', 38, 'hospitalization.dietPreference', cwe('PV1-38')),
    notMapped(39, 'Servicing facility: no service provider is made yet.'),
    notMapped([40, 41], NO_ELEMENT),
    value('PV1-44', 44, 'period.start', dateTime),
    unlessUndone(value('PV1-45', 45, 'period.end', dateTime)),
    notMapped([46, 47, 48, 49], MONEY),
    notMapped([51, 53, 54], NO_ELEMENT),
    participantsRule(52, 'PART', 'Participation'),
  ],
})

/**
 * In the UK PV1-4 is the admission method, PV1-10 a treatment function, PV1-14 the source of
 * admission, PV1-36 the discharge method and PV1-37 the discharge destination.
 */
export const ukPv1ToEncounter = layerSegment(pv1ToEncounter, [
  classRule(UK_PATIENT_CLASS),
  extensionOf(
    'PV1-4',
    4,
    'hospitalization.extension',
    ukExtension('AdmissionMethod'),
    'valueCodeableConcept',
    cwe('PV1-4', ADMISSION_METHOD),
  ),
  one('PV1-10', 10, 'serviceType', cwe('PV1-10', TREATMENT_FUNCTION)),
  one('PV1-14', 14, 'hospitalization.admitSource', cwe('PV1-14', SOURCE_OF_ADMISSION)),
  unlessUndone(
    extensionOf(
      'PV1-36',
      36,
      'extension',
      DISCHARGE_METHOD_URL,
      'valueCodeableConcept',
      cwe('PV1-36', DISCHARGE_METHOD),
    ),
  ),
  unlessUndone(one('PV1-37', 37, DESTINATION_PATH, cwe('PV1-37', DISCHARGE_DESTINATION))),
])

/** The number that a visit is known by, marked as read by nobody: only whether there is one. */
export function hasVisitNumber(reading: Reading, segment: number): boolean {
  const from = fieldFrom(reading, segment, 19)
  const to = fieldTo(reading, segment, 19)
  return to !== 0 && !isNullField(reading, segment, 19) && reading.leaves.components[from] === 1
}
