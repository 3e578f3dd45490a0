import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { isAlmonerError } from '@almoner/core'
import { applyDraft } from '@almoner/fhir'
import fc from 'fast-check'
import { draftsToBundle } from './bundle.ts'
import { MAP_ERRORS } from './errors.ts'
import { MAP_FLAGS } from './flags.ts'
import { type Mapped, toFhir } from './mapper.ts'
import { pidToPatient } from './segments/pid.rules.ts'
import {
  adt,
  CONTEXT,
  elementAt,
  entryAt,
  lines,
  mapper,
  mapText,
  oru,
  PID,
} from './testing/samples.ts'
import { ukCore } from './uk/uk-core.ts'

describe('the mapper', () => {
  for (const [messageType, trigger, isAccepted] of [
    ['ADT', 'A01', true],
    ['ADT', 'A40', true],
    ['ADT', '', true],
    ['ORU', 'R01', true],
    ['ORU', '', true],
    ['ADT', 'A17', false],
    ['ORU', 'R30', false],
    ['SIU', 'S12', false],
    ['', '', false],
  ] as const) {
    test(`${isAccepted ? 'accepts' : 'does not accept'} ${messageType}^${trigger}`, () => {
      assert.equal(mapper.accepts({ messageType, trigger }), isAccepted)
    })
  }

  for (const header of ['ADT^A17', 'SIU^S12', 'ADT', '']) {
    test(`refuses ${header === '' ? 'a message of no type' : header}`, () => {
      const text = lines(`MSH|^~\\&|PAS|RXX|||20240710||${header}|1|P|2.4`, PID)
      assert.throws(() => mapText(text), { code: 'MAP_UNSUPPORTED_MESSAGE' })
    })
  }

  test('takes the event of v2.1 from EVN-1', () => {
    const text = lines('MSH|^~\\&|PAS|RXX|||19900101||ADT|1|P|2.1', 'EVN|A01', PID, 'PV1|1|I')
    assert.equal(mapText(text).drafts.length, 2)
  })

  test('refuses a time zone that does not exist', () => {
    assert.throws(() => mapText(adt('A31', PID), { ...CONTEXT, timeZone: 'Mars/Base' }), {
      code: 'MAP_UNKNOWN_TIME_ZONE',
    })
  })

  test('has a version that tells its rules apart', () => {
    assert.equal(toFhir(ukCore).version, mapper.version)
    const other = toFhir({ ...ukCore, pd1: { ...ukCore.pd1, rules: [] } })
    assert.notEqual(other.version, mapper.version)
    assert.notEqual(toFhir({ ...ukCore, pid: pidToPatient }).version, mapper.version)
  })

  test('keeps each ledger apart, however late it is read', () => {
    const first = mapText(adt('A31', 'PID|1||1^^^RXX||SMITH^ANN'))
    const before = structuredClone(first.ledger.entries())
    for (let at = 0; at < 5; at++) mapText(oru(PID, 'OBR|1||F1|X', 'OBX|1|NM|A||1'))
    assert.deepEqual(first.ledger.entries(), before)
    assert.equal(entryAt(first, 'PID-5.2').target, 'patient.name[0].given[0]')
  })

  test('reads a message with many segments and leaves', () => {
    const rows = Array.from({ length: 2_000 }, (_, at) => `OBX|${at}|NM|T${at}||${at}`)
    const mapped = mapText(oru(PID, 'OBR|1||F1|X', ...rows))
    assert.equal(mapped.drafts.length, 2_002)
    assert.equal(mapped.ledger.unmapped, 0)
  })

  test('gives the same for the same message', () => {
    const text = adt('A01', PID, 'PV1|1|I|A||||C1^Doc|||||||||||||7')
    assert.deepEqual(mapText(text).drafts, mapText(text).drafts)
  })

  test('understands other delimiters', () => {
    const text = 'MSH*:!?%*PAS*RXX***20240710**ADT:A31*1*P*2.4\rPID*1**1:::RXX!2:::RYY**SMITH:ANN'
    assert.equal(entryAt(mapText(text), 'PID-3[2].4').target, 'patient.identifier[1].system')
  })

  test('says of a wrapped line that no rule knows it', () => {
    const mapped = mapText(adt('A31', PID, 'continued text|x'))
    const last = mapped.ledger.entries().at(-1)
    assert.equal(last?.rule, 'none')
    assert.match(last?.why ?? '', /no rule knows/)
  })
})

