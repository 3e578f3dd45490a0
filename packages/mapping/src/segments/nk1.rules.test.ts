import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  adt,
  draftNamed,
  elementAt,
  entryAt,
  mapText,
  PID,
  resourceNamed,
} from '../testing/samples.ts'

const contacts = (...segments: readonly string[]) => mapText(adt('A31', PID, ...segments))
const slotOf = (mapped: ReturnType<typeof mapText>) =>
  draftNamed(mapped, 'patient').slots.find(({ path }) => path === 'contact')

describe('contacts', () => {
  test('are a snapshot of all NK1', () => {
    const mapped = contacts('NK1|1|SMITH^ALBERT|SPO|||0444', 'NK1|2|SMITH^MAY|DAU^Daughter')
    assert.deepEqual(slotOf(mapped)?.mode, 'replace')
    assert.deepEqual(elementAt(resourceNamed(mapped, 'patient'), 'contact'), [
      {
        relationship: [
          {
            coding: [
              {
                system: 'http://terminology.hl7.org/CodeSystem/v3-RoleCode',
                code: 'SPS',
                display: 'spouse',
              },
            ],
          },
        ],
        name: { family: 'SMITH', given: ['ALBERT'] },
        telecom: [{ value: '0444', system: 'phone', use: 'work' }],
      },
      {
        relationship: [
          { coding: [{ system: 'urn:almoner:codes:RXX:NK1-3', code: 'DAU', display: 'Daughter' }] },
        ],
        name: { family: 'SMITH', given: ['MAY'] },
      },
    ])
  })

  test('are deleted by a null name', () => {
    const mapped = contacts('NK1|1|""')
    assert.deepEqual(slotOf(mapped)?.value, [])
    assert.equal(entryAt(mapped, 'NK1-2').target, 'patient.contact')
  })

  test('of which nothing can be stored delete nothing', () => {
    const mapped = contacts('NK1|1||SPO')
    assert.equal(slotOf(mapped), undefined)
    assert.match(entryAt(mapped, 'NK1-3').why ?? '', /a contact needs/)
  })

  test('may be organisations', () => {
    const mapped = contacts(`NK1|1${'|'.repeat(12)}ACME CARE^^X1`)
    assert.deepEqual(elementAt(resourceNamed(mapped, 'patient'), 'contact[0].organization'), {
      reference: 'urn:draft:organization-1',
      type: 'Organization',
    })
  })

  test('have a time and a sex', () => {
    const mapped = contacts(
      'NK1|1|SMITH||||||20200101|20301231||||||2',
      'NK1|2|JONES|||||||||||||Q',
    )
    const resource = resourceNamed(mapped, 'patient')
    assert.deepEqual(elementAt(resource, 'contact[0].period'), {
      start: '2020-01-01',
      end: '2030-12-31',
    })
    assert.equal(elementAt(resource, 'contact[0].gender'), 'female')
    assert.equal(elementAt(resource, 'contact[1].gender'), undefined)
    assert.equal(entryAt(mapped, 'NK1[2]-15').fate, 'unmapped')
  })
})
