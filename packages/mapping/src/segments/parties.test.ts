import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  adt,
  draftNamed,
  elementAt,
  entryAt,
  mapText,
  oru,
  PID,
  resourceNamed,
  segment,
} from '../testing/samples.ts'

const visit = (fields: Readonly<Record<number, string>>, ...more: readonly string[]) =>
  mapText(adt('A01', PID, ...more, segment('PV1', { 2: 'I', 19: '1', ...fields })))
const practitioners = (mapped: ReturnType<typeof mapText>) =>
  mapped.drafts.filter(({ type }) => type === 'Practitioner')

describe('a practitioner', () => {
  for (const [sent, system] of [
    ['C1234567^X^^^^^^^GMC', 'https://fhir.hl7.org.uk/Id/consultant-code'],
    ['G1234567^X^^^^^^^GMC', 'https://fhir.hl7.org.uk/Id/gmp-number'],
    ['1234567^X^^^^^^^GMC', 'https://fhir.hl7.org.uk/Id/gmc-number'],
    ['X99^X^^^^^^^GMC', 'urn:almoner:authority:GMC'],
    ['C1234567^X', 'urn:almoner:authority:RXX'],
    ['77^X^^^^^^^&1.2.3&ISO', 'urn:oid:1.2.3'],
  ] as const) {
    test(`with the number ${sent} has the system ${system}`, () => {
      const [draft] = practitioners(visit({ 7: sent }))
      assert.equal(draft?.identity[0]?.system, system)
    })
  }

  test('who stands twice with the same text is one', () => {
    const mapped = visit({ 7: 'C1^Doc', 9: 'C1^Doc' })
    assert.equal(practitioners(mapped).length, 1)
    assert.equal(entryAt(mapped, 'PV1-9.2').target, 'practitioner-1.name[0].family')
    assert.equal(entryAt(mapped, 'PV1-9.2').rule, 'PV1[Encounter]:PV1-9/XCN.2')
  })

  test('who stands twice with different texts is told twice', () => {
    assert.equal(practitioners(visit({ 7: 'C1^Doc', 9: 'C1^Doctor' })).length, 2)
  })

  test('is not taken for somebody whose number stands elsewhere in the text', () => {
    assert.equal(practitioners(visit({ 7: 'Doc', 9: '^Doc' })).length, 1)
  })

  test('without a number is a name and no resource', () => {
    const mapped = visit({ 7: '^Darwin^Samuel^^^Dr^MD' })
    assert.deepEqual(practitioners(mapped), [])
    assert.deepEqual(elementAt(resourceNamed(mapped, 'encounter'), 'participant[0].individual'), {
      type: 'Practitioner',
      display: 'Dr Samuel Darwin',
    })
    assert.equal(entryAt(mapped, 'PV1-7.2').target, 'encounter.participant[0].individual.display')
    assert.equal(entryAt(mapped, 'PV1-7.7').fate, 'unmapped')
  })

  test('inside an NDL is read one level deeper', () => {
    const mapped = mapText(
      oru(PID, segment('OBR', { 3: 'F1', 4: 'X', 32: 'C1234567&Virchow&Rudolf&&&Dr&&&GMC' })),
    )
    assert.deepEqual(elementAt(resourceNamed(mapped, 'practitioner-1'), 'name'), [
      { family: 'Virchow', given: ['Rudolf'], prefix: ['Dr'] },
    ])
    assert.equal(
      draftNamed(mapped, 'practitioner-1').identity[0]?.system,
      'https://fhir.hl7.org.uk/Id/consultant-code',
    )
  })
})

describe('the GP', () => {
  const gp = (pd1: string) => mapText(adt('A31', PID, pd1))

  test('practice and doctor are two snapshots', () => {
    const mapped = gp('PD1|||PRACTICE^^Y06601|G1234567^Townley^^^^^^^GMC')
    const slots = draftNamed(mapped, 'patient').slots.filter(
      ({ path }) => path === 'generalPractitioner',
    )
    assert.deepEqual(
      slots.map(({ claim }) => claim),
      [{ type: 'Organization' }, { type: 'Practitioner' }],
    )
  })

  for (const [sent, system, value] of [
    ['PRACTICE^^Y06601', 'https://fhir.nhs.uk/Id/ods-organization-code', 'Y06601'],
    ['PRACTICE^^^^^^^^^Y06601', 'https://fhir.nhs.uk/Id/ods-organization-code', 'Y06601'],
    ['PRACTICE^^Y06601^^^ODS', 'https://fhir.nhs.uk/Id/ods-organization-code', 'Y06601'],
    ['PRACTICE^^77^^^LOCAL9', 'urn:almoner:authority:LOCAL9', '77'],
  ] as const) {
    test(`practice ${sent} is known by ${value}`, () => {
      const [key] = draftNamed(gp(`PD1|||${sent}`), 'organization-1').identity
      assert.deepEqual(key, { system, value, strength: 'own' })
    })
  }

  test('practice without a number is a name', () => {
    const mapped = gp('PD1|||PRACTICE')
    assert.deepEqual(elementAt(resourceNamed(mapped, 'patient'), 'generalPractitioner'), [
      { type: 'Organization', display: 'PRACTICE' },
    ])
  })

  test('branch surgery stands beside the practice', () => {
    const mapped = gp('PD1|||PRACTICE^^Y06601~BRANCH^^Y06601001')
    assert.equal(mapped.drafts.filter(({ type }) => type === 'Organization').length, 2)
  })
})
