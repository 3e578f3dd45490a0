/** `almoner check`: what a site would do, without doing it. */
import { systemPorts } from '@almoner/core'
import { forwardsOf, type Route, type Site } from '@almoner/engine'
import { categoriesOf, decide, describeAgreement } from '@almoner/governance'
import { badUsage, type Command } from '../command.ts'
import { loadSite, usualPorts } from '../load-site.ts'

export const check: Command = {
  name: 'check',
  summary: 'Validate a site and print what would flow where.',
  usage: 'SITE [--json]',
  details: [
    'Exit 1 when the site cannot run, or when a route forwards something that no live agreement',
    'covers.',
    '',
    'Example:  almoner check examples/riverside',
  ],
  flags: { json: { type: 'boolean', doc: 'one JSON object for programs' } },
  run: async (input, output) => {
    const [path] = input.positionals
    if (path === undefined) throw badUsage(check, 'name a site')
    const { site } = await loadSite(path, usualPorts)
    const nowMs = systemPorts.clock.nowMs()
    const flows = site.routes.flatMap((route) => flowsOf(site, route, nowMs))
    const refused = flows.filter((flow) => !flow.permitted)
    if (input.isSet('json')) output.out(JSON.stringify({ site: site.name, flows }))
    else output.out(describe(site, flows, nowMs))
    return refused.length > 0 ? 1 : 0
  },
}

type Flow = {
  readonly route: string
  readonly version: string
  readonly source: string
  readonly accepts: readonly string[]
  readonly to: string
  readonly recipient: string
  readonly agreement: string
  readonly permitted: boolean
  readonly why: string
}

function flowsOf(site: Site, route: Route, atMs: number): readonly Flow[] {
  const start = {
    route: route.name,
    version: route.version,
    source: `${route.from.name} (${route.from.kind}, ${route.from.organisation})`,
    accepts: route.accepts,
  }
  const own = route.to
    .filter((target) => target.kind === 'fhir-store')
    .map(() => ({
      ...start,
      to: 'own FHIR store',
      recipient: site.organisation,
      agreement: '–',
      permitted: true,
      why: 'stays here',
    }))
  const forwarded = forwardsOf(route).map(({ destination }) => {
    const agreement = route.agreement ?? ''
    // Each accepted type by itself, as the dispatcher will ask: one that is refused is enough.
    const refusal = route.accepts
      .map((type) =>
        decide(site.agreements, {
          agreement,
          purpose: route.purpose,
          recipient: destination.recipient,
          categories: categoriesOf(type, []),
          atMs,
        }),
      )
      .find((decision) => !decision.permit)
    return {
      ...start,
      to: `${destination.name} (${destination.address})`,
      recipient: destination.recipient,
      agreement,
      permitted: refusal === undefined,
      why:
        refusal === undefined
          ? coverage(site, route, destination.recipient, atMs)
          : `${refusal.code}: ${refusal.why}`,
    }
  })
  return [...own, ...forwarded]
}

/** What a message of these types may carry besides, and would be held for. */
function coverage(site: Site, route: Route, recipient: string, atMs: number): string {
  const { agreement = '', purpose } = route
  const carried = new Set(route.accepts.flatMap((type) => categoriesOf(type)))
  const held = [...carried].filter(
    (category) =>
      !decide(site.agreements, { agreement, purpose, recipient, categories: [category], atMs })
        .permit,
  )
  return held.length === 0 ? 'covered' : `covered; held when a message carries ${held.join(', ')}`
}

function describe(site: Site, flows: readonly Flow[], nowMs: number): string {
  const lines = [`${site.title} (${site.organisation}), storage ${site.storage}`, '']
  for (const route of site.routes) {
    lines.push(`Route ${route.name}, version ${route.version}, purpose ${route.purpose}`)
    lines.push(
      `  from ${route.from.name} (${route.from.kind}, ${route.from.organisation}): ${route.accepts.join(', ')}`,
    )
    lines.push(
      `  by ${route.steps.map((step) => step.name).join(', ')}; a lane per ${route.lane.name}`,
    )
    for (const flow of flows.filter((one) => one.route === route.name)) {
      const mark = flow.permitted ? 'permitted' : 'REFUSED'
      lines.push(`  to ${flow.to}, recipient ${flow.recipient}: ${mark}, ${flow.why}`)
    }
    lines.push('')
  }
  for (const agreement of site.agreements) lines.push(...describeAgreement(agreement, nowMs), '')
  const refused = flows.filter((flow) => !flow.permitted).length
  lines.push(
    refused === 0
      ? 'Every flow is covered; a message that carries more than its agreement covers is held.'
      : `${refused} flows refused.`,
  )
  return lines.join('\n')
}
