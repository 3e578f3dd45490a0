import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { byPatient, defineRoute, fhirStore, forward, type RouteDefinition } from './route.ts'
import { defineSite, type SiteDefinition } from './site.ts'
import { agreement, handDestination, handMapper, handSource } from './testing/stand-ins.ts'

const { source } = handSource('pas')
const route = (change: Partial<RouteDefinition> = {}) =>
  defineRoute({
    name: 'adt',
    purpose: 'direct-care',
    agreement: agreement.id,
    from: source,
    accepts: ['ADT'],
    lane: byPatient,
    steps: [handMapper()],
    to: [fhirStore()],
    ...change,
  })

const site = (change: Partial<SiteDefinition> = {}) =>
  defineSite({
    name: 'test',
    title: 'Test',
    organisation: 'RZZ',
    timeZone: 'Europe/London',
    storage: 'sqlite:./data',
    http: { host: '127.0.0.1', port: 0 },
    agreements: [agreement],
    routes: [route()],
    ...change,
  })

const { destination } = handDestination('hub')
const { agreement: _none, ...withoutAgreement } = route()

describe('defineSite', () => {
  test('keeps repeats known for a week unless told otherwise', () => {
    assert.equal(site().repeatWindowMs, 7 * 24 * 3_600_000)
    assert.equal(site({ repeatWindowMs: 5 }).repeatWindowMs, 5)
  })

  test('gives a route another version when the site means other things by its words', () => {
    const version = (change: Partial<SiteDefinition>) => site(change).routes[0]?.version
    assert.equal(version({}), version({}))
    assert.notEqual(version({ timeZone: 'Europe/Paris' }), version({}))
    assert.notEqual(version({ authorities: { RZZ: 'urn:oid:2.999.60' } }), version({}))
  })

  for (const [why, change] of [
    ['has no routes', { routes: [] }],
    ['has a name that is no name', { name: 'My Site' }],
    ['has two routes of one name', { routes: [route(), route()] }],
    ['has two agreements of one id', { agreements: [agreement, agreement] }],
    [
      'has two sources of one name',
      { routes: [route(), route({ name: 'b', from: handSource('pas').source })] },
    ],
    ['names an agreement it does not have', { agreements: [] }],
    [
      'forwards without an agreement',
      { routes: [defineRoute({ ...withoutAgreement, to: [forward(destination)] })] },
    ],
    [
      'has two destinations of one name',
      {
        routes: [
          route({ to: [forward(destination)] }),
          route({ name: 'b', to: [forward(handDestination('hub').destination)] }),
        ],
      },
    ],
  ] as const) {
    test(`refuses a site that ${why}`, () => {
      assert.throws(() => site(change as Partial<SiteDefinition>), { code: 'ENGINE_SITE_INVALID' })
    })
  }
})

describe('defineRoute', () => {
  test('gives the same version for the same route and another for any change that matters', () => {
    const { version } = route()
    assert.match(version, /^[0-9a-f]{12}$/)
    assert.equal(route().version, version)
    for (const change of [
      { name: 'other' },
      { purpose: 'audit' },
      { accepts: ['ORU'] },
      { to: [fhirStore(), forward(destination)] },
      { to: [fhirStore(), forward(destination, { when: () => false })] },
      { steps: [{ ...handMapper(), version: '2' }] },
      { lane: { name: 'patient', keys: () => [] } },
    ] as const satisfies readonly Partial<RouteDefinition>[]) {
      assert.notEqual(route(change).version, version, JSON.stringify(Object.keys(change)))
    }
  })
})
