/**
 * Search parameters as a query. Strict: what is not understood is refused by name, or, when the
 * caller asked for lenient handling, ignored and reported. Source: FHIR R4 search.html (3.1.1).
 */
import type { ResourceType } from '@almoner/fhir'
import { APP_ERRORS } from '../../app.errors.ts'
import { patientParameters } from './resource-types.ts'
import { parseToken, splitUnescaped, type Token } from './token-parameter.ts'

export type SearchRequest = {
  readonly type: ResourceType
  /** Every row must hold; within a row any token may. */
  readonly identifier: readonly (readonly Token[])[]
  /** Undefined: not asked. Empty: asked in a way that nothing fits. */
  readonly ids: readonly string[] | undefined
  readonly patients: readonly string[] | undefined
  readonly count: number
  readonly afterId: string | undefined
}

export type ParsedSearch = {
  readonly request: SearchRequest
  /** Name and value of what was used, in order, for the self link. */
  readonly used: readonly (readonly [string, string])[]
  /** Names of what lenient handling ignored. */
  readonly ignored: readonly string[]
}

type Parameter = readonly [name: string, value: string]

export const COUNT_DEFAULT = 50
export const COUNT_MAX = 200
const PARAMETERS_MAX = 50
const ALTERNATIVES_MAX = 200
/** Parameters that say how to answer, not what to find. */
const CONTROLS = new Set(['_format', '_pretty'])
const FHIR_ID = /^[A-Za-z0-9.-]{1,64}$/

export type SearchContext = {
  readonly type: ResourceType
  /** Address of this FHIR service: an absolute reference to it is as good as a relative one. */
  readonly baseUrl: string
  readonly isLenient: boolean
}

/** Throws APP_UNKNOWN_PARAMETER or APP_BAD_PARAMETER, each naming the parameter, never its value. */
export function parseSearch(
  parameters: readonly Parameter[],
  context: SearchContext,
): ParsedSearch {
  if (parameters.length > PARAMETERS_MAX) throw bad('more than 50 parameters')
  const used: Parameter[] = []
  const ignored: string[] = []
  let request: SearchRequest = {
    type: context.type,
    identifier: [],
    ids: undefined,
    patients: undefined,
    count: COUNT_DEFAULT,
    afterId: undefined,
  }
  for (const [name, value] of parameters) {
    if (CONTROLS.has(name)) continue
    const next = applyParameter(request, name, value, context)
    if (next !== undefined) {
      request = next
      used.push([name, value])
    } else if (context.isLenient) {
      ignored.push(name)
    } else {
      throw APP_ERRORS.error('APP_UNKNOWN_PARAMETER', { where: parameterName(name) })
    }
  }
  return { request, used, ignored }
}

function applyParameter(
  request: SearchRequest,
  name: string,
  value: string,
  context: SearchContext,
): SearchRequest | undefined {
  if (name === 'identifier') {
    return { ...request, identifier: [...request.identifier, readTokens(name, value)] }
  }
  if (name === '_id') {
    return { ...request, ids: narrow(request.ids, readIds(name, value)) }
  }
  if (name === '_count') return { ...request, count: readCount(value) }
  const [bare, modifier, ...rest] = name.split(':')
  const isPatientParameter = patientParameters(context.type).some((one) => one === bare)
  if (isPatientParameter && rest.length === 0 && (modifier ?? 'Patient') === 'Patient') {
    const patients = readPatients(name, value, context.baseUrl)
    return { ...request, patients: narrow(request.patients, patients) }
  }
  return undefined
}

/** A name that a caller sent, short and plain enough to be repeated in an answer. */
export const parameterName = (name: string): string =>
  `parameter ${name.replace(/[^A-Za-z0-9_.:-]/g, '?').slice(0, 64)}`

const bad = (where: string): Error => APP_ERRORS.error('APP_BAD_PARAMETER', { where })

function alternatives(name: string, value: string): readonly string[] {
  const parts = splitUnescaped(value, ',').map((part) => part.trim())
  if (parts.length > ALTERNATIVES_MAX || parts.some((part) => part === '')) {
    throw bad(parameterName(name))
  }
  return parts
}

function readTokens(name: string, value: string): readonly Token[] {
  return alternatives(name, value).map((part) => {
    const token = parseToken(part)
    if (token === undefined) throw bad(parameterName(name))
    return token
  })
}

function readIds(name: string, value: string): readonly string[] {
  return alternatives(name, value).map((part) => {
    if (!FHIR_ID.test(part)) throw bad(parameterName(name))
    return part
  })
}

function readPatients(name: string, value: string, baseUrl: string): readonly string[] {
  return alternatives(name, value).map((part) => {
    const relative = part.startsWith(`${baseUrl}/`) ? part.slice(baseUrl.length + 1) : part
    const id = relative.startsWith('Patient/') ? relative.slice('Patient/'.length) : relative
    if (!FHIR_ID.test(id)) throw bad(parameterName(name))
    return id
  })
}

/** A server may give fewer than asked for, so a larger wish is not an error. */
function readCount(value: string): number {
  if (!/^[1-9]\d{0,8}$/.test(value)) throw bad(parameterName('_count'))
  return Math.min(Number(value), COUNT_MAX)
}

/** A repeated parameter must hold each time: only what is in both remains. */
function narrow(
  earlier: readonly string[] | undefined,
  given: readonly string[],
): readonly string[] {
  return earlier === undefined ? given : earlier.filter((one) => given.includes(one))
}
