/** Every message that the simulated hospital can make is accounted for, leaf by leaf. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { parseMessage } from '@almoner/hl7v2'
import { toFhir, ukCore } from '@almoner/mapping'
import { createFeed, fixedDay, RIVERSIDE } from '@almoner/simulators'

const startAtMs = Date.UTC(2026, 0, 5)
const context = { organisation: RIVERSIDE, timeZone: 'Europe/London' }
const mapper = toFhir(ukCore)

/** `path, why` of each unmapped leaf of these messages, once each. */
function unmappedOf(messages: Iterable<{ readonly text: string }>): readonly string[] {
  const found = new Set<string>()
  for (const { text } of messages) {
    const { ledger } = mapper.map(parseMessage(text), context)
    if (ledger.unmapped === 0) continue
    for (const entry of ledger.entries()) {
      if (entry.fate === 'unmapped') found.add(`${entry.path}: ${entry.why ?? entry.rule}`)
    }
  }
  return [...found]
}

describe('the ledger of the hospital feed', () => {
  test('leaves no leaf of a fixed day unmapped', () => {
    const day = fixedDay({ seed: 20_260_101, startAtMs, organisation: RIVERSIDE })
    assert.ok(day.length > 300)
    assert.deepEqual(unmappedOf(day), [])
  })

  for (const seed of [1, 2, 3, 4, 5]) {
    test(`leaves no leaf unmapped in 1,000 messages of seed ${seed}`, () => {
      const feed = createFeed({ seed, startAtMs, organisation: RIVERSIDE })
      assert.deepEqual(unmappedOf(Array.from({ length: 1_000 }, () => feed.next())), [])
    })
  }

  test('names a rule for each leaf that is ignored', () => {
    const day = fixedDay({ seed: 20_260_101, startAtMs, organisation: RIVERSIDE })
    for (const { text } of day) {
      const entries = mapper.map(parseMessage(text), context).ledger.entries()
      for (const entry of entries.filter(({ fate }) => fate === 'ignored')) {
        assert.ok(entry.rule !== '' && (entry.why ?? '') !== '', entry.path)
      }
    }
  })
})