describe('the tables of codes', () => {
  test('name every failure with a safe sentence and a way out', () => {
    for (const [code, row] of Object.entries(MAP_ERRORS.table)) {
      assert.match(code, /^MAP_[A-Z_]+$/)
      assert.ok(row.safe.endsWith('.') && row.operator.endsWith('.'))
    }
  })

  test('explain every flag that the rules raise', () => {
    const sources = [
      'segments/obx-value.rules.ts',
      'types/cx.ts',
      'types/date-time.ts',
      'types/cwe.ts',
    ]
    const raised = sources.flatMap((file) =>
      [
        ...readFileSync(new URL(file, import.meta.url), 'utf8').matchAll(/'([A-Z]+(?:_[A-Z]+)+)'/g),
      ].map(([, code = '']) => code),
    )
    const unexplained = raised.filter((code) => !(code in MAP_FLAGS) && !/^FHIR|^TEXT/.test(code))
    assert.deepEqual(unexplained, [])
  })
})

describe('any message at all', () => {
  const name = fc.constantFrom(
    ...['PID', 'PD1', 'NK1', 'PV1', 'PV2', 'MRG', 'ORC', 'OBR', 'OBX', 'NTE', 'SPM', 'EVN', 'ZZ1'],
  )
  const piece = fc.constantFrom(
    ...['', '""', 'A', 'NM', 'TX', 'CE', 'SN', 'NHS', '9990000018', '20240710', '202403310130'],
    ...['<5', 'F', '1', '^', '&', '~', '\\', '\\.br\\', '\\T\\', ' ', 'é', '\ud83d'],
  )
  const field = fc.array(fc.tuple(piece, fc.constantFrom('^', '&', '~', '')), { maxLength: 6 })
  const line = fc
    .tuple(name, fc.array(field, { maxLength: 46 }))
    .map(([first, fields]) => [first, ...fields.map((pieces) => pieces.flat().join(''))].join('|'))
  const header = fc.constantFrom('ADT^A01', 'ADT^A08', 'ADT^A13', 'ADT^A40', 'ORU^R01')
  const message = fc
    .tuple(header, fc.array(line, { minLength: 1, maxLength: 8 }))
    .map(([type, rows]) => lines(`MSH|^~\\&|PAS|RXX|||20240710||${type}|1|P|2.4`, PID, ...rows))

  test('is mapped with every leaf accounted for, or refused by name', () => {
    fc.assert(
      fc.property(message, (text) => {
        let mapped: Mapped
        try {
          mapped = mapText(text)
        } catch (thrown) {
          assert.ok(isAlmonerError(thrown) && thrown.code.startsWith('MAP_'), String(thrown))
          return
        }
        const entries = mapped.ledger.entries()
        const { mapped: taken, ignored, unmapped } = mapped.ledger
        assert.equal(taken + ignored + unmapped, entries.length)
        const resources: Record<string, unknown> = Object.fromEntries(
          mapped.drafts.map((draft) => [draft.name, applyDraft(undefined, draft)]),
        )
        for (const { fate, target, why, path } of entries) {
          // A reason beside a mapped leaf: it deletes.
          const isThere = elementAt(resources, target ?? '') !== undefined || why !== undefined
          assert.ok(fate === 'mapped' ? isThere : why !== undefined, `${path} ${fate} ${target}`)
        }
        JSON.stringify(draftsToBundle(mapped.drafts))
      }),
      { numRuns: 1500 },
    )
  })
})
