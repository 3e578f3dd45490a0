import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { parseSearch } from './search-request.ts'

const baseUrl = 'https://almoner.example/fhir/R4'
const strict = { type: 'Observation', baseUrl, isLenient: false } as const

const parse = (query: string, context: Parameters<typeof parseSearch>[1] = strict) =>
  parseSearch([...new URLSearchParams(query)], context)

describe('parseSearch', () => {
  test('reads a comma as or and a repeated parameter as and', () => {
    const { request } = parse('identifier=urn:x|1,2&identifier=|3')
    assert.deepEqual(request.identifier, [
      [
        { system: 'urn:x', value: '1' },
        { system: undefined, value: '2' },
      ],
      [{ system: '', value: '3' }],
    ])
  })

  test('narrows repeated ids and patients to what all of them name', () => {
    const { request } = parse('_id=a,b,c&_id=b,c,d&patient=p1,p2&subject=Patient/p2')
    assert.deepEqual(request.ids, ['b', 'c'])
    assert.deepEqual(request.patients, ['p2'])
  })

  test('takes a reference by id, relative, absolute and with its type as modifier', () => {
    for (const value of [
      'patient=p1',
      'patient=Patient/p1',
      `patient=${baseUrl}/Patient/p1`,
      'subject:Patient=p1',
    ]) {
      assert.deepEqual(parse(value).request.patients, ['p1'], value)
    }
  })

  test('leaves out of the criteria what only says how to answer', () => {
    const { used, request } = parse('_format=json&_pretty=true&_count=7')
    assert.deepEqual(used, [['_count', '7']])
    assert.equal(request.count, 7)
  })

  test('gives fewer than asked for when asked for too many', () => {
    assert.equal(parse('_count=5000').request.count, 200)
    assert.equal(parse('').request.count, 50)
  })

  for (const [why, query, name] of [
    ['a parameter that it does not have', 'category=lab', 'category'],
    ['a modifier that it does not have', 'identifier:of-type=a', 'identifier:of-type'],
    ['a chain', 'patient.identifier=9', 'patient.identifier'],
    ['an include', '_include=Observation:subject', '_include'],
    ['a sort', '_sort=date', '_sort'],
    ['a reference to another type', 'subject:Group=g1', 'subject:Group'],
    ['a page outside a link', '_page=abc', '_page'],
    ['a name with markup', '<b>=1', '?b?'],
  ] as const) {
    test(`refuses ${why} by name`, () => {
      assert.throws(() => parse(query), {
        code: 'APP_UNKNOWN_PARAMETER',
        where: `parameter ${name}`,
      })
    })
  }

  for (const [why, query, name] of [
    ['an identifier without a value', 'identifier=urn:x|', 'identifier'],
    ['an empty alternative', 'identifier=a,,b', 'identifier'],
    ['an id that no resource has', '_id=a/b', '_id'],
    ['a reference to another type', 'patient=Group/g1', 'patient'],
    ['a count of none', '_count=0', '_count'],
    ['a count that is no number', '_count=many', '_count'],
  ] as const) {
    test(`refuses ${why} without repeating it`, () => {
      assert.throws(() => parse(query), {
        code: 'APP_BAD_PARAMETER',
        where: `parameter ${name}`,
      })
    })
  }

  test('refuses more parameters than anyone needs', () => {
    const query = Array.from({ length: 51 }, () => '_id=a').join('&')
    assert.throws(() => parse(query), { code: 'APP_BAD_PARAMETER' })
  })

  test('ignores and reports, when lenient, what it does not have', () => {
    const { ignored, used } = parse('category=lab&_id=a', { ...strict, isLenient: true })
    assert.deepEqual(ignored, ['category'])
    assert.deepEqual(used, [['_id', 'a']])
  })

  test('finds by patient only where the type has a patient', () => {
    assert.throws(() => parse('patient=p1', { ...strict, type: 'Organization' }), {
      code: 'APP_UNKNOWN_PARAMETER',
    })
  })
})
