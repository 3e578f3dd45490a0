/**
 * From bytes to a durable message and its acknowledgement. The acknowledgement is positive only
 * after the journal's commit; when the store cannot keep the message, the sender is told so.
 */
import {
  type AlmonerError,
  type Inbound,
  isAlmonerError,
  type Log,
  type Ports,
  type Source,
} from '@almoner/core'
import {
  type AckCode,
  ackWanted,
  type Charset,
  createAck,
  decodeBytes,
  encodeText,
  type Header,
  type Message,
  parseMessage,
  readHeader,
} from '@almoner/hl7v2'
import type { NewMessage, Store } from '@almoner/store'
import { ENGINE_ERRORS } from './errors.ts'
import { knows, type Route, senderOf, takes } from './route.ts'

export type IntakeDeps = {
  readonly store: Store
  readonly ports: Ports
  readonly log: Log
  /** Called after a message became durable. */
  readonly onAccepted: (messageId: string) => void
}

/** No bytes: nothing is answered and the connection stays. MSH-15 may ask for that. */
const NO_ANSWER = new Uint8Array(0)

/** What could be read of a message, even of one that is refused. */
type Reading = {
  readonly message: Message | undefined
  readonly header: Header | undefined
  readonly charset: Charset
  readonly flags: readonly string[]
  readonly refusal: AlmonerError | undefined
}

/** The accept function of one source, over the routes that start there. */
export function createIntake(source: Source, routes: readonly Route[], deps: IntakeDeps) {
  const { store, ports, log } = deps

  return async (inbound: Inbound): Promise<Uint8Array | undefined> => {
    const reading = read(inbound.bytes)
    const { route, refusal } = choose(reading, routes)
    const isEnhanced = (reading.header?.acceptAck ?? '') !== ''
    const answer = answerer(reading, ports)
    const code = codeOf(refusal, isEnhanced)
    const ack = answer(code, refusal)
    const message = newMessage(inbound, reading, { source, routes, route, refusal, ack, ports })
    try {
      const result = await store.write('acceptMessage', message)
      if (result.kind === 'repeat') {
        log.info('message.repeated', { message: result.id, source: source.name })
        return result.ack
      }
      if (refusal === undefined) log.debug('message.accepted', { message: message.id })
      else log.warn('message.refused', { message: message.id, code: refusal.code })
      deps.onAccepted(message.id)
    } catch (thrown) {
      // Only an expected failure has an answer; a bug closes the connection without one.
      if (!isAlmonerError(thrown)) throw thrown
      log.error('message.not-kept', { source: source.name, code: thrown.code })
      return answer(isEnhanced ? 'CE' : 'AE', thrown)
    }
    return isEnhanced && !ackWanted(reading.header!, code) ? NO_ANSWER : ack
  }
}

function read(bytes: Uint8Array): Reading {
  const { text, charset, problems } = decodeBytes(bytes)
  const flags = problems.map((problem) => problem.code)
  try {
    const message = parseMessage(text)
    const header = readHeader(message)
    const codes = message.leniencies.map((one) => one.code)
    return { message, header, charset, flags: [...flags, ...codes], refusal: undefined }
  } catch (thrown) {
    if (!isAlmonerError(thrown)) throw thrown
    return { message: undefined, header: undefined, charset, flags, refusal: thrown }
  }
}

type Choice = { readonly route: Route | undefined; readonly refusal: AlmonerError | undefined }

/** The first route that takes the message, and why it is refused when it is. */
function choose({ header, refusal }: Reading, routes: readonly Route[]): Choice {
  if (header === undefined) return { route: undefined, refusal }
  const taking = routes.filter((one) => takes(one, header))
  const route = taking.find((one) => knows(one, header)) ?? taking[0]
  const refuse = (code: Parameters<typeof ENGINE_ERRORS.error>[0]): Choice => ({
    route,
    refusal: ENGINE_ERRORS.error(code),
  })
  if (route === undefined) return refuse('ENGINE_NO_ROUTE')
  if (!knows(route, header)) return refuse('ENGINE_UNKNOWN_SENDER')
  return header.controlId === '' ? refuse('ENGINE_NO_CONTROL_ID') : { route, refusal: undefined }
}

/** Original mode answers AA AE AR; enhanced mode (MSH-15 filled) answers CA CE CR at this point. */
function codeOf(refusal: AlmonerError | undefined, isEnhanced: boolean): AckCode {
  if (refusal === undefined) return isEnhanced ? 'CA' : 'AA'
  const letter = refusal.ack === 'AE' ? 'E' : 'R'
  return isEnhanced ? `C${letter}` : `A${letter}`
}

/** HL7 table 0357 for a refusal: 100 segment order, 101 required field, 200 type, 207 internal. */
const ERROR_CONDITION: Readonly<Record<string, string>> = {
  HL7_NO_MSH: '100',
  ENGINE_NO_CONTROL_ID: '101',
  ENGINE_NO_ROUTE: '200',
}

function answerer(reading: Reading, ports: Ports) {
  return (code: AckCode, error: AlmonerError | undefined): Uint8Array => {
    const text = createAck(reading.message, {
      code,
      controlId: ports.ids.next(),
      atMs: ports.clock.nowMs(),
      ...(error === undefined
        ? {}
        : {
            text: error.message,
            error: {
              hl7Code: ERROR_CONDITION[error.code] ?? '207',
              severity: 'E' as const,
              userMessage: error.message,
              code: error.code,
            },
          }),
    })
    return encodeText(text, reading.charset)
  }
}

function newMessage(
  inbound: Inbound,
  reading: Reading,
  parts: {
    readonly source: Source
    readonly routes: readonly Route[]
    readonly route: Route | undefined
    readonly refusal: AlmonerError | undefined
    readonly ack: Uint8Array
    readonly ports: Ports
  },
): NewMessage {
  const { header } = reading
  const { source, refusal, ports } = parts
  // A refused message belongs to the source's first route, which a retry would try.
  const route = parts.route ?? parts.routes[0]!
  return {
    id: ports.ids.next(),
    source: source.name,
    route: route.name,
    routeVersion: route.version,
    receivedAtMs: ports.clock.nowMs(),
    messageType: header === undefined ? '' : typeOf(header),
    version: header !== undefined && VERSION.test(header.version) ? header.version : '',
    sender: header === undefined ? '' : senderOf(header),
    controlId: header?.controlId ?? '',
    charset: reading.charset,
    peer: inbound.peer.subject ?? inbound.peer.address,
    body: inbound.bytes,
    ack: parts.ack,
    flags: reading.flags,
    refusal: refusal === undefined ? undefined : { code: refusal.code, where: refusal.where },
  }
}

const VERSION = /^2(\.\d){1,3}$/
const TYPE = /^[A-Z][A-Z0-9]{2}$/
const TRIGGER = /^[A-Z][A-Z0-9]{2}$/

/** These columns are not sealed, so a field that holds something else must not land in them. */
function typeOf(header: Header): string {
  if (!TYPE.test(header.messageType)) return ''
  return TRIGGER.test(header.trigger)
    ? `${header.messageType}^${header.trigger}`
    : header.messageType
}
