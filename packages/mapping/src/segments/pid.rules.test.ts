import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  adt,
  draftNamed,
  elementAt,
  entryAt,
  mappedValue,
  mapText,
  oru,
  resourceNamed,
  segment,
} from '../testing/samples.ts'

const person = (fields: Readonly<Record<number, string>>) =>
  mapText(adt('A31', segment('PID', { 3: '4821976^^^RXX^MR', ...fields })))
const patient = (fields: Readonly<Record<number, string>>) =>
  resourceNamed(person(fields), 'patient')
const slotsOf = (fields: Readonly<Record<number, string>>, path: string) =>
  draftNamed(person(fields), 'patient').slots.filter((slot) => slot.path === path)

describe('a name', () => {
  test('has every part in its place', () => {
    const sent = 'VAN DYKE^ANN^MAY LOU^JR^MRS^MD^L^^^20200101&20211231^^^^QC'
    assert.deepEqual(elementAt(patient({ 5: sent }), 'name'), [
      {
        family: 'VAN DYKE',
        given: ['ANN', 'MAY LOU'],
        suffix: ['JR', 'MD', 'QC'],
        prefix: ['MRS'],
        use: 'official',
        period: { start: '2020-01-01', end: '2021-12-31' },
      },
    ])
  })

  for (const [type, use] of [
    ['L', 'official'],
    ['PREFERRED', 'usual'],
    ['PREVIOUS', 'old'],
    ['PREVIOUS-BIRTH', 'old'],
    ['PREVIOUS-MAIDEN', 'maiden'],
    ['PREVIOUS-BACHELOR', 'maiden'],
    ['A', undefined],
  ] as const) {
    test(`of type ${type} has the use ${use}`, () => {
      assert.equal(elementAt(patient({ 5: `SMITH^^^^^^${type}` }), 'name[0].use'), use)
    })
  }

  test('keeps an ampersand that was not escaped, and decodes one that was', () => {
    assert.equal(elementAt(patient({ 5: 'SMITH^ANN & MAY' }), 'name[0].given[0]'), 'ANN & MAY')
    assert.equal(elementAt(patient({ 5: 'O\\T\\B' }), 'name[0].family'), 'O&B')
  })

  test('of PID-9 joins those of PID-5', () => {
    const families = ['name[0].family', 'name[1].family'].map((path) =>
      elementAt(patient({ 5: 'SMITH', 9: 'JONES' }), path),
    )
    assert.deepEqual(families, ['SMITH', 'JONES'])
    assert.equal(slotsOf({ 9: 'JONES' }, 'name')[0]?.mode, 'union')
  })
})

describe('the sex', () => {
  for (const [sent, gender] of [
    ['M', 'male'],
    ['F', 'female'],
    ['O', 'other'],
    ['U', 'unknown'],
    ['A', 'other'],
    ['N', 'other'],
    ['1', 'male'],
    ['2', 'female'],
    ['9', 'other'],
    ['0', 'unknown'],
    ['X', 'unknown'],
  ] as const) {
    test(`${sent} is ${gender}`, () => {
      assert.equal(elementAt(patient({ 8: sent }), 'gender'), gender)
    })
  }

  test('of an unknown code is not guessed, but shown', () => {
    const mapped = person({ 8: 'm' })
    const resource = resourceNamed(mapped, 'patient')
    assert.equal(elementAt(resource, 'gender'), undefined)
    assert.deepEqual(elementAt(resource, '_gender.extension[0].valueCodeableConcept.coding[0]'), {
      system: 'http://terminology.hl7.org/CodeSystem/v2-0001',
      code: 'm',
    })
    assert.equal(entryAt(mapped, 'PID-8').fate, 'unmapped')
  })
})

