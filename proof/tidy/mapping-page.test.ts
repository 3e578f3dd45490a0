/** docs/reference/mapping.md is printed from the rules and never written by hand. */
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { printRules } from '@almoner/mapping'
import { root } from './repository.ts'

const PAGE = join(root, 'docs/reference/mapping.md')

test('the page of mapping rules is what the rules print; UPDATE=1 prints it again', () => {
  const printed = printRules()
  if (process.env['UPDATE'] === '1') writeFileSync(PAGE, printed)
  assert.equal(readFileSync(PAGE, 'utf8'), printed)
})
