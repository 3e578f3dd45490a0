/** One HTTP request and its answer, bounded in time and size. Source: RFC 9110. */
import {
  type Agent,
  type ClientRequest,
  type IncomingMessage,
  request as plainRequest,
} from 'node:http'
import { request as tlsRequest } from 'node:https'
import type { Socket } from 'node:net'
import type { AlmonerError, Clock } from '@almoner/core'
import { TRANSPORT_ERRORS } from './errors.ts'
import { reasonOf } from './reason.ts'
import { isCertificateAlert } from './tls.ts'

export type EgressInit = {
  readonly method?: string | undefined
  readonly headers?: Headers | Readonly<Record<string, string>> | undefined
  readonly body?: string | Uint8Array | URLSearchParams | undefined
}

export type EgressLimits = {
  /** For all of it: connecting, sending, and reading the answer to its end. */
  readonly timeoutMs: number
  /** Bytes of the body of the answer. */
  readonly bytesMax: number
  readonly signal?: AbortSignal | undefined
}

/** How far a connection has come: only a `ready` one carries a request. */
type Stage = 'waiting' | 'handshake' | 'ready'

/** @throws see `HttpEgress.request` */
export async function exchangeHttp(
  agent: Agent,
  target: URL,
  init: EgressInit,
  limits: EgressLimits,
  clock: Clock,
): Promise<Response> {
  if (limits.signal?.aborted === true) throw TRANSPORT_ERRORS.error('TRANSPORT_ABORTED')
  const request = startRequest(agent, target, init)
  const stage = followStage(request, target.protocol === 'https:')
  return await new Promise<Response>((resolve, reject) => {
    let isSettled = false
    const settle = (result: Response | AlmonerError): void => {
      isSettled = true
      cancel()
      limits.signal?.removeEventListener('abort', onAbort)
      if (result instanceof Response) {
        resolve(result)
        return
      }
      request.destroy()
      reject(result)
    }
    const lose = (cause?: unknown): void => {
      if (!isSettled) settle(lossOf(stage(), cause))
    }
    const onAbort = (): void => settle(TRANSPORT_ERRORS.error('TRANSPORT_ABORTED'))
    const cancel = clock.after(limits.timeoutMs, () => {
      const code = stage() === 'ready' ? 'TRANSPORT_NO_ANSWER' : 'TRANSPORT_UNREACHABLE'
      settle(TRANSPORT_ERRORS.error(code, { where: `${limits.timeoutMs} ms` }))
    })
    limits.signal?.addEventListener('abort', onAbort, { once: true })
    request.on('error', lose)
    request.on('close', lose)
    request.on('response', (response) => {
      response.on('error', lose)
      readBody(response, limits.bytesMax, settle)
    })
    request.end(bodyOf(init.body))
  })
}

function startRequest(agent: Agent, target: URL, { method, headers, body }: EgressInit) {
  const sent = new Headers(headers)
  if (body instanceof URLSearchParams && !sent.has('content-type')) {
    sent.set('content-type', 'application/x-www-form-urlencoded;charset=UTF-8')
  }
  if (!sent.has('accept-encoding')) sent.set('accept-encoding', 'identity')
  const start = target.protocol === 'https:' ? tlsRequest : plainRequest
  return start(target, { agent, method: method ?? 'GET', headers: Object.fromEntries(sent) })
}

const bodyOf = (body: EgressInit['body']): string | Uint8Array | undefined =>
  body instanceof URLSearchParams ? body.toString() : body

function followStage(request: ClientRequest, isTls: boolean): () => Stage {
  let stage: Stage = 'waiting'
  request.once('socket', (socket: Socket) => {
    if (!socket.connecting) stage = 'ready'
    else {
      socket.once('connect', () => (stage = isTls ? 'handshake' : 'ready'))
      socket.once('secureConnect', () => (stage = 'ready'))
    }
  })
  return () => stage
}

function lossOf(stage: Stage, cause: unknown): AlmonerError {
  const where = cause === undefined ? 'closed' : reasonOf(cause)
  const options = { where, cause }
  if (stage === 'waiting') return TRANSPORT_ERRORS.error('TRANSPORT_UNREACHABLE', options)
  if (stage === 'handshake' || isCertificateAlert(where)) {
    return TRANSPORT_ERRORS.error('TRANSPORT_TLS_FAILED', options)
  }
  return TRANSPORT_ERRORS.error('TRANSPORT_CONNECTION_LOST', options)
}

function readBody(
  response: IncomingMessage,
  bytesMax: number,
  settle: (result: Response | AlmonerError) => void,
): void {
  const chunks: Buffer[] = []
  let byteCount = 0
  const tooLarge = (): void =>
    settle(TRANSPORT_ERRORS.error('TRANSPORT_ANSWER_TOO_LARGE', { where: `${bytesMax} bytes` }))
  if (Number(response.headers['content-length'] ?? 0) > bytesMax) {
    tooLarge()
    return
  }
  response.on('data', (chunk: Buffer) => {
    byteCount += chunk.length
    if (byteCount > bytesMax) tooLarge()
    else chunks.push(chunk)
  })
  response.on('end', () => settle(toResponse(response, chunks)))
}

/** Statuses that never have a body. Source: Fetch standard, "null body status". */
const BODILESS = new Set([204, 205, 304])

function toResponse(response: IncomingMessage, chunks: readonly Buffer[]): Response | AlmonerError {
  try {
    const headers = new Headers()
    const { rawHeaders, statusCode: status = 0 } = response
    for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
      headers.append(rawHeaders[at]!, rawHeaders[at + 1]!)
    }
    const body = BODILESS.has(status) ? null : new Uint8Array(Buffer.concat(chunks))
    return new Response(body, { status, headers })
  } catch (cause) {
    // A status or a header that no HTTP answer may have.
    return TRANSPORT_ERRORS.error('TRANSPORT_WRONG_ANSWER', { cause })
  }
}