describe('telecom', () => {
  const telecom = (fields: Readonly<Record<number, string>>) =>
    elementAt(patient(fields), 'telecom')

  for (const [why, sent, expected] of [
    ['one string', '+441632960001', { value: '+441632960001', system: 'phone', use: 'home' }],
    ['a mobile', '07700900123^PRS^CP', { value: '07700900123', system: 'phone', use: 'mobile' }],
    [
      'a mobile by its equipment',
      '07700900123^PRN^CP',
      { value: '07700900123', system: 'phone', use: 'mobile' },
    ],
    ['a fax', '01632960002^^FX', { value: '01632960002', system: 'fax', use: 'home' }],
    [
      'an address',
      '^NET^Internet^a@b.example',
      { value: 'a@b.example', system: 'email', use: 'home' },
    ],
    [
      'an address by NET alone',
      '^NET^^a@b.example',
      { value: 'a@b.example', system: 'email', use: 'home' },
    ],
    [
      'an address in the place of a number',
      'a@b.example',
      { value: 'a@b.example', system: 'email', use: 'home' },
    ],
    [
      'a divided number',
      '^PRN^PH^^44^1632^960001^12',
      { value: '+44 1632 960001 X12', system: 'phone', use: 'home' },
    ],
    [
      'an extension beside a number',
      '01632960001^^^^^^^12',
      { value: '01632960001 X12', system: 'phone', use: 'home' },
    ],
    [
      'an unformatted number',
      '^^^^^^^^^^^01632960001',
      { value: '01632960001', system: 'phone', use: 'home' },
    ],
  ] as const) {
    test(`reads ${why}`, () => {
      assert.deepEqual(telecom({ 13: sent }), [expected])
    })
  }

  test('of home speaks for home and mobile numbers, and leaves those of work', () => {
    const slots = slotsOf({ 13: '01632960001' }, 'telecom')
    assert.deepEqual(
      slots.map(({ claim, value }) => [claim?.['use'], (value as readonly unknown[]).length]),
      [
        ['home', 1],
        ['mobile', 0],
      ],
    )
  })

  test('of home that is null deletes home and mobile numbers', () => {
    const slots = slotsOf({ 13: '""', 14: '01632960003' }, 'telecom')
    assert.deepEqual(
      slots.map(({ claim, value }) => [claim?.['use'], (value as readonly unknown[]).length]),
      [
        ['home', 0],
        ['mobile', 0],
        ['work', 1],
      ],
    )
  })

  test('that cannot be read deletes nothing', () => {
    assert.deepEqual(slotsOf({ 13: '^PRN^PH' }, 'telecom'), [])
  })

  test('of PID-40 without a use joins', () => {
    assert.equal(slotsOf({ 40: '01632960001' }, 'telecom')[0]?.mode, 'union')
  })
})

describe('an address', () => {
  test('is written as UK systems write it', () => {
    const sent = 'FLAT 2^29 A&E LANE^MALTON^NORTH YORKSHIRE^YO99 9ZZ^GBR^H'
    assert.deepEqual(elementAt(patient({ 11: sent }), 'address[0]'), {
      line: ['FLAT 2', '29 A&E LANE'],
      city: 'MALTON',
      postalCode: 'YO99 9ZZ',
      country: 'GBR',
      use: 'home',
      district: 'NORTH YORKSHIRE',
    })
  })

  test('with a county of its own has a state too', () => {
    const address = elementAt(patient({ 11: '1 A^^B^STATE^^^^^COUNTY' }), 'address[0]')
    assert.deepEqual(address, { line: ['1 A'], city: 'B', district: 'COUNTY', state: 'STATE' })
  })

  for (const [type, member, expected] of [
    ['TMP', 'use', 'temp'],
    ['PST', 'type', 'postal'],
    ['M', 'type', 'postal'],
    ['BA', 'use', 'old'],
  ] as const) {
    test(`of type ${type} has the ${member} ${expected}`, () => {
      assert.equal(elementAt(patient({ 11: `1 A^^^^^^${type}` }), `address[0].${member}`), expected)
    })
  }
})

