import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { inspect } from 'node:util'
import { isAlmonerError, seededRandom } from '@almoner/core'
import { activeEntry, formatKeyring, newEntry, newKeyring, parseKeyring } from './keyring-record.ts'

const record = newKeyring(seededRandom(1), 1_000)
const text = formatKeyring(record)

/** The text of a good keyring with the value at one place of its JSON replaced. */
function withValue(path: readonly (string | number)[], value: unknown): string {
  const root: unknown = JSON.parse(text)
  const last = path.at(-1)!
  // The test's own good keyring, so every place on the way is an object or an array.
  const holder = path.slice(0, -1).reduce((at, step) => (at as Tree)[step], root) as Tree
  holder[last] = value
  return JSON.stringify(root)
}

type Tree = Record<string | number, unknown>

const wrappingKeyText = record.wrappingKey.key.export().toString('base64')
const [sealKey, indexKey] = record.keys

describe('a keyring on disk', () => {
  test('comes back as it was written', () => {
    const parsed = parseKeyring(text)
    assert.equal(formatKeyring(parsed), text)
    assert.ok(parsed.wrappingKey.key.equals(record.wrappingKey.key))
    assert.equal(parsed.wrappingKey.createdAtMs, 1_000)
  })

  test('starts with one key to seal and one to index, both active', () => {
    assert.deepEqual(
      record.keys.map(({ purpose, state }) => [purpose, state]),
      [
        ['seal', 'active'],
        ['index', 'active'],
      ],
    )
  })

  test('may hold keys without a date', () => {
    const undated = parseKeyring(formatKeyring(newKeyring(seededRandom(1), undefined)))
    assert.equal(undated.keys[0]?.createdAtMs, undefined)
  })

  test('never gives a new key an id that is taken, nor zero', () => {
    const taken = sealKey!.id
    const ids = [0, taken, 77]
    const random = {
      ...seededRandom(3),
      bytes: (count: number) => {
        const bytes = Buffer.alloc(count)
        if (count === 4) bytes.writeUInt32BE(ids.shift()!)
        return bytes
      },
    }
    assert.equal(newEntry(record, 'seal', random, undefined).id, 77)
  })

  for (const [why, bad] of [
    ['empty', ''],
    ['not JSON', '{'],
    ['not an object', '[]'],
    ['null', 'null'],
    ['of another format', withValue(['format'], 'other')],
    ['of another version', withValue(['version'], 2)],
    ['without a wrapping key', withValue(['wrappingKey'], {})],
    ['with a short wrapping key', withValue(['wrappingKey', 'key'], 'AAAA')],
    ['with loose base64', withValue(['wrappingKey', 'key'], `${wrappingKeyText}\n`)],
    ['with a wrapping key that is no text', withValue(['wrappingKey', 'key'], 1)],
    ['without keys', withValue(['keys'], undefined)],
    ['with a key that is no object', withValue(['keys'], [1])],
    ['with the id 0', withValue(['keys', 0, 'id'], 0)],
    ['with an id of 33 bits', withValue(['keys', 0, 'id'], 2 ** 32)],
    ['with an id that is no number', withValue(['keys', 0, 'id'], '1')],
    ['with an unknown purpose', withValue(['keys', 0, 'purpose'], 'sign')],
    ['with an unknown state', withValue(['keys', 0, 'state'], 'lost')],
    ['with a date that is no number', withValue(['keys', 0, 'createdAtMs'], 'x')],
    ['with a short wrapped key', withValue(['keys', 0, 'wrapped'], 'AAAA')],
    ['with one id twice', withValue(['keys', 0, 'id'], indexKey?.id)],
    ['without an active key to seal', withValue(['keys', 0, 'state'], 'retired')],
    ['with two active keys to seal', withValue(['keys', 1, 'purpose'], 'seal')],
  ] as const) {
    test(`is refused when it is ${why}, and the error shows nothing of it`, () => {
      assert.throws(
        () => parseKeyring(bad),
        (thrown) => {
          assert.ok(isAlmonerError(thrown))
          assert.equal(thrown.code, 'VAULT_KEYRING_BROKEN')
          assert.equal(thrown.cause, undefined)
          return true
        },
      )
    })
  }

  test('is refused without quoting it when the JSON is cut inside the wrapping key', () => {
    const key = wrappingKeyText
    const cut = text.slice(0, text.indexOf(key) + 20)
    assert.throws(
      () => parseKeyring(cut),
      (thrown) => {
        assert.ok(!inspect(thrown, { showHidden: true, depth: 9 }).includes(key.slice(0, 8)))
        return true
      },
    )
  })

  test('has no active key for a purpose that it lacks', () => {
    assert.throws(() => activeEntry({ ...record, keys: [] }, 'seal'), {
      code: 'VAULT_KEYRING_BROKEN',
    })
  })
})
