import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { parseMessage } from '@almoner/hl7v2'
import { MAP_ERRORS } from './errors.ts'
import { MAP_FLAGS } from './flags.ts'
import { toFhir } from './mapper.ts'
import { adt, CONTEXT, entryAt, lines, mapper, mapText, oru, PID } from './testing/samples.ts'
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

test('parsing and mapping need nothing but the text', () => {
  assert.ok(mapper.map(parseMessage(adt('A31', PID)), CONTEXT).drafts.length === 1)
})