describe('coded fields', () => {
  const UK = 'https://fhir.hl7.org.uk/CodeSystem/UKCore-'

  test('N for marital status is not disclosed, and not annulled', () => {
    assert.deepEqual(elementAt(patient({ 16: 'N' }), 'maritalStatus.coding'), [
      { system: `${UK}PersonMaritalStatusEngland`, code: 'N', display: 'Not disclosed' },
    ])
  })

  test('S for marital status has also the code that UK Core asks for', () => {
    const codes = elementAt(patient({ 16: 'S' }), 'maritalStatus.coding') as { system: string }[]
    assert.deepEqual(
      codes.map(({ system }) => system),
      [`${UK}PersonMaritalStatusEngland`, 'http://terminology.hl7.org/CodeSystem/v3-MaritalStatus'],
    )
  })

  test('a code of another system is not taken for one of the table', () => {
    const mapped = person({ 16: 'M^Married^LOCAL' })
    assert.equal(
      elementAt(resourceNamed(mapped, 'patient'), 'maritalStatus.coding[0].system'),
      'urn:almoner:codes:RXX:LOCAL',
    )
    assert.equal(entryAt(mapped, 'PID-16.1').fate, 'unmapped')
  })

  for (const code of ['A', 'S', 'Z', '99']) {
    test(`ethnic category ${code} is that of England`, () => {
      const coding = elementAt(patient({ 22: code }), 'extension[0].valueCodeableConcept.coding[0]')
      assert.equal((coding as { system: string }).system, `${UK}EthnicCategoryEngland`)
      assert.equal((coding as { code: string }).code, code)
    })
  }

  test('an unknown ethnic category stays as it was sent', () => {
    const mapped = person({ 22: 'Q9^Martian' })
    assert.deepEqual(
      elementAt(resourceNamed(mapped, 'patient'), 'extension[0].valueCodeableConcept'),
      { coding: [{ system: 'urn:almoner:codes:RXX:PID-22', code: 'Q9', display: 'Martian' }] },
    )
    assert.deepEqual(mapped.flags, [{ code: 'CODE_UNKNOWN', where: 'PID-22.1' }])
  })

  for (const [sent, code] of [
    ['EN', 'en'],
    ['en-gb', 'en-GB'],
    ['eng', 'en'],
    ['ger', 'de'],
    ['q4', 'bfi'],
    ['EN^English^ISO639', 'en'],
  ] as const) {
    test(`language ${sent} is ${code}`, () => {
      const path = 'communication[0].language.coding[0].code'
      assert.equal(elementAt(patient({ 15: sent }), path), code)
    })
  }

  for (const sent of ['q1', 'qq', 'xxx', 'English', '1']) {
    test(`language ${sent} is not guessed`, () => {
      assert.equal(elementAt(patient({ 15: sent }), 'communication'), undefined)
    })
  }
})

describe('other demographics', () => {
  test("the mother's maiden name is one text", () => {
    const mapped = person({ 6: 'JONES^MARY' })
    assert.equal(mappedValue(mapped, 'PID-6.2'), 'MARY JONES')
  })

  test('nationality and citizenship stand in their extensions', () => {
    const path = 'extension[0].extension[0].valueCodeableConcept.coding[0].code'
    assert.equal(elementAt(patient({ 28: 'DEU' }), path), 'DEU')
    assert.equal(elementAt(patient({ 26: 'GBR' }), path), 'GBR')
  })
})

describe('a result message', () => {
  const mapped = mapText(
    oru(
      segment('PID', {
        3: '1',
        5: 'SMITH',
        8: 'F',
        11: '""',
        13: '0441',
        14: '0442',
        22: 'A',
        17: 'C22',
      }),
    ),
  )

  test('only fills what nobody has said of the patient', () => {
    const modes = draftNamed(mapped, 'patient').slots.map(({ path, mode }) => `${path} ${mode}`)
    assert.deepEqual(modes, [
      'meta.profile union',
      'identifier union',
      'name default',
      'gender default',
      'telecom default',
      'extension default',
    ])
  })

  test('keeps all of a list that it fills', () => {
    const resource = resourceNamed(mapped, 'patient')
    assert.equal((elementAt(resource, 'telecom') as readonly unknown[]).length, 2)
    assert.equal((elementAt(resource, 'extension') as readonly unknown[]).length, 2)
  })

  test('deletes nothing', () => {
    assert.equal(entryAt(mapped, 'PID-11').fate, 'ignored')
  })
})
