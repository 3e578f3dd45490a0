/** What the FHIR API is given by the server that it is part of. */
import type { FastifyRequest } from 'fastify'
import type { HttpDeps } from '../deps.ts'

export const FHIR_PATH = '/fhir/R4'

export type FhirDeps = HttpDeps & {
  /** Address of this FHIR service as the caller knows it, without a slash at the end. */
  readonly baseUrl: (request: FastifyRequest) => string
  /** Audits a request that was turned away. */
  readonly refuse: (
    request: FastifyRequest,
    code: string,
    outcome: 'refused' | 'failed',
  ) => Promise<void>
  readonly startedAtMs: number
  readonly softwareVersion: string
}
