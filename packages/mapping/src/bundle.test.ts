import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { draftsToBundle } from './bundle.ts'
import { adt, mapText, PID } from './testing/samples.ts'

const bundleOf = (text: string) => draftsToBundle(mapText(text).drafts)

describe('the Bundle of a message', () => {
  const bundle = bundleOf(adt('A01', PID, 'PV1|1|I|A^B||||C1^Doc|||||||||||||7'))
  const urls = bundle.entry?.map(({ fullUrl }) => fullUrl) ?? []

  test('is a collection of what each draft makes alone', () => {
    assert.equal(bundle.type, 'collection')
    assert.deepEqual(
      bundle.entry?.map(({ resource }) => resource?.resourceType),
      ['Patient', 'Encounter', 'Location', 'Location', 'Practitioner'],
    )
  })

  test('has a UUID for every resource, each its own', () => {
    for (const url of urls) {
      assert.match(
        url ?? '',
        /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
      )
    }
    assert.equal(new Set(urls).size, urls.length)
  })

  test('refers to nothing that is not in it', () => {
    const references = [...JSON.stringify(bundle).matchAll(/"reference":"([^"]*)"/g)]
    assert.ok(references.length > 3)
    for (const [, reference] of references) assert.ok(urls.includes(reference))
  })

  test('is the same for the same message, and another for another patient', () => {
    assert.deepEqual(bundleOf(adt('A31', PID)), bundleOf(adt('A31', PID)))
    const other = bundleOf(adt('A31', PID.replace('4821976', '4821977')))
    assert.notEqual(other.entry?.[0]?.fullUrl, bundleOf(adt('A31', PID)).entry?.[0]?.fullUrl)
  })

  test('of nothing has no entries', () => {
    assert.deepEqual(draftsToBundle([]), { resourceType: 'Bundle', type: 'collection' })
  })
})
