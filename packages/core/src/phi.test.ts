import assert from 'node:assert/strict'
import { Console } from 'node:console'
import { PassThrough } from 'node:stream'
import { describe, test } from 'node:test'
import { format, inspect } from 'node:util'
import { Phi, phi, reveal } from './phi.ts'

const name = phi({ family: 'SMITH', given: 'Jo' })

/** What a console writes for one call. */
function written(write: (console: Console) => void): string {
  const stream = new PassThrough()
  write(new Console({ stdout: stream, stderr: stream }))
  return String(stream.read())
}

describe('Phi', () => {
  const ways: readonly (readonly [string, () => string])[] = [
    ['String', () => String(name)],
    ['a template', () => `patient: ${name}`],
    ['concatenation', () => `${'patient: '}`.concat(name as unknown as string)],
    ['JSON', () => JSON.stringify({ name, list: [name] })],
    ['inspect', () => inspect({ name }, { depth: null, showHidden: true })],
    ['inspect without custom forms', () => inspect(name, { customInspect: false })],
    ['format', () => format('%s %j %o %O', name, name, name, name)],
    ['console.log', () => written((console) => console.log(name, { name }))],
    ['console.dir', () => written((console) => console.dir(name, { depth: null }))],
    ['console.table', () => written((console) => console.table([{ name }]))],
    ['the message of an error', () => new Error(String(name), { cause: name }).message],
    ['its own members', () => JSON.stringify(Object.entries(name))],
    ['a structured clone', () => JSON.stringify(structuredClone(name))],
  ]
  for (const [how, print] of ways) {
    test(`is not printed by ${how}`, () => {
      assert.doesNotMatch(print(), /SMITH|Jo/)
    })
  }

  test('says that something is hidden', () => {
    assert.equal(`${name}`, '[patient data]')
    assert.equal(inspect(name), '[patient data]')
  })

  test('opens only through reveal', () => {
    assert.deepEqual(reveal(name), { family: 'SMITH', given: 'Jo' })
    assert.equal(reveal(new Phi(7)), 7)
  })

  test('is no number', () => {
    assert.ok(Number.isNaN(Number(phi(9_000_000_009))))
  })
})
