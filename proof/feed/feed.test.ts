/** Every message that the simulated hospital can make is accounted for, leaf by leaf. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { parseMessage } from '@almoner/hl7v2'
import { toFhir, ukCore } from '@almoner/mapping'
import { createFeed, fixedDay, RIVERSIDE } from '@almoner/simulators'

const startAtMs = Date.UTC(2026, 0, 5)
const context = { organisation: RIVERSIDE, timeZone: 'Europe/London' }
const mapper = toFhir(ukCore)

/** Each leaf that no rule names: neither mapped, nor ignored, nor left out for a named reason. */
function unexplainedOf(messages: Iterable<{ readonly text: string }>): readonly string[] {
  const found = new Set<string>()
  for (const { text } of messages) {
    const { ledger } = mapper.map(parseMessage(text), context)
    for (const entry of ledger.entries()) {
      const isNamed = entry.rule !== 'none' && (entry.fate === 'mapped' || entry.why !== undefined)
      if (!isNamed) found.add(`${entry.path}: ${entry.fate}, ${entry.why}`)
    }
  }
  return [...found]
}

describe('the ledger of the hospital feed', () => {
  test('leaves no leaf of a fixed day without a named reason', () => {
    const day = fixedDay({ seed: 20_260_101, startAtMs, organisation: RIVERSIDE })
    assert.ok(day.length > 300)
    assert.deepEqual(unexplainedOf(day), [])
  })

  for (const seed of [1, 2, 3, 4, 5]) {
    test(`leaves none without a named reason in 1,000 messages of seed ${seed}`, () => {
      const feed = createFeed({ seed, startAtMs, organisation: RIVERSIDE })
      assert.deepEqual(unexplainedOf(Array.from({ length: 1_000 }, () => feed.next())), [])
    })
  }
})
