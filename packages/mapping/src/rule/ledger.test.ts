import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { applyDraft } from '@almoner/fhir'
import { parseMessage, serialise } from '@almoner/hl7v2'
import type { Mapped } from '../mapper.ts'
import { CONTEXT, elementAt, lines, mapper } from '../testing/samples.ts'

/** Letters and digits only: dates and numbers are written differently on both sides. */
const bare = (text: string): string => text.replaceAll(/[^A-Za-z0-9]/g, '')

/** Fails unless every leaf has a fate, and every mapped leaf its value where the ledger says. */
function assertHonest(mapped: Mapped, text: string, isSentinel: (leaf: string) => boolean): void {
  const { ledger } = mapped
  const resources = new Map(
    mapped.drafts.map((draft) => [draft.name, applyDraft(undefined, draft)]),
  )
  const entries = ledger.entries()
  const counts = { mapped: 0, ignored: 0, unmapped: 0 }
  for (const { path, start, end, fate, rule, target, why } of entries) {
    counts[fate]++
    if (fate !== 'mapped') {
      assert.ok(why !== undefined && why !== '', `${path} is ${fate} without a reason`)
      continue
    }
    assert.notEqual(rule, 'none')
    assert.ok(target !== undefined, `${path} is mapped by ${rule} to nothing`)
    const leaf = text.slice(start, end)
    if (!isSentinel(leaf)) continue
    const dot = target.indexOf('.')
    const value = elementAt(resources.get(target.slice(0, dot)), target.slice(dot + 1))
    assert.ok(
      bare(JSON.stringify(value) ?? '').includes(bare(leaf)),
      `${path} ${leaf} by ${rule} is not at ${target}: ${JSON.stringify(value)}`,
    )
  }
  assert.deepEqual(
    { mapped: ledger.mapped, ignored: ledger.ignored, unmapped: ledger.unmapped },
    counts,
  )
  assert.deepEqual(
    ledger.unmappedPaths,
    entries.filter(({ fate }) => fate === 'unmapped').map(({ path }) => path),
  )
}

const MESSAGES: readonly (readonly [name: string, text: string])[] = [
  [
    'ADT A01',
    lines(
      'MSH|^~\\&|PAS|RCB|EPR|RXX|202407101418||ADT^A01^ADT_A01|M1|P|2.4|1|20240710141857|||GBR|UNICODE|EN||iTKv1.0',
      'EVN|A01|202407101400||R|111^Cortana^Emily|202407101400',
      'PID|1|77^^^OLD|9990000018^^^NHS~4821976^^^RCB^MR^RXX^20200101^20300101|88^^^ALT^PI|SMITH^ANN^J^JR^MRS^MD^L^^^20200101&20300101^^20200101^20300101^QC|JONES^MARY|196512131515|2|BROWN^AL|R|1 WEST AV&STREET&1^BURY^MALTON^YORKS^YO32 5TT^GBR^H^^NYK^^^20200101&20300101|C|0441^PRN^PH^^^^^12~^NET^Internet^a@b.example|0442|EN^English|M^Married^HL70002|C22^Anglican|AC1|SSN|DL|MOM|A^British|Berlin|Y|2|GBR^British|V|DEU^German|20240709|Y|Y|NSTS01|20240101|PAS',
      'PD1|||MALTON^^Y06601^^^ODS^XX^^^|G5612908^Townley^Gregory^A^B^Dr^MD^^GMC|||||||||Y',
      'NTE|1|L|A comment',
      'NK1|1|SMITH^ALBERT|SPO^Spouse|1 WEST AV^^MALTON|0443|0444|N^Next|20200101|20300101|JOB|||ACME^^X1|S|1|19631111||||EN|||||||||PERSON|0445',
      'PV1|1|I^Inpatient|A1^BAY2^6^RCB55^^^B^2^Desc|13^Planned|PRE1^^^RCB|A0^BAY1^5|C3456789^Darwin^Samuel^B^C^Dr^MD^^GMC^L^^^MR|^Named^Only|C3456789^Darwin^Samuel^B^C^Dr^MD^^GMC^L^^^MR|300^General|T1|W|R^Re|19^Home|B6^Pregnant|V^Vip|D7^Admitter|PT|2139^^^RCB^VN|F|||||||||||||||1^Consent|19^Usual|D^Diet|FAC|U|||P1||202407101350|202407111350|||||A2^^^RCB|O|D8^Other',
      'PV2|P|AC|R1^Reason|T|||| 202407201200|202407251200|1||Words|R9||||||||||||1^Urgent|||||||||||||C^Car',
      'AL1|1|DA|Z88.5',
      'ZU1|1|2',
    ),
  ],
  [
    'ADT A31 without a visit',
    lines(
      'MSH|^~\\&|PAS|RXX|||20240710||ADT^A31|M1|P|2.4',
      'EVN|A31|202407101400',
      'PID|1||4821976^^^RXX^MR||SMITH^ANN',
      'PV1|1|N|A1',
      'PV2|||R1',
    ),
  ],
  [
    'ADT A13',
    lines(
      'MSH|^~\\&|PAS|RXX|||20240710||ADT^A13|M1|P|2.4',
      'PID|1||4821976^^^RXX^MR',
      'PV1|1|I|A1^B^C||||||||||||||||2139|||||||||||||||||1|19||||||||202407111350',
    ),
  ],
  [
    'ADT A12',
    lines(
      'MSH|^~\\&|PAS|RXX|||20240710||ADT^A12|M1|P|2.4',
      'PID|1||4821976^^^RXX^MR',
      'PV1|1|I|A1^B^C|||A2^B^D|||||||||||||2139',
    ),
  ],
  [
    'ADT A40',
    lines(
      'MSH|^~\\&|PAS|RXX|||20240710||ADT^A40|M1|P|2.4',
      'EVN|A40|202407101400',
      'PID|1||4821976^^^RXX^MR||SMITH^ANN',
      'MRG|1111^^^RXX^MR~9990000026^^^NHS|2222|AC|3333|V1|V2|SMITH^ANNE',
      'PID|2||4821977^^^RXX^MR||JONES^ANN',
      'MRG|1112',
    ),
  ],
  [
    'ORU R01',
    lines(
      'MSH|^~\\&|LIMS|RXX|||20240710||ORU^R01|M1|P|2.5.1',
      'PID|1||4821976^^^RXX^MR||SMITH^ANN||19651213|F|||1 WEST AV^^MALTON||0441|0442',
      'PD1|||MALTON^^Y06601',
      'PV1|1|I|A1^B^C||||C1^Doc^Ann||||||||||||2139',
      'ORC|RE|P1^EPR|F1^LAB|G1|CM',
      'OBR|1|P1^EPR^1.2.3^ISO|F1^LAB|UE^Urea^L^ALT^Other^LN|R|20240101|20240710|20240711|5|COL|A|D|Info|20240710|SER|ORD^Doc|||||||20240710120000||CH|F|PR|TQ|CC|PAR|T|RS|C7&Int&Ann&&&Dr&MD&&GMC|A2|C8&Perf&Bob',
      'NTE|1|L|Report comment|C',
      'TQ1|1',
      'OBX|1|NM|NA^Sodium^L|S1|140|mmol/L^Mmol^UCUM|133 - 146|H^High^HL70078|9|A|F|X|Y|20240710|LAB1^Main^ODS|D9^Obs^Ann|M1^Meth|E1|20240710|B1^Site|I1^LAB||LABCO^^X26|Addr|Dir',
      'NTE|1||Result comment',
      'SPM|1|SP1',
      'OBX|2|SN|T2^Titre||>^1^:^128|U2^Units^L',
      'OBX|3|CWE|T3^Org||112^Coli^SCT^A^Alt^L^V1^V2^Orig^T^Third^L^V3~113^Other',
      'OBX|4|TX|T4^Text||One & two^three~four|||||||||20240710',
      'OBX|5|TX|T4^Text||Five|||||||||20240710',
      'OBX|6|ST|T5^Text||<5|mg^Milli^L',
      'OBX|7|TM|T6^Time||1530',
      'OBX|8|DT|T7^Date||20240710',
      'OBX|9|ED|T8^Doc||A^application^pdf^Base64^JVBE',
      'OBX|10|XX|T9^Odd||a^b&c~d',
      'OBX|11|NM|T10^Two||1~2|mg',
      'OBX|12|IS|T11^Coded||Y',
    ),
  ],
]

