import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { compileProfile } from './mapper.ts'
import { printRules } from './print-rules.ts'
import { createRuleBook } from './rule/rule-book.ts'
import { ukCore } from './uk/uk-core.ts'

describe('the printed rules', () => {
  const page = printRules()
  const book = createRuleBook()
  compileProfile(ukCore, book)

  test('hold every row by its id', () => {
    for (const { id } of book.rows())
      assert.ok(page.includes(`\`${id.replaceAll('|', '\\|')}\``), id)
  })

  test('are the same each time', () => {
    assert.equal(printRules(), page)
  })

  test('are tables whose rows have as many cells as their heads', () => {
    let width = 0
    for (const line of page.split('\n')) {
      const cells = line.replaceAll('\\|', '').split('|').length
      if (!line.startsWith('|')) width = 0
      else if (width === 0) width = cells
      else assert.equal(cells, width, line)
    }
  })
})

describe('every row', () => {
  const book = createRuleBook()
  compileProfile(ukCore, book)

  test('names its source', () => {
    assert.deepEqual(
      book.rows().filter(({ source }) => source === ''),
      [],
    )
  })

  test('that maps nothing says why, and one that maps says where to', () => {
    for (const { id, fate, fhir, why } of book.rows()) {
      if (fate === 'mapped') assert.notEqual(fhir, '', id)
      else assert.ok(why?.endsWith('.'), id)
    }
  })

  test('says nothing about a way back in half a sentence', () => {
    for (const { id, oneWay } of book.rows()) {
      assert.ok(oneWay === undefined || oneWay.endsWith('.'), id)
    }
  })
})
