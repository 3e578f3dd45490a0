/**
 * The one way out for HTTP. A request reaches only origins that the site lists, each with the
 * organisation that receives; it ends within its time and its answer within its size.
 * Source: RFC 9110 (HTTP semantics), RFC 6454 (origin).
 */
import { Agent } from 'node:http'
import { Agent as TlsAgent } from 'node:https'
import { CORE_ERRORS, isAlmonerError, type LinkDeps } from '@almoner/core'
import { TRANSPORT_ERRORS } from './errors.ts'
import { type EgressInit, type EgressLimits, exchangeHttp } from './http-exchange.ts'
import { loopbackLookup, requireLoopbackHost } from './loopback.ts'
import { readTlsFiles, type TlsClientFiles } from './tls.ts'

/** One receiver. `tls` holds the files of our identity and of its authority, where it has them. */
export type AllowedOrigin = {
  /** `https://api.service.nhs.uk`; `http:` only for this machine. */
  readonly origin: string
  /** ODS code of the organisation that receives. */
  readonly recipient: string
  readonly tls?: TlsClientFiles | undefined
}

export type HttpEgress = {
  /**
   * One request and its whole answer. Redirects are answers like any other and never followed;
   * a body comes as it was sent, also if it is compressed, which is not asked for.
   * @throws TRANSPORT_EGRESS_REFUSED, TRANSPORT_TLS_FILES, TRANSPORT_UNREACHABLE or
   *   TRANSPORT_TLS_FAILED, when nothing was sent; TRANSPORT_NO_ANSWER,
   *   TRANSPORT_CONNECTION_LOST, TRANSPORT_WRONG_ANSWER, TRANSPORT_ANSWER_TOO_LARGE or
   *   TRANSPORT_ABORTED, when the receiver may have acted on it
   */
  readonly request: (url: string | URL, init: EgressInit, limits: EgressLimits) => Promise<Response>
  /** Ends all connections; requests under way fail. */
  readonly close: () => void
}

type Way = {
  readonly allowed: AllowedOrigin
  /** Made for the first request and then kept, with its connections. */
  agent: Promise<Agent> | undefined
}

const CONNECTIONS_MAX = 32

/**
 * @throws CORE_CONFIG_INVALID for what is no origin or is listed twice, TRANSPORT_PLAIN_REFUSED
 *   for an `http:` origin that is not on this machine
 */
export function httpEgress(
  options: { readonly allow: readonly AllowedOrigin[] } & LinkDeps,
): HttpEgress {
  const { allow, ports, log } = options
  const ways = readWays(allow)
  return {
    request: async (url, init, limits) => {
      const target = URL.parse(url.toString())
      const way = target === null ? undefined : ways.get(target.origin)
      const why = whyRefused(target, way, init)
      if (target === null || way === undefined || why !== undefined) {
        const where = `${target?.origin ?? 'address'}: ${why}`
        log.error('egress.refused', { where })
        throw TRANSPORT_ERRORS.error('TRANSPORT_EGRESS_REFUSED', { where })
      }
      const { origin, recipient } = way.allowed
      const startedAtMs = ports.clock.monotonicMs()
      const fields = () => ({
        origin,
        recipient,
        durationMs: Math.round(ports.clock.monotonicMs() - startedAtMs),
      })
      try {
        const agent = await agentOf(way)
        const response = await exchangeHttp(agent, target, init, limits, ports.clock)
        log.debug('egress.answered', { ...fields(), status: response.status })
        return response
      } catch (thrown) {
        if (isAlmonerError(thrown)) {
          log.warn('egress.failed', { ...fields(), code: thrown.code, where: thrown.where })
        }
        throw thrown
      }
    },
    close: () => {
      for (const { agent } of ways.values()) {
        // One that could not be made has already failed its requests.
        agent?.then(
          (made) => made.destroy(),
          () => undefined,
        )
      }
    },
  }
}

function readWays(allow: readonly AllowedOrigin[]): ReadonlyMap<string, Way> {
  const ways = new Map<string, Way>()
  for (const allowed of allow) {
    const url = URL.parse(allowed.origin)
    const isHttp = url?.protocol === 'https:' || url?.protocol === 'http:'
    if (url === null || !isHttp || url.href !== `${url.origin}/`) throw invalid('is no origin')
    if (url.protocol === 'http:') requireLoopbackHost(hostOf(url), `egress ${url.origin}`)
    if (ways.has(url.origin)) throw invalid('is listed twice')
    ways.set(url.origin, { allowed, agent: undefined })

    function invalid(what: string) {
      return CORE_ERRORS.error('CORE_CONFIG_INVALID', {
        where: `egress.allow: ${allowed.origin} ${what}`,
      })
    }
  }
  return ways
}

/** Why a request may not leave, or undefined when it may. */
function whyRefused(
  target: URL | null,
  way: Way | undefined,
  init: EgressInit,
): string | undefined {
  if (target === null) return 'is no URL'
  if (way === undefined) return 'is not allowed'
  if (target.username !== '' || target.password !== '') return 'credentials in the URL'
  // It would make the server at an allowed address answer for another one.
  if (new Headers(init.headers).has('host')) return 'a host header'
  return undefined
}

function agentOf(way: Way): Promise<Agent> {
  way.agent ??= makeAgent(way.allowed).catch((thrown: unknown) => {
    // Files may be put right: the next request looks again.
    way.agent = undefined
    throw thrown
  })
  return way.agent
}

async function makeAgent({ origin, tls }: AllowedOrigin): Promise<Agent> {
  const options = { keepAlive: true, maxSockets: CONNECTIONS_MAX }
  if (origin.startsWith('http:')) return new Agent({ ...options, lookup: loopbackLookup })
  const context = await readTlsFiles(tls ?? {})
  const servername = tls?.servername
  return new TlsAgent({
    ...options,
    ...context,
    ...(servername === undefined ? {} : { servername }),
  })
}

/** The host without the brackets of an IPv6 address. */
const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '')
