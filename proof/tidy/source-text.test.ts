import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { readFiles } from './repository.ts'
import { codeOf, importsOf } from './source-text.ts'

describe('codeOf', () => {
  const rows: readonly (readonly [string, string, string])[] = [
    ['a line comment', 'a // b\nc', 'a     \nc'],
    ['a block comment', 'a /* b\nc */ d', 'a     \n     d'],
    ['a text', "a('b') + c", "a(' ') + c"],
    ['a text with a quote', "a('b\\'c') + d", "a('    ') + d"],
    ['a text that looks like a comment', "a('//b')\nc", "a('   ')\nc"],
    ['a template', 'a(`b`) + c', 'a(` `) + c'],
    ['a template with code inside', 'a(`b#{c}d`)', 'a(` #{c} `)'],
    ['a template with an object inside', 'a(`b#{f({ c: 1 })}d`) + e', 'a(` #{f({ c: 1 })} `) + e'],
    ['a template in a template', 'a(`b#{`c#{d}e`}f`)', 'a(` #{` #{d} `} `)'],
    ['a regular expression', 'a = /b[/]c/g', 'a = /     /g'],
    ['a regular expression with a quote', "a = /'/\nb = 'c'", "a = / /\nb = ' '"],
    ['a division', 'a = b / c / d', 'a = b / c / d'],
  ]
  for (const [what, source, code] of rows) {
    test(`blanks ${what} and keeps the code around it`, () => {
      // The table writes #{ for the start of code in a template, which the linter would flag.
      const [given, expected] = [source, code].map((text) => text.replaceAll('#{', '${'))
      assert.equal(codeOf(given!), expected)
    })
  }

  test('keeps every offset and every line end of this repository', () => {
    for (const { path, text } of readFiles('.ts')) {
      const code = codeOf(text)
      assert.equal(code.length, text.length, path)
      assert.equal(code.split('\n').length, text.split('\n').length, path)
    }
  })
})

describe('importsOf', () => {
  const rows: readonly (readonly [string, string, readonly string[]])[] = [
    ['names', "import { a, b as c } from './x.ts'", ['value ./x.ts']],
    ['names over lines', "import {\n  a,\n  b,\n} from './x.ts'", ['value ./x.ts']],
    ['a default with names', "import a, { b } from 'x'", ['value x']],
    ['a namespace', "import * as a from 'x'", ['value x']],
    ['types', "import type { A } from 'x'", ['type x']],
    ['a type among values', "import { type A, b } from 'x'", ['value x']],
    ['an effect', "import './x.ts'", ['value ./x.ts']],
    ['an export', "export * from './x.ts'", ['value ./x.ts']],
    ['an export of types', "export type { A } from './x.ts'", ['type ./x.ts']],
    ['a later import', "const a = await import('x')", ['value x']],
    ['the type of a module', "type A = typeof import('x')", ['type x']],
    ['a worker', "new URL('./w.ts', import.meta.url)", ['path ./w.ts']],
    ['a type before a re-export', "export type A = B\nexport { c } from 'x'", ['value x']],
    ['a comment', "// import { a } from 'x'", []],
    ['a template', "`import { a } from 'x'`", []],
  ]
  for (const [what, source, expected] of rows) {
    test(`reads ${what}`, () => {
      assert.deepEqual(
        importsOf(source).map(({ kind, specifier }) => `${kind} ${specifier}`),
        expected,
      )
    })
  }
})
