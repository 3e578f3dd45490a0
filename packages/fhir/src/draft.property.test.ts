import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { applyDraft, type Draft, type Slot } from './draft.ts'
import type { Resource } from './types.ts'

const draftOf = (slot: Slot): Draft => ({
  name: 'one',
  type: 'Basic',
  identity: [],
  ifUnidentified: 'create',
  follow: 'current',
  slots: [slot],
})

describe('the same draft applied twice', () => {
  const place = fc.record(
    {
      location: fc.record({ reference: fc.constantFrom('Location/a', 'Location/b', 'Location/c') }),
      status: fc.constantFrom('active', 'completed', 'planned'),
      period: fc.record({ start: fc.constantFrom('2026-01-01', '2026-02-01') }),
    },
    { requiredKeys: ['location'] },
  )
  const contact = fc.record(
    {
      system: fc.constantFrom('phone', 'email'),
      value: fc.constantFrom('1', '2', '3'),
      use: fc.constantFrom('home', 'work'),
      rank: fc.nat({ max: 2 }),
    },
    { requiredKeys: [] },
  )
  const items = fc.oneof(fc.array(place, { maxLength: 4 }), fc.array(contact, { maxLength: 4 }))
  const claim = fc.constantFrom(undefined, { use: 'home' }, { use: 'work', system: 'phone' })

  /** The slot that these parts make, with its items bent so that it is a slot a rule may give. */
  function slotOf(mode: Slot['mode'], given: readonly object[], claimed: Slot['claim']): Slot {
    const isClaiming = claimed !== undefined && (mode === 'replace' || mode === 'default')
    const owned = given.map((item) => (isClaiming ? { ...item, ...claimed } : item))
    const value = mode === 'revert' ? owned.slice(0, 1) : owned
    return {
      path: 'list',
      mode,
      value,
      claim: isClaiming ? claimed : undefined,
      atTime: '2026-03-01',
    }
  }

  for (const mode of ['replace', 'union', 'default', 'succeed', 'revert'] as const) {
    test(`changes nothing the second time with ${mode}`, () => {
      fc.assert(
        fc.property(items, items, claim, (stored, given, claimed) => {
          const draft = draftOf(slotOf(mode, given, claimed))
          const start = { resourceType: 'Basic', ...(stored.length > 0 ? { list: stored } : {}) }
          const once = applyDraft(start as unknown as Resource, draft)
          // The store keeps JSON, so the second time starts from what was written.
          const read = JSON.parse(JSON.stringify(once)) as Resource
          assert.equal(applyDraft(read, draft), read)
          assert.equal(applyDraft(once, draft), once)
        }),
      )
    })

    test(`writes nothing empty with ${mode}`, () => {
      fc.assert(
        fc.property(items, items, claim, (stored, given, claimed) => {
          const start = { resourceType: 'Basic', ...(stored.length > 0 ? { list: stored } : {}) }
          const draft = draftOf(slotOf(mode, given, claimed))
          const got = applyDraft(start as unknown as Resource, draft) as { list?: unknown }
          assert.notDeepEqual(got.list, [])
        }),
      )
    })
  }
})
