/** Pages from templates. Everything is escaped; templates are ours, never a user's. */
import { fileURLToPath } from 'node:url'
import type { FastifyReply, FastifyRequest } from 'fastify'
import nunjucks from 'nunjucks'
import type { Assets } from './assets.ts'
import { NHSUK_DIST } from './assets.ts'
import type { Desk, DeskDeps } from './desk-deps.ts'
import { visible } from './safe-html.ts'
import { knownSession } from './session.ts'
import { DELIVERY_TAGS, FATE_TAGS, MESSAGE_TAGS, OUTCOME_TAGS } from './states.ts'
import { isoTime, longTime, shortTime, size, span } from './times.ts'

/** Renders the views of this folder; throws when a view is missing or broken (a bug). */
export function createRender(deps: DeskDeps, assets: Assets): Desk['render'] {
  const views = fileURLToPath(new URL('./views', import.meta.url))
  const loader = new nunjucks.FileSystemLoader([views, NHSUK_DIST])
  const environment = new nunjucks.Environment(loader, { autoescape: true })
  for (const [name, filter] of Object.entries({ longTime, shortTime, isoTime, size, span })) {
    environment.addFilter(name, filter)
  }
  environment.addFilter('visible', visible)
  environment.addFilter('count', (value: number) => value.toLocaleString('en-GB'))
  for (const [name, tags] of Object.entries({
    messageTags: MESSAGE_TAGS,
    deliveryTags: DELIVERY_TAGS,
    fateTags: FATE_TAGS,
    outcomeTags: OUTCOME_TAGS,
  })) {
    environment.addGlobal(name, tags)
  }
  environment.addGlobal('assets', assets.path)
  environment.addGlobal('site', { name: deps.site.name, organisation: deps.site.organisation })
  environment.addGlobal('softwareVersion', deps.softwareVersion)

  return (request: FastifyRequest, reply: FastifyReply, view, context) => {
    const session = knownSession(request)
    const html = environment.render(view, {
      ...context,
      cspNonce: reply.cspNonce.script,
      person: session?.access.actor.name,
      formToken: session?.formToken,
      mayRelease: session?.mayRelease === true,
    })
    return reply.type('text/html; charset=utf-8').send(html)
  }
}
