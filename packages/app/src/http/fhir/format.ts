/**
 * Which representation a caller wants. Source: FHIR R4 http.html section 3.1.0.1.11 (_format),
 * 3.1.0.1.12 (_pretty). Only JSON is given.
 */
import type { Resource } from '@almoner/fhir'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { APP_ERRORS } from '../../app.errors.ts'

export const FHIR_JSON = 'application/fhir+json; charset=utf-8'

const JSON_NAMES = new Set(['json', 'text/json', 'application/json', 'application/fhir+json'])
const JSON_RANGES = new Set(['*/*', 'application/*', 'application/json', 'application/fhir+json'])

/** Throws APP_NOT_ACCEPTABLE unless JSON will do. `_format` wins over the Accept header. */
export function requireJson(format: string | undefined, accept: string | undefined): void {
  if (format !== undefined) {
    // A plus sign in a query string reads as a space: `_format=application/fhir+json`.
    const name = format.split(';')[0]!.trim().replace(' ', '+').toLowerCase()
    if (JSON_NAMES.has(name)) return
    throw APP_ERRORS.error('APP_NOT_ACCEPTABLE')
  }
  if (accept === undefined || accept.trim() === '') return
  if (!accept.split(',').some(acceptsJson)) throw APP_ERRORS.error('APP_NOT_ACCEPTABLE')
}

function acceptsJson(range: string): boolean {
  const [name, ...parameters] = range.split(';').map((part) => part.trim().toLowerCase())
  const isRefused = parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter))
  return name !== undefined && JSON_RANGES.has(name) && !isRefused
}

/** Sends a resource as FHIR JSON; `status` is left as it is when not given. */
export function sendResource(
  reply: FastifyReply,
  resource: Resource,
  options: { readonly isPretty: boolean; readonly status?: number },
): FastifyReply {
  if (options.status !== undefined) reply.code(options.status)
  return reply
    .header('content-type', FHIR_JSON)
    .send(JSON.stringify(resource, null, options.isPretty ? 2 : undefined))
}

/** `_format` and `_pretty` of the address. A repeated `_format` counts with its first value. */
export function controlsOf(request: FastifyRequest): {
  readonly format: string | undefined
  readonly isPretty: boolean
} {
  const query = new URLSearchParams(request.raw.url?.split('?')[1] ?? '')
  return { format: query.get('_format') ?? undefined, isPretty: query.get('_pretty') === 'true' }
}
