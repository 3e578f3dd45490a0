/** A site: one organisation's routes, agreements and where its data lives. */
import type { Agreement } from '@almoner/governance'
import { ENGINE_ERRORS } from './errors.ts'
import { forwardsOf, hashOf, type Route } from './route.ts'

export type SiteDefinition = {
  /** Lower-case name; part of nothing that leaves. */
  readonly name: string
  /** For people. */
  readonly title: string
  /** ODS code of the organisation that runs the site. */
  readonly organisation: string
  /** Zone of dates without one. */
  readonly timeZone: string
  /**
   * Systems of numbers whose authority is a bare name: `{ RZZ: 'urn:oid:2.999.60' }`. Senders that
   * write one authority in two ways are known as one by it.
   */
  readonly authorities?: Readonly<Record<string, string>>
  /** `sqlite:FOLDER`, relative to where the site is started. */
  readonly storage: string
  readonly http: { readonly host: string; readonly port: number }
  readonly agreements: readonly Agreement[]
  readonly routes: readonly Route[]
  /** How long a repeated message is known as one. */
  readonly repeatWindowMs?: number
}

export type Site = SiteDefinition & { readonly repeatWindowMs: number }

const REPEAT_WINDOW_MS = 7 * 24 * 3_600_000

/** @throws ENGINE_SITE_INVALID naming the part that cannot run. */
export function defineSite(definition: SiteDefinition): Site {
  const { routes, agreements } = definition
  const refuse = (where: string): never => {
    throw ENGINE_ERRORS.error('ENGINE_SITE_INVALID', { where })
  }
  if (routes.length === 0) refuse('routes: there is none')
  if (!/^[a-z][a-z0-9-]*$/.test(definition.name)) refuse('name: use lower-case letters and hyphens')
  refuseTwice(
    routes.map((route) => route.name),
    'route',
    refuse,
  )
  refuseTwice(
    agreements.map((one) => one.id),
    'agreement',
    refuse,
  )
  const sources = new Map(routes.map((route) => [route.from.name, route.from]))
  for (const route of routes) {
    if (sources.get(route.from.name) !== route.from) {
      refuse(`route ${route.name}: two sources are named ${route.from.name}`)
    }
    if (forwardsOf(route).length > 0 && route.agreement === undefined) {
      refuse(`route ${route.name}: it forwards without naming an agreement`)
    }
    if (route.agreement !== undefined && !agreements.some((one) => one.id === route.agreement)) {
      refuse(`route ${route.name}: agreement ${route.agreement} is not one of the site`)
    }
  }
  const destinations = routes.flatMap((route) => forwardsOf(route).map((one) => one.destination))
  refuseTwice(
    [...new Set(destinations)].map((one) => one.name),
    'destination',
    refuse,
  )
  return {
    ...definition,
    routes: routes.map((route) => ({ ...route, version: versionHere(route, definition) })),
    repeatWindowMs: definition.repeatWindowMs ?? REPEAT_WINDOW_MS,
  }
}

/** What a route does depends on the site too: its time zone and the names it knows. */
function versionHere(route: Route, { timeZone, authorities = {} }: SiteDefinition): string {
  return hashOf([route.version, timeZone, Object.entries(authorities).toSorted()])
}

function refuseTwice(
  names: readonly string[],
  what: string,
  refuse: (where: string) => never,
): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) refuse(`two ${what}s are named ${twice}`)
}
