import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { inspect } from 'node:util'
import { AlmonerError, type Random, seededRandom, systemRandom } from '@almoner/core'
import fc from 'fast-check'
import { createVault, openKeyring, type Vault } from './index.ts'

const root = mkdtempSync(join(tmpdir(), 'almoner-vault-'))
after(() => rmSync(root, { recursive: true }))
const random = systemRandom
let nextName = 0
const newPath = (): string => join(root, String(nextName++), 'keyring')
const openVault = (file: string, sealsMax?: number): Vault =>
  createVault(openKeyring(file, { random, create: true }), { random, sealsMax })

const vault = openVault(newPath())
const bytes = fc.uint8Array({ maxLength: 300 })
const binding = fc.string({ unit: 'grapheme' })
const sealKeyIds = (of: Vault): readonly string[] =>
  of.inventory().flatMap((row) => (row.purpose === 'seal' ? [row.id] : []))

describe('seal and open', () => {
  test('give back what was sealed, under its binding', () => {
    fc.assert(
      fc.property(bytes, binding, (plain, place) => {
        const sealed = vault.seal(plain, place)
        assert.equal(sealed.length, plain.length + 33)
        assert.deepEqual(vault.open(sealed, place), Uint8Array.from(plain))
      }),
    )
  })

  test('give back a message of 16 MB', () => {
    const plain = Buffer.alloc(16 * 1024 * 1024, 'PID|1||9434765919^^^NHS\r')
    assert.equal(
      Buffer.compare(vault.open(vault.seal(plain, 'journal/1/body'), 'journal/1/body'), plain),
      0,
    )
  })

  test('never hold what was sealed in clear, and never seal alike twice', () => {
    const plain = Buffer.from('PID|1||9434765919^^^NHS||BLENKINSOP^SIÂN')
    const [one, other] = [vault.seal(plain, 'b'), vault.seal(plain, 'b')]
    assert.equal(Buffer.from(one).indexOf('BLENKINSOP'), -1)
    assert.notDeepEqual(one.subarray(5), other.subarray(5))
  })

  test('never use a nonce twice', () => {
    const nonces = Array.from({ length: 2_000 }, () =>
      Buffer.from(vault.seal(new Uint8Array(0), 'b').subarray(5, 17)).toString('hex'),
    )
    assert.equal(new Set(nonces).size, nonces.length)
  })

  test('notice any one bit that differs', () => {
    fc.assert(
      fc.property(bytes, binding, fc.nat(), (plain, place, at) => {
        const sealed = vault.seal(plain, place)
        const bit = at % (sealed.length * 8)
        sealed[bit >> 3]! ^= 1 << (bit & 7)
        // Bytes 1 to 4 name the key: another name is that of a key that does not exist.
        const isKeyId = bit >> 3 >= 1 && bit >> 3 <= 4
        const code = isKeyId ? 'VAULT_KEY_UNKNOWN' : 'VAULT_TAMPERED'
        assert.throws(() => vault.open(sealed, place), { code })
      }),
    )
  })

  test('notice each bit of a whole record', () => {
    const sealed = vault.seal(Buffer.from('M'), 'Patient/1')
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const bent = Uint8Array.from(sealed)
      bent[bit >> 3]! ^= 1 << (bit & 7)
      assert.throws(() => vault.open(bent, 'Patient/1'), AlmonerError)
    }
  })

  test('notice a record that lost or gained bytes', () => {
    fc.assert(
      fc.property(bytes, fc.nat(), (plain, at) => {
        const sealed = vault.seal(plain, 'b')
        const cut = sealed.subarray(0, at % sealed.length)
        assert.throws(() => vault.open(cut, 'b'), { code: 'VAULT_TAMPERED' })
        const longer = Buffer.concat([sealed, Uint8Array.of(0)])
        assert.throws(() => vault.open(longer, 'b'), { code: 'VAULT_TAMPERED' })
      }),
    )
  })

  test('notice a record in the place of another', () => {
    const two = fc.uniqueArray(binding, { minLength: 2, maxLength: 2 })
    fc.assert(
      fc.property(bytes, two, (plain, [place, otherPlace]) => {
        const sealed = vault.seal(plain, place!)
        assert.throws(() => vault.open(sealed, otherPlace!), { code: 'VAULT_TAMPERED' })
      }),
    )
  })

  test('notice two bindings that share a subkey', () => {
    // With 4,096 subkeys, 9,000 bindings must share some; the tag still tells them apart.
    const sealed = vault.seal(Buffer.from('x'), 'journal/0/body')
    for (let count = 1; count < 9_000; count++) {
      assert.throws(() => vault.open(sealed, `journal/${count}/body`), { code: 'VAULT_TAMPERED' })
    }
  })

  test('refuse a record of another keyring', () => {
    const sealed = openVault(newPath()).seal(Buffer.from('x'), 'b')
    assert.throws(() => vault.open(sealed, 'b'), { code: 'VAULT_KEY_UNKNOWN' })
  })

  test('open what version 1 of the format sealed', () => {
    // A keyring and a record that an earlier run wrote: the format may never change.
    const folder = join(root, 'golden')
    mkdirSync(folder)
    const file = join(folder, 'keyring')
    writeFileSync(file, GOLDEN_KEYRING, { mode: 0o600 })
    const golden = createVault(openKeyring(file, { random, create: false }), { random })
    const opened = golden.open(Buffer.from(GOLDEN_RECORD, 'base64'), 'journal/1/body')
    assert.equal(Buffer.from(opened).toString(), 'what was sealed')
    assert.equal(golden.blind('nhs-number', '9434765919'), GOLDEN_BLIND)
  })
})

