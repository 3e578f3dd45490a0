/**
 * PID ⇄ Patient. Source: v2-to-FHIR IG, PID[Patient]; HL7 v2.5.1 chapter 3.4.2; UK Core Patient
 * 2.6.1. `pidToPatient` holds the rows of the IG, `ukPidToPatient` what the UK replaces and adds.
 */

import { codeLens } from '../rule/code-table.ts'
import { compileDatatype } from '../rule/datatype.ts'
import { setSlot } from '../rule/draft-builder.ts'
import { text } from '../rule/lens.ts'
import {
  fieldFrom,
  fieldTo,
  isNullLeaf,
  refuse,
  repetitionEnd,
  take,
  trimmedText,
} from '../rule/reading.ts'
import {
  code,
  defineSegment,
  deleteSlot,
  extensionOf,
  ignored,
  isNullField,
  layerSegment,
  list,
  notMapped,
  one,
  primitiveEnd,
  primitiveText,
  type SegmentRule,
} from '../rule/segment.ts'
import {
  ADMINISTRATIVE_SEX,
  MARITAL_STATUS,
  UK_ETHNIC,
  UK_MARITAL,
  UK_SEX,
} from '../tables/person.ts'
import { cwe } from '../types/cwe.ts'
import { language } from '../types/language.ts'
import { xad } from '../types/xad.ts'
import { xpn } from '../types/xpn.ts'
import { r4Extension, ukExtension, v2Table } from '../uk/systems.ts'
import { patientIdentifiersRule } from './pid-identifiers.rules.ts'
import { birthRule, deathRule, multipleBirthRule } from './pid-life.rules.ts'
import { patientNamesRule } from './pid-names.rules.ts'
import { patientTelecomRule } from './pid-telecom.rules.ts'

const MAIDEN = r4Extension('patient-mothersMaidenName')

/** XPN as one text: given names, family name, suffix. */
const mothersMaidenNameRule: SegmentRule = {
  name: 'PID-6',
  compile(site) {
    const read = compileDatatype(xpn, site, 'PID-6', `extension(${MAIDEN}).valueString`)
    const claim = { url: MAIDEN }
    return (reading, segment, draft) => {
      const to = fieldTo(reading, segment, 6)
      if (to === 0) return
      const from = fieldFrom(reading, segment, 6)
      if (isNullField(reading, segment, 6)) {
        read(reading, from, to)
        return deleteSlot(reading, from, draft, 'extension', { claim })
      }
      const end = repetitionEnd(reading, from, to)
      const name = read(reading, from, end)
      if (name === undefined) return
      const { prefix, given, family, suffix } = name
      const words = [prefix, given, family, suffix]
        .flat()
        .filter((word) => typeof word === 'string')
      const extension = { url: MAIDEN, valueString: words.join(' ') }
      if (words.length > 0) setSlot(draft, 'extension', [extension], claim)
      for (let leaf = from; leaf < end; leaf++) {
        const mark = reading.marks[leaf]!
        if (mark <= 0) continue
        const isShown = isNullLeaf(reading, leaf) || words.includes(trimmedText(reading, leaf))
        if (isShown) take(reading, leaf, mark, extension, 'valueString')
        else refuse(reading, leaf, mark, 'only the words of the name fit into the text')
      }
    }
  },
}

const communicationRule: SegmentRule = {
  name: 'PID-15',
  compile(site) {
    const read = compileDatatype(language, site, 'PID-15', 'communication.language')
    return (reading, segment, draft) => {
      const to = fieldTo(reading, segment, 15)
      if (to === 0) return
      const from = fieldFrom(reading, segment, 15)
      const spoken = read(reading, from, repetitionEnd(reading, from, to))
      if (spoken !== undefined) setSlot(draft, 'communication', [{ language: spoken }])
      else if (isNullField(reading, segment, 15)) {
        deleteSlot(reading, from, draft, 'communication', {})
      }
    }
  },
}

const BIRTH_PLACE = r4Extension('patient-birthPlace')

