/**
 * One connection to an MLLP receiver, which carries one message at a time. An answer belongs to
 * the message that waits or to nobody: whatever comes unasked, too late or for another message
 * ends the connection, so that no answer can ever settle a message that is not its own.
 */
import { connect as connectSocket, isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { AlmonerError, Clock, Log } from '@almoner/core'
import { createDeframer, type FrameEvent } from '@almoner/hl7v2'
import { type Answer, readAnswer } from './answer.ts'
import { TRANSPORT_ERRORS } from './errors.ts'
import { loopbackLookup } from './loopback.ts'
import { reasonOf } from './reason.ts'
import { isCertificateAlert, readTlsFiles, type TlsClientFiles } from './tls.ts'

export type LinkTarget = {
  readonly host: string
  readonly port: number
  readonly tls: TlsClientFiles | undefined
  readonly connectMs: number
}

export type LinkPorts = { readonly clock: Clock; readonly log: Log }

/** How an exchange ended. Only an answer to the very message is `answered`. */
export type Exchange =
  | { readonly kind: 'answered'; readonly answer: Answer }
  /** An answer came, and it is none to this message; the connection is closed. */
  | { readonly kind: 'wrong'; readonly reply: Uint8Array | undefined }
  | { readonly kind: 'late' | 'aborted' }
  /** `isTlsRefusal`: the peer refused our certificate, and so never read the message. */
  | { readonly kind: 'lost'; readonly isTlsRefusal: boolean }

type Pending = {
  readonly isMine: (answer: Answer) => boolean
  readonly end: (exchange: Exchange) => void
}

/** An acknowledgement is a few hundred bytes. */
const ANSWER_BYTES_MAX = 1024 * 1024
const KEEP_ALIVE_MS = 30_000

/**
 * Connects, with the TLS handshake if there is one. Without `tls` the caller has made sure that
 * the host is of this machine.
 * @throws TRANSPORT_UNREACHABLE, TRANSPORT_TLS_FAILED, TRANSPORT_TLS_FILES,
 *   TRANSPORT_ABORTED; nothing was sent then
 */
export async function openLink(
  target: LinkTarget,
  ports: LinkPorts,
  signal: AbortSignal,
): Promise<MllpLink> {
  // Read for each connection, so that a renewed certificate needs no restart.
  const context = target.tls === undefined ? undefined : await readTlsFiles(target.tls)
  if (signal.aborted) throw TRANSPORT_ERRORS.error('TRANSPORT_ABORTED')
  const { host, port, tls } = target
  const socketOptions = { host, port, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_MS }
  const socket =
    context === undefined
      ? connectSocket({ ...socketOptions, lookup: loopbackLookup })
      : connectTls({ ...socketOptions, ...context, ...serverName(tls?.servername, host) })
  await connected(socket, target, ports.clock, signal)
  socket.setNoDelay(true)
  const link = new MllpLink(socket, ports)
  if (link.isUsable) return link
  throw TRANSPORT_ERRORS.error('TRANSPORT_UNREACHABLE', { where: `${host}:${port}, closed` })
}

/** The name to ask for and to find in the certificate; an address may not be asked for. */
function serverName(given: string | undefined, host: string): { readonly servername?: string } {
  if (given !== undefined) return { servername: given }
  return isIP(host) === 0 ? { servername: host } : {}
}

function connected(
  socket: Socket,
  { host, port, tls, connectMs }: LinkTarget,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  const where = `${host}:${port}`
  return new Promise((resolve, reject) => {
    let isTcpUp = false
    const done = (error?: AlmonerError): void => {
      cancel()
      signal.removeEventListener('abort', onAbort)
      for (const [event, listener] of Object.entries(listeners)) socket.off(event, listener)
      if (error === undefined) {
        resolve()
        return
      }
      socket.destroy()
      reject(error)
    }
    const fail = (why: string, cause?: unknown): void => {
      const code = isTcpUp && tls !== undefined ? 'TRANSPORT_TLS_FAILED' : 'TRANSPORT_UNREACHABLE'
      done(TRANSPORT_ERRORS.error(code, { where: `${where}, ${why}`, cause }))
    }
    const listeners = {
      error: (cause: Error) => fail(reasonOf(cause), cause),
      close: () => fail('closed'),
      secureConnect: () => done(),
      connect: () => {
        isTcpUp = true
        if (tls === undefined) done()
      },
    }
    const onAbort = (): void => done(TRANSPORT_ERRORS.error('TRANSPORT_ABORTED'))
    const cancel = clock.after(connectMs, () => fail('no connection in time'))
    signal.addEventListener('abort', onAbort, { once: true })
    for (const [event, listener] of Object.entries(listeners)) socket.on(event, listener)
    // Stays: a socket may fail once more while it is torn down or handed over.
    socket.on('error', () => undefined)
  })
}

export class MllpLink {
  readonly #socket: Socket
  readonly #ports: LinkPorts
  readonly #deframer = createDeframer({ frameBytesMax: ANSWER_BYTES_MAX })
  #pending: Pending | undefined
  #hasAnswered = false
  #isTlsRefusal = false
  /** Control id of the last message that got a commit answer: its application answer may follow. */
  #committedId: string | undefined
  #usedAtMs: number

  constructor(socket: Socket, ports: LinkPorts) {
    this.#socket = socket
    this.#ports = ports
    this.#usedAtMs = ports.clock.monotonicMs()
    socket.on('data', (chunk) => {
      // Text comes only from a socket with an encoding, and this one has none.
      if (typeof chunk !== 'string') this.#onData(chunk)
    })
    socket.on('error', (error) => this.#onError(error))
    socket.once('close', () => this.#end({ kind: 'lost', isTlsRefusal: this.#isTlsRefusal }))
    // Half closed by the peer: it will not answer on it any more.
    socket.once('end', () => socket.destroy())
  }

  /** False once either side has closed, as far as this machine has heard. */
  get isUsable(): boolean {
    return !this.#socket.destroyed && this.#socket.writable && this.#socket.readable
  }

  /** Monotonic time of the last use. */
  get usedAtMs(): number {
    return this.#usedAtMs
  }

  /**
   * Writes one framed message and waits for its answer. After any end but `answered` the
   * connection is closed. Called again only after the last call has ended.
   */
  exchange(
    framed: Uint8Array,
    options: {
      readonly ackMs: number
      readonly signal: AbortSignal
      readonly isMine: (answer: Answer) => boolean
    },
  ): Promise<Exchange> {
    const { ackMs, signal, isMine } = options
    return new Promise((resolve) => {
      const onAbort = (): void => this.#end({ kind: 'aborted' })
      const cancel = this.#ports.clock.after(ackMs, () => this.#end({ kind: 'late' }))
      signal.addEventListener('abort', onAbort, { once: true })
      this.#pending = {
        isMine,
        end: (exchange) => {
          cancel()
          signal.removeEventListener('abort', onAbort)
          this.#usedAtMs = this.#ports.clock.monotonicMs()
          resolve(exchange)
        },
      }
      this.#socket.write(framed)
    })
  }

  /** Ends the connection in order, once all is written. */
  close(): void {
    this.#socket.destroySoon()
  }

  #onData(chunk: Buffer): void {
    for (const event of this.#deframer.push(chunk)) this.#take(event)
  }

  #take(event: FrameEvent): void {
    if (event.kind === 'frame') this.#onAnswer(event.bytes)
    else if (event.kind === 'too-large') this.#end({ kind: 'wrong', reply: undefined })
    else this.#ports.log.debug('mllp.answer-garbled', { why: event.kind })
  }

  #onAnswer(bytes: Uint8Array): void {
    const answer = readAnswer(bytes)
    const pending = this.#pending
    if (pending !== undefined && answer !== undefined && pending.isMine(answer)) {
      this.#hasAnswered = true
      this.#committedId = answer.kind === 'committed' ? answer.controlId : undefined
      this.#pending = undefined
      pending.end({ kind: 'answered', answer })
      return
    }
    if (answer !== undefined && answer.controlId === this.#committedId) {
      // Enhanced mode: after CA has settled the message, its AA may come on the same connection.
      this.#committedId = undefined
      this.#ports.log.debug('mllp.answer-skipped', { why: 'settled by its commit answer' })
      return
    }
    if (pending === undefined) {
      this.#ports.log.warn('mllp.answer-refused', { why: 'nothing waits for it' })
    }
    this.#end({ kind: 'wrong', reply: bytes })
  }

  #onError(error: Error): void {
    const code = reasonOf(error)
    // In TLS 1.3 the peer refuses our certificate only after our side is done with the handshake.
    this.#isTlsRefusal = !this.#hasAnswered && isCertificateAlert(code)
    this.#ports.log.info('mllp.link-failed', { code })
  }

  /** Ends the connection, and the exchange under way with it. */
  #end(exchange: Exchange): void {
    const pending = this.#pending
    this.#pending = undefined
    this.#socket.destroy()
    pending?.end(exchange)
  }
}