describe('rotate', () => {
  test('seals with the new key and opens what the old one sealed', () => {
    const rotating = openVault(newPath())
    const before = rotating.seal(Buffer.from('x'), 'b')
    rotating.rotate()
    const later = rotating.seal(Buffer.from('y'), 'b')
    assert.notDeepEqual(later.subarray(1, 5), before.subarray(1, 5))
    assert.equal(Buffer.from(rotating.open(before, 'b')).toString(), 'x')
    assert.equal(Buffer.from(rotating.open(later, 'b')).toString(), 'y')
  })

  test('is picked up by another vault as soon as it meets the new key', () => {
    const file = newPath()
    const [one, other] = [openVault(file), openVault(file)]
    one.rotate()
    assert.equal(Buffer.from(other.open(one.seal(Buffer.from('x'), 'b'), 'b')).toString(), 'x')
    assert.deepEqual(sealKeyIds(other), sealKeyIds(one))
  })

  test('lets another vault go on with the old key, which the new one opens', () => {
    const file = newPath()
    const [one, other] = [openVault(file), openVault(file)]
    one.rotate()
    assert.equal(Buffer.from(one.open(other.seal(Buffer.from('x'), 'b'), 'b')).toString(), 'x')
  })

  test('keeps blind indexes as they are', () => {
    const rotating = openVault(newPath())
    const before = rotating.blind('nhs-number', '9434765919')
    rotating.rotate()
    rotating.rotate('wrapping-key')
    assert.equal(rotating.blind('nhs-number', '9434765919'), before)
  })

  test('under a new wrapping key keeps every record open', () => {
    const file = newPath()
    const rotating = openVault(file)
    const sealed = rotating.seal(Buffer.from('x'), 'b')
    rotating.rotate('wrapping-key')
    assert.equal(Buffer.from(openVault(file).open(sealed, 'b')).toString(), 'x')
  })

  test('happens by itself before a key seals more than its share', () => {
    const worn = openVault(newPath(), 3)
    const ids = Array.from({ length: 7 }, () => {
      return Buffer.from(worn.seal(new Uint8Array(0), 'b').subarray(1, 5)).toString('hex')
    })
    assert.deepEqual(
      [...Map.groupBy(ids, (id) => id).values()].map((group) => group.length),
      [3, 3, 1],
    )
  })

  test('stops the sealing when a new key is due and cannot be kept', () => {
    const file = newPath()
    const worn = openVault(file, 1)
    const sealed = worn.seal(Buffer.from('x'), 'b')
    const text = readFileSync(file, 'utf8')
    rmSync(join(file, '..'), { recursive: true })
    assert.throws(() => worn.seal(Buffer.from('y'), 'b'), { code: 'VAULT_KEYRING_UNWRITABLE' })
    assert.equal(Buffer.from(worn.open(sealed, 'b')).toString(), 'x')
    mkdirSync(join(file, '..'))
    writeFileSync(file, text, { mode: 0o600 })
    assert.equal(Buffer.from(worn.open(worn.seal(Buffer.from('y'), 'b'), 'b')).toString(), 'y')
  })
})

