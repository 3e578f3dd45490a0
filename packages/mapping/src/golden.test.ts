import assert from 'node:assert/strict'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import type { Draft, Slot } from '@almoner/fhir'
import { parseMessage } from '@almoner/hl7v2'
import { draftsToBundle } from './bundle.ts'
import { CONTEXT, mapper } from './testing/samples.ts'

const FOLDER = new URL('../../../proof/golden/mapping/', import.meta.url)
const IS_UPDATE = process.env['UPDATE'] === '1'

/** What a slot does, without its value: the Bundle shows that. */
function describeSlot({ path, mode, claim, value, atTime }: Slot): string {
  const owned = Object.entries(claim ?? {}).map(([key, of]) => ` ${key}=${of}`)
  const isDeleted = value === undefined || (Array.isArray(value) && value.length === 0)
  const when = atTime === undefined ? '' : ` at ${atTime}`
  return `${path}: ${mode}${owned.join('')}${when}${isDeleted ? ' (deleted)' : ''}`
}

const describeDraft = ({ name, type, identity, ifUnidentified, follow, slots }: Draft) => ({
  name,
  type,
  identity: identity.map(({ system, value, strength }) => `${strength} ${system}|${value}`),
  ifUnidentified,
  follow,
  slots: slots.map(describeSlot),
})

/** A golden file holds what a person has reviewed; UPDATE=1 writes it anew for the next review. */
function compare(folder: URL, name: string, value: unknown): void {
  const file = new URL(name, folder)
  const text = `${JSON.stringify(value, null, 2)}\n`
  if (IS_UPDATE) writeFileSync(file, text)
  assert.equal(text, readFileSync(file, 'utf8'))
}

describe('golden messages', () => {
  const cases = readdirSync(FOLDER)

  test('are at least eight', () => {
    assert.ok(cases.length >= 8)
  })

  for (const name of cases) {
    test(`${name} maps as reviewed`, () => {
      const folder = new URL(`${name}/`, FOLDER)
      assert.notEqual(readFileSync(new URL('note.md', folder), 'utf8').trim(), '')
      // Lines in the file, segments in the message: HL7 ends a segment with a carriage return.
      const text = readFileSync(new URL('in.hl7', folder), 'utf8').replaceAll('\n', '\r')
      const { drafts, flags, ledger } = mapper.map(parseMessage(text), CONTEXT)
      const bundle = draftsToBundle(drafts)
      compare(folder, 'out.json', { flags, drafts: drafts.map(describeDraft), bundle })
      const entries = ledger.entries().map(({ path, fate, rule, target, why }) => ({
        path,
        fate,
        rule,
        ...(target === undefined ? {} : { target }),
        ...(why === undefined ? {} : { why }),
      }))
      const { mapped, ignored, unmapped } = ledger
      compare(folder, 'ledger.json', { mapped, ignored, unmapped, entries })
      assert.deepEqual(
        entries.filter(({ fate, why }) => fate === 'unmapped' && why === undefined),
        [],
      )
    })
  }
})