describe('the ledger', () => {
  for (const [name, text] of MESSAGES) {
    test(`says of every leaf of ${name} what became of it`, () => {
      const message = parseMessage(text)
      assertHonest(mapper.map(message, CONTEXT), serialise(message), () => false)
    })
  }

  // A word, a date and a number in every leaf in turn: whatever is said to be mapped must be there.
  for (const sentinel of ['Zq7xW', '19871103', '""', 'Zq7 & xW']) {
    for (const [name, text] of MESSAGES) {
      test(`finds ${sentinel} wherever it stands in ${name}, or says that it is not mapped`, () => {
        const message = parseMessage(text)
        const places = mapper.map(message, CONTEXT).ledger.entries()
        for (const { path, start, end } of places) {
          if (path.startsWith('MSH-') || path === 'EVN-1') continue
          const changed = text.slice(0, start) + sentinel + text.slice(end)
          const mapped = mapper.map(parseMessage(changed), CONTEXT)
          assertHonest(mapped, changed, (leaf) => leaf === sentinel)
        }
      })
    }
  }

  // Every field, component and subcomponent that there could be, also those that no rule knows.
  for (const [name, text] of MESSAGES) {
    test(`loses nothing when every piece of ${name} is filled`, () => {
      const segments = text.split('\r').map((line, index) => (index === 0 ? line : filled(line)))
      const full = segments.join('\r')
      const mapped = mapper.map(parseMessage(full), CONTEXT)
      assertHonest(mapped, full, (leaf) => leaf.startsWith('Zq'))
    })
  }
})

/** The same segment with two repetitions of twelve components in every field. */
function filled(line: string): string {
  const name = line.slice(0, 3)
  if (name === 'EVN') return line
  let count = 0
  const piece = (): string => `Zq${name}${++count}x`
  const component = (): string => `${piece()}&${piece()}`
  const repetition = (): string => Array.from({ length: 14 }, component).join('^')
  const fields = Array.from({ length: 52 }, () => `${repetition()}~${repetition()}`)
  return [name, ...fields].join('|')
}
