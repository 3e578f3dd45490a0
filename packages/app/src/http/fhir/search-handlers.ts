/** Search by query and by form: parameters in, searchset Bundle out. */
import type { Random } from '@almoner/core'
import type { Bundle, OperationOutcome, ResourceType } from '@almoner/fhir'
import { isObject } from '@almoner/fhir'
import type { View } from '@almoner/store'
import type { FastifyRequest } from 'fastify'
import { APP_ERRORS } from '../../app.errors.ts'
import { callerOf } from '../bearer.ts'
import { fromStore } from '../failure.ts'
import { requireJson } from './format.ts'
import { ERROR_SYSTEM, outcome } from './operation-outcome.ts'
import { openPage, type PageState, sealPage } from './page-link.ts'
import { searchset } from './represent.ts'
import { runSearch } from './run-search.ts'
import { type ParsedSearch, parameterName, parseSearch } from './search-request.ts'

export type SearchCall = { readonly type: ResourceType; readonly view: View }
export type SearchHandler = (request: FastifyRequest, call: SearchCall) => Promise<Bundle>
export type SearchHandlers = { readonly byQuery: SearchHandler; readonly byForm: SearchHandler }

type Parameter = readonly [name: string, value: string]

export function searchHandlers(deps: {
  readonly random: Random
  readonly baseUrl: (request: FastifyRequest) => string
}): SearchHandlers {
  function parse(
    request: FastifyRequest,
    type: ResourceType,
    parameters: readonly Parameter[],
  ): ParsedSearch {
    const prefer = [request.headers['prefer'] ?? ''].flat().join(',')
    const isLenient = /(^|[,;\s])handling\s*=\s*"?lenient"?/i.test(prefer)
    return parseSearch(parameters, { type, baseUrl: deps.baseUrl(request), isLenient })
  }

  async function answer(
    request: FastifyRequest,
    call: SearchCall,
    parsed: ParsedSearch,
    selfQuery: string,
  ): Promise<Bundle> {
    const baseUrl = deps.baseUrl(request)
    const page = await fromStore(() => runSearch(call.view, parsed.request))
    const address = (query: string): string =>
      query === '' ? `${baseUrl}/${call.type}` : `${baseUrl}/${call.type}?${query}`
    const next = { parameters: parsed.used, afterId: page.nextAfterId }
    return searchset({
      baseUrl,
      found: page.found,
      self: address(selfQuery),
      next: page.nextAfterId === undefined ? undefined : address(sealed(request, call, next)),
      warning: parsed.ignored.length === 0 ? undefined : ignoredWarning(parsed.ignored),
    })
  }

  const sealed = (request: FastifyRequest, { type }: SearchCall, state: PageState): string => {
    const { token } = callerOf(request)
    return `_page=${sealPage(deps.random, state, { type, token })}`
  }

  return {
    byQuery: async (request, call) => {
      const parameters = queryParameters(request)
      const page = parameters.find(([name]) => name === '_page')?.[1]
      if (page !== undefined) {
        requireAlone(parameters)
        const opened = openPage(page, { type: call.type, token: callerOf(request).token })
        const parsed = parse(request, call.type, opened.parameters)
        const afterPage = { ...parsed.request, afterId: opened.afterId }
        return await answer(request, call, { ...parsed, request: afterPage }, `_page=${page}`)
      }
      const parsed = parse(request, call.type, parameters)
      const self = new URLSearchParams(parsed.used.map(([name, value]) => [name, value]))
      return await answer(request, call, parsed, self.toString())
    },
    // What came in a body does not go into an address: the self link is sealed too.
    byForm: async (request, call) => {
      requireForm(request)
      const parameters = [...queryParameters(request), ...formParameters(request.body)]
      const format = parameters.find(([name]) => name === '_format')?.[1]
      requireJson(format, request.headers.accept)
      const parsed = parse(request, call.type, parameters)
      const self = sealed(request, call, { parameters: parsed.used, afterId: undefined })
      return await answer(request, call, parsed, self)
    },
  }
}

const queryParameters = (request: FastifyRequest): readonly Parameter[] => [
  ...new URLSearchParams(request.raw.url?.split('?')[1] ?? ''),
]

/** A search without criteria may have no body at all; any body must be a form. */
function requireForm(request: FastifyRequest): void {
  const type = request.headers['content-type']
  if (type === undefined && request.body === undefined) return
  if (type?.split(';')[0]?.trim().toLowerCase() !== 'application/x-www-form-urlencoded') {
    throw APP_ERRORS.error('APP_UNSUPPORTED_MEDIA_TYPE')
  }
}

/** Fields of a parsed form; a repeated one comes as a list. */
function formParameters(body: unknown): readonly Parameter[] {
  if (!isObject(body)) return []
  return Object.entries(body).flatMap(([name, value]) =>
    [value].flat().map((one): Parameter => [name, String(one)]),
  )
}

/** `_page` says everything; with other criteria beside it nobody could tell which count. */
function requireAlone(parameters: readonly Parameter[]): void {
  const other = parameters.find(([name]) => !['_page', '_format', '_pretty'].includes(name))
  const pageCount = parameters.filter(([name]) => name === '_page').length
  if (other !== undefined || pageCount > 1) {
    throw APP_ERRORS.error('APP_BAD_PARAMETER', { where: 'parameter _page' })
  }
}

function ignoredWarning(names: readonly string[]): OperationOutcome {
  return outcome(
    ...[...new Set(names)].map((name) => ({
      severity: 'warning' as const,
      code: 'not-supported' as const,
      details: { coding: [{ system: ERROR_SYSTEM, code: 'APP_UNKNOWN_PARAMETER' }] },
      diagnostics: `Ignored, as this server does not support it: ${parameterName(name)}.`,
    })),
  )
}
