/**
 * Sends HL7 v2 messages over MLLP. A few connections stay open; each carries one message at a
 * time and the outcome says what is known: accepted, refused, to be tried again, or unknown.
 * Source: HL7 MLLP Release 1; HL7 v2.5.1 chapter 2.9.2 (acknowledgement).
 */
import {
  type ConfigOf,
  type Delivery,
  type Destination,
  isAlmonerError,
  type LinkDeps,
  type OpenDestination,
  type Outcome,
  readConfig,
} from '@almoner/core'
import { frame } from '@almoner/hl7v2'
import type { Answer } from './answer.ts'
import { hostAndPort } from './host-and-port.ts'
import { requireLoopbackHost } from './loopback.ts'
import { MLLP_DESTINATION_SETTINGS, type MllpDestinationOptions } from './mllp.config.ts'
import { readHead } from './mllp-head.ts'
import type { Exchange } from './mllp-link.ts'
import { createLinkPool, type LinkPool } from './mllp-link-pool.ts'
import { readTlsFiles } from './tls.ts'

type Settings = ConfigOf<typeof MLLP_DESTINATION_SETTINGS>

/**
 * The bytes of a delivery go out untouched inside their frame.
 * @throws CORE_CONFIG_INVALID at once. `open` rejects with TRANSPORT_PLAIN_REFUSED or
 *   TRANSPORT_TLS_FILES; it does not connect, so it opens although the receiver is down.
 */
export function mllpDestination(name: string, options: MllpDestinationOptions): Destination {
  const settings = readConfig(name, MLLP_DESTINATION_SETTINGS, options)
  const scheme = settings.tls === undefined ? 'mllp' : 'mllps'
  return {
    name,
    kind: 'mllp',
    recipient: settings.recipient,
    concurrency: settings.connections,
    address: `${scheme}://${hostAndPort(settings.host, settings.port)}`,
    open: (deps) => open(name, settings, deps),
  }
}

async function open(name: string, settings: Settings, deps: LinkDeps): Promise<OpenDestination> {
  if (settings.tls === undefined) requireLoopbackHost(settings.host, `${name}.tls`)
  else await readTlsFiles(settings.tls)
  const pool = createLinkPool(settings, settings.connections, {
    clock: deps.ports.clock,
    log: deps.log,
  })
  return {
    deliver: (delivery, signal) => deliver(pool, settings, delivery, signal),
    close: () => pool.close(),
  }
}

async function deliver(
  pool: LinkPool,
  { ackMs }: Settings,
  { bytes }: Delivery,
  signal: AbortSignal,
): Promise<Outcome> {
  const controlId = readHead(bytes)?.header.controlId ?? ''
  if (controlId === '') return { kind: 'rejected', code: 'TRANSPORT_NO_CONTROL_ID' }
  const framed = tryFrame(bytes)
  if (framed === undefined) return { kind: 'rejected', code: 'HL7_NOT_FRAMEABLE' }

  const isMine = (answer: Answer): boolean => answer.controlId === controlId
  try {
    return outcomeOf(await pool.exchange(framed, { ackMs, signal, isMine }))
  } catch (thrown) {
    // The pool throws only before anything was sent.
    if (!isAlmonerError(thrown)) throw thrown
    const scope = thrown.code === 'TRANSPORT_ABORTED' ? 'message' : 'link'
    return { kind: 'transient', code: thrown.code, scope }
  }
}

function tryFrame(bytes: Uint8Array): Uint8Array | undefined {
  try {
    return frame(bytes)
  } catch (thrown) {
    if (isAlmonerError(thrown)) return undefined
    throw thrown
  }
}

function outcomeOf(exchange: Exchange): Outcome {
  switch (exchange.kind) {
    case 'answered':
      return outcomeOfAnswer(exchange.answer)
    case 'wrong':
      return { ...AMBIGUOUS, code: 'TRANSPORT_WRONG_ANSWER', reply: exchange.reply }
    case 'late':
      return { ...AMBIGUOUS, code: 'TRANSPORT_NO_ANSWER' }
    case 'aborted':
      return { ...AMBIGUOUS, code: 'TRANSPORT_ABORTED' }
    case 'lost':
      return exchange.isTlsRefusal
        ? { kind: 'transient', code: 'TRANSPORT_TLS_FAILED', scope: 'link' }
        : { kind: 'ambiguous', code: 'TRANSPORT_CONNECTION_LOST', scope: 'link' }
  }
}

const AMBIGUOUS = { kind: 'ambiguous', scope: 'message' } as const

function outcomeOfAnswer({ kind, bytes: reply }: Answer): Outcome {
  switch (kind) {
    case 'accepted':
    case 'committed':
      return { kind: 'accepted', reply }
    case 'refused':
      return { kind: 'rejected', code: 'TRANSPORT_PEER_REFUSED', reply }
    case 'failed':
      return { kind: 'transient', code: 'TRANSPORT_PEER_FAILED', scope: 'message', reply }
  }
}
