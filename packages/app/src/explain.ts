/** Maps a stored message again, so that a person sees both sides and what links them. */
import { isAlmonerError } from '@almoner/core'
import { contextOf, type Route, type Site } from '@almoner/engine'
import { applyDraft, type Bundle } from '@almoner/fhir'
import { decodeBytes, parseMessage } from '@almoner/hl7v2'
import { draftsToBundle } from '@almoner/mapping'
import type { MessageDetail } from '@almoner/store'
import type { Explain, Explained } from './desk/explained.ts'

export function createExplain(site: Site): Explain {
  const routes = new Map(site.routes.map((route) => [route.name, route]))
  return async (detail) => explain(site, routes.get(detail.row.route), detail)
}

function explain(site: Site, route: Route | undefined, detail: MessageDetail): Explained {
  const sameVersion = route?.version === detail.routeVersion
  const { text } = decodeBytes(detail.body)
  try {
    const message = parseMessage(text)
    if (route === undefined) return { message, ...NOTHING, sameVersion }
    try {
      const { drafts, ledger } = route.steps[0].map(message, contextOf(site, route))
      return {
        message,
        bundle: draftsToBundle(drafts),
        entries: ledger.entries(),
        drafts: drafts.map((draft) => ({
          name: draft.name,
          resource: applyDraft(undefined, draft),
        })),
        sameVersion,
      }
    } catch (thrown) {
      return { message, ...NOTHING, problem: problemOf(thrown), sameVersion }
    }
  } catch (thrown) {
    const message = { text, delimiters: NO_DELIMITERS, segments: [], leniencies: [] }
    return { message, ...NOTHING, problem: problemOf(thrown), sameVersion }
  }
}

const EMPTY_BUNDLE: Bundle = { resourceType: 'Bundle', type: 'collection' }
const NOTHING = { bundle: EMPTY_BUNDLE, entries: [], drafts: [] }
const NO_DELIMITERS = {
  field: '',
  component: '',
  repetition: '',
  escape: '',
  subcomponent: '',
}

/** Only an expected failure is shown; a bug goes up and ends as an error page. */
function problemOf(thrown: unknown): NonNullable<Explained['problem']> {
  if (!isAlmonerError(thrown)) throw thrown
  return { code: thrown.code, sentence: thrown.message }
}