const birthPlaceRule: SegmentRule = {
  name: 'PID-23',
  compile(site) {
    const rule = site.add({
      v2: 'PID-23',
      fhir: `extension(${BIRTH_PLACE}).valueAddress.text`,
      lens: text.name,
    })
    const claim = { url: BIRTH_PLACE }
    return (reading, segment, draft) => {
      const to = primitiveEnd(reading, segment, 23, text)
      if (to === 0) return
      const from = fieldFrom(reading, segment, 23)
      if (isNullLeaf(reading, from)) {
        return take(reading, from, rule, setSlot(draft, 'extension', [], claim), '')
      }
      const valueAddress = { text: primitiveText(reading, from, to) }
      setSlot(draft, 'extension', [{ url: BIRTH_PLACE, valueAddress }], claim)
      for (let leaf = from; leaf < to; leaf++) take(reading, leaf, rule, valueAddress, 'text')
    }
  },
}

/** An extension that holds its code in an inner extension: citizenship, nationality. */
const codeExtensionRule = (name: string, n: number, url: string): SegmentRule => ({
  name,
  compile(site) {
    const field = `PID-${n}`
    const read = compileDatatype(cwe(field), site, field, `extension(${url}).extension(code)`)
    const claim = { url }
    return (reading, segment, draft) => {
      const to = fieldTo(reading, segment, n)
      if (to === 0) return
      const from = fieldFrom(reading, segment, n)
      const concept = read(reading, from, repetitionEnd(reading, from, to))
      if (concept !== undefined) {
        const inner = { url: 'code', valueCodeableConcept: concept }
        setSlot(draft, 'extension', [{ url, extension: [inner] }], claim)
      } else if (isNullField(reading, segment, n)) {
        deleteSlot(reading, from, draft, 'extension', { claim })
      }
    }
  },
})

export const pidToPatient = defineSegment({
  segment: 'PID',
  target: 'Patient',
  source: 'v2-to-FHIR IG, PID[Patient]',
  rules: [
    ignored(1, 'The position of the segment says which it is.'),
    patientIdentifiersRule,
    patientNamesRule,
    mothersMaidenNameRule,
    birthRule,
    code('PID-8', 8, 'gender', codeLens(ADMINISTRATIVE_SEX), { system: v2Table('0001') }),
    notMapped(10, 'Race: each country has its own extension; the UK has none.', { name: 'PID-10' }),
    list('PID-11', 11, 'address', xad),
    notMapped(12, 'County code: the county of each address stands in PID-11.'),
    patientTelecomRule,
    communicationRule,
    one('PID-16', 16, 'maritalStatus', cwe('PID-16', MARITAL_STATUS)),
    extensionOf(
      'PID-17',
      17,
      'extension',
      r4Extension('patient-religion'),
      'valueCodeableConcept',
      cwe('PID-17'),
    ),
    notMapped(18, 'Account number: no Account is made yet.'),
    notMapped([19, 20], 'Social security and driving licence numbers are not carried over.'),
    notMapped(21, 'Mother: no RelatedPerson is made yet.'),
    notMapped(22, 'Ethnic group: each country has its own extension.', { name: 'PID-22' }),
    birthPlaceRule,
    multipleBirthRule,
    codeExtensionRule('PID-26', 26, r4Extension('patient-citizenship')),
    codeExtensionRule('PID-28', 28, r4Extension('patient-nationality')),
    deathRule,
    notMapped(31, 'Unknown identity: FHIR has no element for it; never matched by guesswork here.'),
    notMapped([33, 34], 'When and where the record was changed: no Provenance is made yet.'),
  ],
})

/** What the UK replaces and adds. */
export const ukPidToPatient = layerSegment(pidToPatient, [
  code('PID-8', 8, 'gender', codeLens(UK_SEX), {
    system: v2Table('0001'),
    source: UK_SEX.source,
  }),
  notMapped(10, 'Race is not recorded in the UK; the ethnic category stands in PID-22.', {
    name: 'PID-10',
  }),
  one('PID-16', 16, 'maritalStatus', cwe('PID-16', UK_MARITAL)),
  extensionOf(
    'PID-22',
    22,
    'extension',
    ukExtension('EthnicCategory'),
    'valueCodeableConcept',
    cwe('PID-22', UK_ETHNIC),
  ),
])
