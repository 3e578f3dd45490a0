/**
 * Language codes ⇄ Patient.communication.language. UK Core requires a code of the IETF list (BCP
 * 47); NHS systems send ISO 639-1 in capitals, HL7 table 0296 also the three letters of ISO 639-2.
 * Source: NHS Data Dictionary, LANGUAGE CODE (q4 is British Sign Language); UK Core HumanLanguage.
 */
import type { CodeableConcept } from '@almoner/fhir'
import {
  type Datatype,
  dropElement,
  type Element,
  kept,
  keptText,
  refuseKept,
  takeKept,
} from '../rule/datatype.ts'
import { text, token } from '../rule/lens.ts'

const SYSTEM = 'urn:ietf:bcp:47'

/** ISO 639-1. */
const TWO_LETTERS: ReadonlySet<string> = new Set(
  `aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de
  dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia
  id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo
  lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl
  ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk
  tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu`.split(/\s+/),
)

/** Signed languages of the NHS list that have a code of their own. */
const SIGNED: ReadonlyMap<string, string> = new Map([
  ['q2', 'ase'],
  ['q3', 'asf'],
  ['q4', 'bfi'],
])

/** The BCP 47 code, or undefined when it is none that is known. */
export function languageCode(code: string): string | undefined {
  const lower = code.toLowerCase()
  if (TWO_LETTERS.has(lower)) return lower
  const signed = SIGNED.get(lower)
  if (signed !== undefined) return signed
  return /^[a-z]{3}$/.test(lower) ? fromThreeLetters(lower) : fromRegional(code)
}

/** ISO 639-2 has the same languages under three letters: `eng` is `en`. */
function fromThreeLetters(lower: string): string | undefined {
  const short = Intl.getCanonicalLocales(lower)[0]
  return short !== undefined && TWO_LETTERS.has(short) ? short : undefined
}

/** `en-GB` */
function fromRegional(code: string): string | undefined {
  const found = /^([A-Za-z]{2})-([A-Za-z]{2})$/.exec(code)
  if (found === null || !TWO_LETTERS.has(found[1]!.toLowerCase())) return undefined
  return `${found[1]!.toLowerCase()}-${found[2]!.toUpperCase()}`
}

const CODE = 0
const TEXT = 1
const SYSTEM_NAME = 2

export const language: Datatype<CodeableConcept> = {
  name: 'CWE',
  fhir: 'CodeableConcept',
  source: 'NHS Data Dictionary, LANGUAGE CODE; UK Core Patient.communication',
  parts: [
    kept(
      '1',
      'coding.code',
      { ...token, name: 'language (BCP 47)' },
      {
        oneWay: 'Two and three letters and the NHS codes of signed languages become BCP 47.',
      },
    ),
    kept('2', 'text', text),
    kept('3', '', token),
  ],
  finish(reading, _element, parts, from, to) {
    const code = languageCode(keptText(reading, parts, CODE))
    if (code === undefined) {
      return dropElement(reading, parts, from, to, 'not a language code that FHIR takes')
    }
    const coding = { system: SYSTEM, code }
    const concept: Element = { coding: [coding] }
    takeKept(reading, parts, CODE, coding, 'code')
    refuseKept(reading, parts, SYSTEM_NAME, 'the language is stored by its BCP 47 code')
    const words = keptText(reading, parts, TEXT)
    if (words !== '') concept['text'] = words
    takeKept(reading, parts, TEXT, concept, 'text')
    return concept
  },
}
