import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { codeLens, overlayTable } from './code-table.ts'
import { text } from './lens.ts'
import { createRuleBook, ruleSite } from './rule-book.ts'
import {
  compileSegment,
  defineSegment,
  ignored,
  layerSegment,
  notMapped,
  value,
} from './segment.ts'

const base = defineSegment({
  segment: 'XYZ',
  target: 'Patient',
  source: 'a specification',
  rules: [value('XYZ-1', 1, 'one', text), notMapped(2, 'not yet', { name: 'XYZ-2' })],
})

/** Ids, elements and fates of the rows of a segment. */
function rowsOf(rules: typeof base): readonly string[] {
  const book = createRuleBook()
  compileSegment(rules, book)
  return book.rows().map(({ id, fhir, fate }) => `${id} ${fhir} ${fate}`)
}

describe('a layer', () => {
  test('replaces rows by name, in their place, and adds others', () => {
    const layered = layerSegment(base, [ignored(3, 'never'), value('XYZ-2', 2, 'two', text)])
    assert.deepEqual(rowsOf(layered), [
      'XYZ[Patient]:XYZ-1 Patient.one mapped',
      'XYZ[Patient]:XYZ-2 Patient.two mapped',
      'XYZ[Patient]:XYZ-3  ignored',
    ])
  })

  test('leaves the rules below as they are', () => {
    layerSegment(base, [value('XYZ-2', 2, 'two', text)])
    assert.deepEqual(rowsOf(base), [
      'XYZ[Patient]:XYZ-1 Patient.one mapped',
      'XYZ[Patient]:XYZ-2  unmapped',
    ])
  })
})

describe('a rule book', () => {
  test('never gives two different rows one id', () => {
    const book = createRuleBook()
    const site = ruleSite(book, 'XYZ', 'Patient', 'a specification')
    const first = site.add({ v2: 'XYZ-1', fhir: 'one' })
    assert.equal(site.add({ v2: 'XYZ-1', fhir: 'one' }), first)
    assert.throws(() => site.add({ v2: 'XYZ-1', fhir: 'other' }), { name: 'AssertionError' })
  })
})

describe('a table', () => {
  const table = overlayTable(
    {
      name: 'base',
      source: 'b',
      rows: [
        ['A', 'one'],
        ['B', 'two'],
      ],
    },
    {
      name: 'over',
      source: 'o',
      rows: [
        ['A', 'three'],
        ['C', 'two'],
      ],
    },
  )
  const lens = codeLens(table)
  const get = (code: string) => table.rows.find(([v2]) => v2 === code)?.[1]

  test('gives way to the one that is laid over it', () => {
    assert.deepEqual(['A', 'B', 'C'].map(get), ['three', 'two', 'two'])
  })

  test('goes back by the first row of a FHIR code, and says that it is one-way', () => {
    assert.equal(lens.put?.('two'), 'C')
    assert.equal(lens.put?.('one'), undefined)
    assert.match(lens.oneWay ?? '', /first row/)
  })
})
