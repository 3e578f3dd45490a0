/** A plain MLLP client for people at a command line: messages out, acknowledgements back. */
import { type AlmonerError, type LinkDeps, readConfig } from '@almoner/core'
import { decodeBytes, frame } from '@almoner/hl7v2'
import type { Answer } from './answer.ts'
import { TRANSPORT_ERRORS } from './errors.ts'
import { requireLoopbackHost } from './loopback.ts'
import { MLLP_TARGET_SETTINGS, type MllpTargetOptions } from './mllp.config.ts'
import { readHead } from './mllp-head.ts'
import { type Exchange, type MllpLink, openLink } from './mllp-link.ts'

/**
 * Sends the messages one after another over one connection, made anew only if the receiver ends
 * it, and yields the text of the acknowledgement of each, whatever it says.
 * @throws the first failure ends it: TRANSPORT_PLAIN_REFUSED, TRANSPORT_TLS_FILES,
 *   TRANSPORT_UNREACHABLE, TRANSPORT_TLS_FAILED, TRANSPORT_NO_ANSWER, TRANSPORT_CONNECTION_LOST,
 *   TRANSPORT_WRONG_ANSWER (`detail` is the answer), TRANSPORT_ABORTED, HL7_NOT_FRAMEABLE
 */
export async function* sendFrames(
  target: MllpTargetOptions,
  messages: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  { ports, log }: LinkDeps,
  signal: AbortSignal = new AbortController().signal,
): AsyncGenerator<string, void, void> {
  const settings = readConfig('send', MLLP_TARGET_SETTINGS, target)
  if (settings.tls === undefined) requireLoopbackHost(settings.host, 'send.tls')
  const { ackMs } = settings
  const linkPorts = { clock: ports.clock, log }
  let link: MllpLink | undefined
  try {
    for await (const bytes of messages) {
      const framed = frame(bytes)
      const controlId = readHead(bytes)?.header.controlId ?? ''
      // A message without an id can only be answered by whatever comes.
      const isMine = (answer: Answer): boolean => controlId === '' || answer.controlId === controlId
      if (link?.isUsable !== true) link = await openLink(settings, linkPorts, signal)
      yield textOf(await link.exchange(framed, { ackMs, signal, isMine }))
    }
  } finally {
    link?.close()
  }
}

function textOf(exchange: Exchange): string {
  if (exchange.kind === 'answered') return exchange.answer.text
  throw failureOf(exchange)
}

function failureOf(exchange: Exclude<Exchange, { kind: 'answered' }>): AlmonerError {
  switch (exchange.kind) {
    case 'wrong': {
      const detail = exchange.reply && decodeBytes(exchange.reply).text
      return TRANSPORT_ERRORS.error('TRANSPORT_WRONG_ANSWER', { detail })
    }
    case 'late':
      return TRANSPORT_ERRORS.error('TRANSPORT_NO_ANSWER')
    case 'aborted':
      return TRANSPORT_ERRORS.error('TRANSPORT_ABORTED')
    case 'lost':
      return TRANSPORT_ERRORS.error(
        exchange.isTlsRefusal ? 'TRANSPORT_TLS_FAILED' : 'TRANSPORT_CONNECTION_LOST',
      )
  }
}
