import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  formattedLines,
  header,
  message,
  pieces,
  plain,
  repetitions,
  segment,
} from './segment-text.ts'

describe('segment', () => {
  test('puts fields at their numbers and ends with the last one that is filled', () => {
    assert.equal(segment('PV1', { 2: 'I', 4: '21', 9: '' }), 'PV1||I||21')
  })

  test('counts MSH from its separator', () => {
    assert.equal(header({ 3: 'PAS', 5: 'ROUTE' }), 'MSH|^~\\&|PAS||ROUTE')
  })
})

describe('values', () => {
  test('escape every delimiter', () => {
    assert.equal(plain('10^9 | R&D \\ ~'), '10\\S\\9 \\F\\ R\\T\\D \\E\\ \\R\\')
  })

  test('are components without empty ones at the end', () => {
    assert.equal(pieces('', 'b', '', ''), '^b')
  })

  test('repeat without empty ones', () => {
    assert.equal(repetitions('a', '', 'b'), 'a~b')
  })

  test('keep lines and indents of formatted text', () => {
    assert.equal(formattedLines(['One', '', '  two & three']), 'One\\.br\\\\.br\\  two \\T\\ three')
  })
})

test('a message ends every segment with CR and leaves out segments without text', () => {
  assert.equal(message(['MSH|^~\\&', '', 'PID|1']), 'MSH|^~\\&\rPID|1\r')
})
