import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  adt,
  CONTEXT,
  draftNamed,
  elementAt,
  entryAt,
  mapText,
  resourceNamed,
} from '../testing/samples.ts'
import { FAILED_NUMBER } from '../types/cx.ts'

const NHS = 'https://fhir.nhs.uk/Id/nhs-number'
const pid3 = (list: string) => mapText(adt('A31', `PID|1||${list}`))
const identifiersOf = (mapped: ReturnType<typeof mapText>) =>
  elementAt(resourceNamed(mapped, 'patient'), 'identifier') as readonly Record<string, unknown>[]

describe('the NHS number', () => {
  for (const shape of [
    '9990000018^^^NHS',
    '9990000018^^^NHS^NH',
    '9990000018^^^NHS^HN',
    '9990000018^^^^NHS',
    '9990000018^^^^NH',
    '9990000018^^^NHSNBR^NHSNMBR',
    '9990000018^^^NHS&2.16.840.1.113883.2.1.4.1&ISO',
    '9990000018^^^&2.16.840.1.113883.2.1.4.1&ISO^NH',
    '9990000018^^^nhs^NH',
    '999 000 0018^^^NHS^NH',
    '999-000-0018^^^RXX^NH',
  ]) {
    test(`is understood as ${shape}`, () => {
      const mapped = pid3(shape)
      const [identifier] = identifiersOf(mapped)
      assert.equal(identifier?.['system'], NHS)
      assert.equal(identifier?.['value'], '9990000018')
      assert.deepEqual(draftNamed(mapped, 'patient').identity, [
        { system: NHS, value: '9990000018', strength: 'shared' },
      ])
      assert.equal(mapped.ledger.unmapped, 0)
    })
  }

  test('in PID-2 is taken without a type, and flagged', () => {
    const mapped = mapText(adt('A31', 'PID|1|9990000018|4821976^^^RXX^MR'))
    assert.deepEqual(
      identifiersOf(mapped).map(({ system }) => system),
      ['urn:almoner:authority:RXX', NHS],
    )
    assert.deepEqual(mapped.flags, [{ code: 'NHS_NUMBER_UNTYPED', where: 'PID-2' }])
  })

  test('is never taken from a bare number of PID-3', () => {
    const mapped = pid3('9990000018')
    assert.equal(identifiersOf(mapped)[0]?.['system'], 'urn:almoner:authority:RXX')
  })

  test('with a wrong check digit is kept without the system and identifies nobody', () => {
    const mapped = pid3('9990000019^^^NHS^NH')
    assert.deepEqual(identifiersOf(mapped)[0], {
      value: '9990000019',
      type: {
        coding: [
          {
            system: 'http://terminology.hl7.org/CodeSystem/v2-0203',
            code: 'NH',
            display: 'National Health Plan Identifier',
          },
        ],
        text: FAILED_NUMBER,
      },
      assigner: { display: 'NHS' },
    })
    assert.deepEqual(draftNamed(mapped, 'patient').identity, [])
    assert.equal(draftNamed(mapped, 'patient').ifUnidentified, 'hold')
    assert.deepEqual(mapped.flags, [{ code: 'NHS_NUMBER_INVALID', where: 'PID-3.1' }])
  })

  test('does not gain the NHS system through its OID when its check digit is wrong', () => {
    const mapped = pid3('9990000019^^^&2.16.840.1.113883.2.1.4.1&ISO')
    assert.equal(identifiersOf(mapped)[0]?.['system'], undefined)
  })

  test('is used by neither of two that differ', () => {
    const mapped = pid3('9990000018^^^NHS~9990000026^^^NHS~4821976^^^RXX^MR')
    assert.deepEqual(
      identifiersOf(mapped).map(({ system }) => system),
      [undefined, undefined, 'urn:almoner:authority:RXX'],
    )
    assert.deepEqual(
      draftNamed(mapped, 'patient').identity.map(({ value }) => value),
      ['4821976'],
    )
    assert.deepEqual(
      mapped.flags.map(({ code }) => code),
      ['NHS_NUMBER_AMBIGUOUS', 'NHS_NUMBER_AMBIGUOUS'],
    )
  })

  test('that stands twice is one identifier', () => {
    const mapped = mapText(adt('A31', 'PID|1|9990000018|9990000018^^^NHS~999 000 0018^^^^NH'))
    assert.equal(identifiersOf(mapped).length, 1)
    assert.equal(entryAt(mapped, 'PID-2').target, 'patient.identifier[0].value')
    assert.equal(entryAt(mapped, 'PID-3[2].1').target, 'patient.identifier[0].value')
  })
})

