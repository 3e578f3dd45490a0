/** `almoner token`: a bearer token for the FHIR API, or a link to sign in to the desk. */

import { systemPorts } from '@almoner/core'
import { grantLink, grantToken, LINK_MS } from '../access/grants.ts'
import { badUsage, type Command, wholeNumber } from '../command.ts'
import { operator } from '../operator.ts'
import { STORAGE_FLAG, withSiteStore } from '../site-store.ts'

export const token: Command = {
  name: 'token',
  summary: 'Mint a token for the FHIR API, or a one-time link to the desk.',
  usage: 'SITE --name NAME [--scope SCOPE…] [--desk]',
  details: [
    'Whoever may read the data folder of the site may mint; every grant is audited with the name of',
    'the operating-system user. The secret is printed once and stored only as a keyed hash.',
    '',
    'Examples:  almoner token examples/riverside --name "ward app" --scope system/Patient.rs',
    '           almoner token examples/riverside --name "Night operator" --desk',
  ],
  flags: {
    name: { type: 'string', value: 'NAME', doc: 'who will hold it; shown in the audit log' },
    scope: {
      type: 'string',
      multiple: true,
      value: 'SCOPE',
      doc: 'what it opens; system/*.rs when left out',
    },
    hours: { type: 'string', value: 'N', doc: 'how long a token lives, 1 to 720; 12 by default' },
    desk: { type: 'boolean', doc: 'a one-time sign-in link, valid for 15 minutes' },
    storage: STORAGE_FLAG,
    json: { type: 'boolean', doc: 'one JSON object for programs' },
  },
  run: async (input, output) => {
    const [path] = input.positionals
    const name = input.text('name')
    if (path === undefined || name === undefined) throw badUsage(token, 'name a site and --name')
    const hours = wholeNumber(token, input, 'hours', { fallback: 12, min: 1, max: 720 })
    const given = input.texts('scope')
    const scopes = given.length === 0 ? ['system/*.rs'] : given
    const isJson = input.isSet('json')
    return await withSiteStore(path, input, async (store, site): Promise<0> => {
      const ports = systemPorts
      const by = operator()
      if (input.isSet('desk')) {
        const actor = { kind: 'person', id: ports.ids.next(), name } as const
        const request = { actor, scopes: ['desk'], forMs: LINK_MS, by }
        const link = await grantLink({ store, ports }, request)
        const url = `http://${site.http.host}:${site.http.port}${link.path}`
        output.out(isJson ? JSON.stringify({ url }) : url)
        return 0
      }
      const actor = { kind: 'token', id: ports.ids.next(), name } as const
      const request = { actor, scopes, forMs: hours * 3_600_000, by }
      const { secret } = await grantToken({ store, ports }, request)
      output.out(isJson ? JSON.stringify({ token: secret, scopes }) : secret)
      return 0
    })
  },
}
