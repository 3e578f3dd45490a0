import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { escapeHtml, shorten, visible } from './safe-html.ts'

describe('escapeHtml', () => {
  test('leaves no way out of an element or a quoted attribute', () => {
    assert.equal(
      escapeHtml(`<img src=x onerror="alert('1')">&`),
      '&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;',
    )
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        assert.doesNotMatch(escapeHtml(text), /[<>"']|&(?!amp;|lt;|gt;|quot;|#39;)/)
      }),
    )
  })
})

describe('visible', () => {
  test('shows what would hide: control characters and changes of direction', () => {
    assert.equal(visible('a\x0b\x1b[31m\x7f'), 'a\u240b\u241b[31m\u2421')
    assert.equal(visible('abc\u202etxt.exe'), 'abc⟨U+202E⟩txt.exe')
    assert.equal(visible('two\nlines\tand a tab'), 'two\nlines\tand a tab')
  })
})

describe('shorten', () => {
  test('says how much it left out, and never cuts a character in half', () => {
    assert.deepEqual(shorten('abcdef', 6), { text: 'abcdef', leftOutCount: 0 })
    assert.deepEqual(shorten('abcdef', 4), { text: 'abcd', leftOutCount: 2 })
    assert.deepEqual(shorten('ab😀cd', 3), { text: 'ab', leftOutCount: 4 })
  })
})
