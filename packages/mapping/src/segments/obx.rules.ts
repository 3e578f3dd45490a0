/**
 * OBX ⇄ Observation. Source: v2-to-FHIR IG, OBX[Observation]; HL7 v2.5.1 chapter 7.4.2; UK Core
 * Observation-Lab 2.0.1.
 */
import type { Reference } from '@almoner/fhir'
import {
  compileDatatype,
  type Datatype,
  type Element,
  kept,
  keptText,
  takeKept,
} from '../rule/datatype.ts'
import { setSlot, uniteSlot } from '../rule/draft-builder.ts'
import { text, token } from '../rule/lens.ts'
import { authoritySystem, localCodes } from '../rule/names.ts'
import { fieldFrom, fieldTo, hasField, refuse, repetitionEnd, take } from '../rule/reading.ts'
import {
  defineSegment,
  ignored,
  isNullField,
  list,
  notMapped,
  one,
  readRepetitions,
  type SegmentRule,
} from '../rule/segment.ts'
import { INTERPRETATION, OBSERVATION_STATUS } from '../tables/result.ts'
import { cwe } from '../types/cwe.ts'
import { ei } from '../types/ei.ts'
import { xcn } from '../types/xcn.ts'
import { xon } from '../types/xon.ts'
import { ODS_ORGANISATION, v2Table } from '../uk/systems.ts'
import { resultTimeRule } from './effective.rules.ts'
import { resultCodeRule } from './obr.rules.ts'
import { valueRule } from './obx-value.rules.ts'
import { organisations, practitioners } from './parties.ts'
import { readParties } from './pd1.rules.ts'
import { resultStatusRule } from './result-status.rules.ts'

const ID = 0
const NAME = 1
const SYSTEM = 2

/** A laboratory named by a code and words: a reference by identifier needs no resource. */
const producer: Datatype<Reference> = {
  name: 'CWE',
  fhir: 'Reference',
  source: 'v2-to-FHIR IG, CWE[Organization]',
  parts: [
    kept('1', 'identifier.value', token),
    kept('2', 'display', text),
    kept('3', 'identifier.system', token),
  ],
  finish(reading, _element, parts) {
    const id = keptText(reading, parts, ID)
    const words = keptText(reading, parts, NAME)
    const name = keptText(reading, parts, SYSTEM)
    const reference: Element = { type: 'Organization' }
    if (id !== '') {
      const named = name === 'ODS' ? ODS_ORGANISATION : authoritySystem(reading.sender, name)
      const system = name === '' ? localCodes(reading.sender, 'OBX-15') : named
      const identifier = { system, value: id }
      reference['identifier'] = identifier
      takeKept(reading, parts, ID, identifier, 'value')
      takeKept(reading, parts, SYSTEM, identifier, 'system')
    }
    if (words !== '') reference['display'] = words
    takeKept(reading, parts, NAME, reference, 'display')
    return id === '' && words === '' ? undefined : reference
  },
}

/** OBX-15 and OBX-23 name the laboratory, OBX-16 the person; two snapshots. */
const performersRule: SegmentRule = {
  name: 'OBX-15 OBX-16 OBX-23',
  compile(site) {
    const readProducer = compileDatatype(producer, site, 'OBX-15', 'performer')
    const readPerson = practitioners(
      compileDatatype(xcn, site, 'OBX-16', 'performer(Practitioner)'),
    )
    const readLaboratory = organisations(
      compileDatatype(xon, site, 'OBX-23', 'performer(Organization)'),
    )
    return (reading, segment, draft) => {
      if (hasField(reading, segment, 15) || hasField(reading, segment, 23)) {
        const laboratories = [
          ...readRepetitions(reading, readProducer, segment, 15),
          ...readParties(reading, segment, 23, readLaboratory),
        ]
        setSlot(draft, 'performer', laboratories, { type: 'Organization' })
      }
      if (!hasField(reading, segment, 16)) return
      const people = readParties(reading, segment, 16, readPerson)
      setSlot(draft, 'performer', people, { type: 'Practitioner' })
    }
  },
}

const instanceRule: SegmentRule = {
  name: 'OBX-21',
  compile(site) {
    const read = compileDatatype(ei, site, 'OBX-21', 'identifier')
    return (reading, segment, draft) => {
      const to = fieldTo(reading, segment, 21)
      if (to === 0) return
      const from = fieldFrom(reading, segment, 21)
      const identifier = read(reading, from, repetitionEnd(reading, from, to))
      if (identifier !== undefined) uniteSlot(draft, 'identifier', [identifier])
    }
  },
}

/** OBX-4 tells rows of one test apart; it is part of the identifier of the result. */
const subIdRule: SegmentRule = {
  name: 'OBX-4',
  compile(site) {
    const rule = site.add({
      v2: 'OBX-4',
      fhir: 'identifier.value',
      lens: 'last steps of the identifier that is made from the order number',
      oneWay: 'Taken out of the identifier again.',
    })
    return (reading, segment, draft) => {
      const to = fieldTo(reading, segment, 4)
      const isNull = to !== 0 && isNullField(reading, segment, 4)
      // Marked with the identifier that oru.ts made: the first of the draft.
      const made = draft.slots.find(({ path }) => path === 'identifier')?.value
      const identifier: unknown = Array.isArray(made) ? made[0] : undefined
      for (let leaf = fieldFrom(reading, segment, 4); leaf < to; leaf++) {
        if (identifier === undefined || isNull) refuse(reading, leaf, rule, NO_IDENTIFIER)
        else take(reading, leaf, rule, identifier, 'value')
      }
    }
  },
}

const NO_IDENTIFIER = 'it is part of an identifier, and there is none to be part of'

const positionRule = ignored(1, 'The position of the segment says which it is.')

const NO_ELEMENT = 'The IG knows no element for it, or none that UK Core uses.'

const OBX = {
  segment: 'OBX',
  target: 'Observation',
  source: 'v2-to-FHIR IG, OBX[Observation]',
} as const

/** What is left to read of a row that only carries on a text. */
export const obxLine = defineSegment({ ...OBX, rules: [positionRule] })

export const obxToObservation = defineSegment({
  ...OBX,
  rules: [
    positionRule,
    subIdRule,
    resultStatusRule(11, OBSERVATION_STATUS, v2Table('0085')),
    resultCodeRule(3),
    valueRule,
    list('OBX-8', 8, 'interpretation', cwe('OBX-8', INTERPRETATION)),
    resultTimeRule,
    performersRule,
    one('OBX-17', 17, 'method', cwe('OBX-17')),
    one('OBX-20', 20, 'bodySite', cwe('OBX-20')),
    instanceRule,
    notMapped([9, 10, 12, 13], NO_ELEMENT),
    notMapped(18, 'The instrument: no Device is made yet.'),
    notMapped([19, 22, 26, 27, 28, 29, 30, 31, 32, 33], NO_ELEMENT),
    notMapped([24, 25], 'Address and director of the laboratory are not carried over yet.'),
  ],
})
