import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { seededRandom } from '@almoner/core'
import { createVault, openKeyring } from '@almoner/vault'
import fc from 'fast-check'
import { openEnvelope, sealEnvelope } from './envelope.ts'

const folder = mkdtempSync(join(tmpdir(), 'almoner-envelope-'))
after(() => rmSync(folder, { recursive: true }))
const random = seededRandom(1)
const vault = createVault(openKeyring(join(folder, 'k.json'), { random, create: true }), { random })

test('gives back the three parts of whatever was sealed', () => {
  fc.assert(
    fc.property(
      fc.record(
        { controlId: fc.string({ unit: 'grapheme' }), peer: fc.string() },
        { noNullPrototype: true },
      ),
      fc.uint8Array(),
      fc.uint8Array(),
      (head, ack, body) => {
        const opened = openEnvelope(vault, 'id', sealEnvelope(vault, 'id', { head, ack, body }))
        assert.deepEqual(
          { ...opened, ack: [...opened.ack], body: [...opened.body] },
          { head, ack: [...ack], body: [...body] },
        )
      },
    ),
  )
})

test('opens only under the id that it was sealed for', () => {
  const empty = new Uint8Array(0)
  const head = { controlId: '1', peer: '' }
  const sealed = sealEnvelope(vault, 'one', { head, ack: empty, body: empty })
  assert.throws(() => openEnvelope(vault, 'other', sealed), { code: 'VAULT_TAMPERED' })
})