describe('the status of the NHS number', () => {
  const withStatus = (status: string, list = '9990000018^^^NHS~4821976^^^RXX^MR') =>
    mapText(adt('A31', `PID|1||${list}${'|'.repeat(29)}${status}`))
  const statusOf = (mapped: ReturnType<typeof mapText>) =>
    elementAt(
      resourceNamed(mapped, 'patient'),
      'identifier[0].extension[0].valueCodeableConcept.coding[0].code',
    )

  for (const [sent, code] of [
    ['NSTS01', '01'],
    ['NSTS08', '08'],
    ['02', '02'],
    ['AL~NSTS03', '03'],
  ] as const) {
    test(`${sent} is ${code}`, () => {
      assert.equal(statusOf(withStatus(sent)), code)
    })
  }

  test('is not invented', () => {
    assert.equal(statusOf(withStatus('')), undefined)
    assert.equal(statusOf(withStatus('AL')), undefined)
  })

  for (const [why, mapped] of [
    ['there is no NHS number', withStatus('NSTS07', '4821976^^^RXX^MR')],
    ['the NHS number is wrong', withStatus('NSTS01', '9990000019^^^NHS')],
    ['the code is unknown', withStatus('NSTS99')],
    ['it is null', withStatus('""')],
  ] as const) {
    test(`has no place when ${why}`, () => {
      assert.equal(entryAt(mapped, 'PID-32').fate, 'unmapped')
    })
  }

  test('is one: a second is not stored', () => {
    assert.equal(entryAt(withStatus('NSTS01~NSTS02'), 'PID-32[2]').fate, 'unmapped')
  })
})

describe('a local number', () => {
  for (const [why, sent, system] of [
    ['of a named authority', '1^^^RXX', 'urn:almoner:authority:RXX'],
    ['of an OID', '1^^^&1.2.3.4&ISO', 'urn:oid:1.2.3.4'],
    ['of a name with an OID', '1^^^RXX&1.2.3.4&ISO', 'urn:oid:1.2.3.4'],
    [
      'of a UUID',
      '1^^^&2E73AF77-7D22-4E0B-A4D1-3B2B7B4B8A11&UUID',
      'urn:uuid:2e73af77-7d22-4e0b-a4d1-3b2b7b4b8a11',
    ],
    ['of a URI', '1^^^&https://x.example/id&URI', 'https://x.example/id'],
    ["of nobody: it is the sender's", '1', 'urn:almoner:authority:RXX'],
    ['of a kind, not an authority', '1^^^MRN', 'urn:almoner:authority:RXX:MRN'],
    ['of a name with a blank', '1^^^My PAS', 'urn:almoner:authority:My%20PAS'],
    ['of Scotland', '0101011237^^^CHI^NH', 'urn:oid:2.16.840.1.113883.2.1.3.2.4.16.53'],
  ] as const) {
    test(`${why} has the system ${system}`, () => {
      assert.equal(identifiersOf(pid3(sent))[0]?.['system'], system)
    })
  }

  test('of an authority that the site knows has its real system', () => {
    const context = { ...CONTEXT, authorities: { RXX: 'https://rxx.example/id/mrn' } }
    const mapped = mapText(adt('A31', 'PID|1||1^^^RXX^MR'), context)
    assert.equal(identifiersOf(mapped)[0]?.['system'], 'https://rxx.example/id/mrn')
  })

  test('of no sender at all belongs to the organisation of the site', () => {
    const mapped = mapText('MSH|^~\\&|||||||ADT^A31|1|P|2.4\rPID|1||1', {
      ...CONTEXT,
      organisation: 'RYY',
    })
    assert.equal(identifiersOf(mapped)[0]?.['system'], 'urn:almoner:authority:RYY')
  })

  test('comes before shared numbers among the keys', () => {
    const { identity } = draftNamed(pid3('9990000018^^^NHS~1^^^RXX~2^^^RYY'), 'patient')
    assert.deepEqual(
      identity.map(({ strength, value }) => `${strength} ${value}`),
      ['own 1', 'own 2', 'shared 9990000018'],
    )
  })

  test('is never deleted by null', () => {
    const mapped = pid3('""')
    assert.equal(entryAt(mapped, 'PID-3').fate, 'unmapped')
    assert.ok(!draftNamed(mapped, 'patient').slots.some(({ path }) => path === 'identifier'))
  })

  test('keeps its validity and an unknown type as text', () => {
    const mapped = pid3('1^^^RXX^MEDREC^^20200101^20301231')
    assert.deepEqual(identifiersOf(mapped)[0], {
      period: { start: '2020-01-01', end: '2030-12-31' },
      system: 'urn:almoner:authority:RXX',
      value: '1',
      type: { text: 'MEDREC' },
    })
    assert.equal(entryAt(mapped, 'PID-3.5').fate, 'unmapped')
  })
})
