/**
 * XPN ⇄ HumanName. Source: v2-to-FHIR IG, XPN[HumanName] and FN[HumanName]; HL7 v2.5.1 chapter
 * 2A.89. ITK adds name types (table 0200).
 */
import { codeLens } from '../rule/code-table.ts'
import { type Datatype, type Element, part } from '../rule/datatype.ts'
import { text, token } from '../rule/lens.ts'
import { UK_NAME_TYPES } from '../tables/names.ts'
import { dateTime } from './date-time.ts'

const SUFFIX = 'Suffix, degree and professional suffix all become suffixes; the first is sent back.'

export const xpn: Datatype<Element> = {
  name: 'XPN',
  fhir: 'HumanName',
  source: 'v2-to-FHIR IG, XPN[HumanName]',
  parts: [
    part('1', 'family', token),
    part('2', 'given[]', text),
    part('3', 'given[]', text, {
      oneWay: 'Further names stay one item, as the sender wrote them.',
    }),
    part('4', 'suffix[]', text, { oneWay: SUFFIX }),
    part('5', 'prefix[]', text),
    part('6', 'suffix[]', text, { oneWay: SUFFIX }),
    part('7', 'use', codeLens(UK_NAME_TYPES)),
    part('10', 'period.start', dateTime),
    part('10.2', 'period.end', dateTime),
    part('12', 'period.start', dateTime),
    part('13', 'period.end', dateTime),
    part('14', 'suffix[]', text, { oneWay: SUFFIX }),
  ],
}
