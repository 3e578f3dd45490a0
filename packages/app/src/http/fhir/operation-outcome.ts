/**
 * Our errors as FHIR OperationOutcomes: the one mapping. Source: FHIR R4 OperationOutcome, value
 * set issue-type (required binding).
 */
import type { AlmonerError } from '@almoner/core'
import type { OperationOutcome } from '@almoner/fhir'

type Issue = OperationOutcome['issue'][number]
export type IssueType = Issue['code']

/** The system of our codes in `issue.details.coding`. */
export const ERROR_SYSTEM = 'urn:almoner:error'

const TYPES_BY_CODE: Readonly<Record<string, IssueType>> = {
  APP_UNKNOWN_PARAMETER: 'not-supported',
  APP_UNKNOWN_TYPE: 'not-supported',
  APP_BAD_PARAMETER: 'value',
  APP_FORBIDDEN: 'forbidden',
}

const TYPES_BY_STATUS: Readonly<Record<number, IssueType>> = {
  400: 'invalid',
  401: 'login',
  403: 'forbidden',
  404: 'not-found',
  405: 'not-supported',
  406: 'not-supported',
  409: 'conflict',
  410: 'deleted',
  412: 'conflict',
  413: 'too-long',
  415: 'not-supported',
  422: 'processing',
  429: 'throttled',
  502: 'transient',
  503: 'transient',
  504: 'timeout',
}

/** The issue type of a code and its HTTP status. Total: what is not known is an exception. */
export function issueType(code: string, http: number): IssueType {
  return TYPES_BY_CODE[code] ?? TYPES_BY_STATUS[http] ?? (http < 500 ? 'processing' : 'exception')
}

export function outcomeOf(error: AlmonerError): OperationOutcome {
  return outcome({
    severity: 'error',
    code: issueType(error.code, error.http),
    details: { coding: [{ system: ERROR_SYSTEM, code: error.code }] },
    diagnostics: error.message,
  })
}

export const outcome = (...issue: Issue[]): OperationOutcome => ({
  resourceType: 'OperationOutcome',
  issue,
})