describe('inventory', () => {
  test('lists every key with purpose, state, date and what wraps it', () => {
    const clock = { nowMs: () => 1_700_000_000_000 }
    const dated = createVault(openKeyring(newPath(), { random, create: true, clock }), { random })
    dated.seal(new Uint8Array(0), 'b')
    dated.rotate()
    const rows = dated.inventory()
    assert.deepEqual(
      rows.map(({ purpose, state, sealCount }) => ({ purpose, state, sealCount })),
      [
        { purpose: 'wrap', state: 'active', sealCount: 0 },
        { purpose: 'seal', state: 'retired', sealCount: 1 },
        { purpose: 'index', state: 'active', sealCount: 0 },
        { purpose: 'seal', state: 'active', sealCount: 0 },
      ],
    )
    assert.ok(rows.every((row) => row.createdAtMs === clock.nowMs()))
    assert.deepEqual(new Set(rows.map((row) => row.wrappedBy)), new Set([undefined, rows[0]?.id]))
  })
})

describe('key material', () => {
  /** Remembers what it drew: three of its draws become the keys. */
  function watched(): Random & { readonly drawn: string[] } {
    const inner = seededRandom(9)
    const drawn: string[] = []
    return {
      ...inner,
      drawn,
      bytes: (count) => {
        const bytes = inner.bytes(count)
        if (count === 32) drawn.push(Buffer.from(bytes).toString('hex'))
        return bytes
      },
    }
  }

  test('never shows in what can be printed, nor in errors', () => {
    const watching = watched()
    const file = newPath()
    const keyring = openKeyring(file, { random: watching, create: true })
    const opened = createVault(keyring, { random: watching })
    const sealed = opened.seal(Buffer.from('x'), 'b')
    opened.rotate()
    const errors = [
      thrownBy(() => opened.open(sealed, 'c')),
      thrownBy(() => opened.open(Uint8Array.of(1, 0, 0, 0, 0, ...sealed.subarray(5)), 'b')),
    ]
    writeFileSync(file, readFileSync(file, 'utf8').replace('"key": "', '"key": '))
    errors.push(thrownBy(() => openKeyring(file, { random, create: false })))

    const everything: unknown[] = [keyring, opened, opened.inventory(), ...errors]
    const printed = everything
      .flatMap((thing) => [
        inspect(thing, { showHidden: true, depth: 20, maxArrayLength: 1_000 }),
        String(thing),
        JSON.stringify(thing),
      ])
      .join('\n')
    assert.equal(watching.drawn.length, 4)
    for (const hex of watching.drawn) {
      const key = Buffer.from(hex, 'hex')
      for (const spelling of [hex, key.toString('base64'), key.join(', '), key.join(',')]) {
        assert.ok(!printed.includes(spelling.slice(0, 16)))
      }
    }
  })
})

function thrownBy(call: () => unknown): unknown {
  try {
    call()
  } catch (thrown) {
    return thrown
  }
  throw new Error('nothing was thrown')
}

// Made from seed 2026: these keys protect nothing.
const GOLDEN_KEYRING = `{
  "format": "almoner-keyring",
  "version": 1,
  "wrappingKey": {
    "id": 1951312286,
    "createdAtMs": 1767225600000,
    "key": "JjiuzUsKEZ5jHS1UaOuQADRGx/Txw0dGaUmp103rFAo="
  },
  "keys": [
    {
      "id": 1439022437,
      "purpose": "seal",
      "state": "active",
      "createdAtMs": 1767225600000,
      "wrapped": "fJZJ8uYE957iO5mN1WP+qt1EDw19mjhcqAL3jLCZqWBQ435gpX/DZrhM3yf/CTOIHIiRtANNMxwmBElU"
    },
    {
      "id": 99212790,
      "purpose": "index",
      "state": "active",
      "createdAtMs": 1767225600000,
      "wrapped": "5l0OZl3p1qO/XT95SQZCfKCq0qM68kbXkj1Jzpe8N/9IEQwYBkFOzcgJfhBGVjkqURdWoYlu4FFuF9pz"
    }
  ]
}
`
const GOLDEN_RECORD = 'AVXFvWUqLlDnFkcKl5T+XIOTWb8YBLB48yL8nyPcs/jUTs1QM1lv7sci8PXh2wjO'
const GOLDEN_BLIND = 'lbwVXz6jBKVn4vI3PrcnGQ'
