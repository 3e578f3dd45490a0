/**
 * Listens for HL7 v2 messages over MLLP, in clear on this machine, with TLS everywhere else.
 * Source: HL7 MLLP Release 1; the NHS asks for mutual TLS on links between organisations.
 */

import { constants } from 'node:crypto'
import { createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer, type TLSSocket } from 'node:tls'
import {
  type Accept,
  CORE_ERRORS,
  type ConfigOf,
  LIMITS,
  type LinkDeps,
  type OpenSource,
  type Peer,
  readConfig,
  type Source,
} from '@almoner/core'
import { TRANSPORT_ERRORS } from './errors.ts'
import { hostAndPort } from './host-and-port.ts'
import { requireLoopbackAddress, requireLoopbackHost } from './loopback.ts'
import { createMemoryGauge } from './memory-gauge.ts'
import { MLLP_SOURCE_SETTINGS, type MllpSourceOptions } from './mllp.config.ts'
import { MllpConnection } from './mllp-connection.ts'
import { reasonOf } from './reason.ts'
import { readTlsFiles } from './tls.ts'

type Settings = ConfigOf<typeof MLLP_SOURCE_SETTINGS>

/** A peer that does not finish its TLS handshake in this time is dropped. */
const HANDSHAKE_MS = 10_000
const SWEEP_MS_MAX = 5_000

/**
 * `accept` is called in order of arrival on each connection, for up to `inFlightMax` messages at
 * once; the answers leave in the same order.
 * @throws CORE_CONFIG_INVALID at once. `open` rejects with TRANSPORT_PLAIN_REFUSED,
 *   TRANSPORT_TLS_FILES, TRANSPORT_PORT_IN_USE or TRANSPORT_CANNOT_LISTEN.
 */
export function mllpSource(name: string, options: MllpSourceOptions): Source {
  const settings = readConfig(name, MLLP_SOURCE_SETTINGS, options)
  if (settings.tls?.requireClient === true && settings.tls.ca === undefined) {
    throw CORE_ERRORS.error('CORE_CONFIG_INVALID', {
      where: `${name}.tls.ca is missing: requireClient needs the authority of the clients`,
    })
  }
  return {
    name,
    kind: 'mllp',
    organisation: settings.organisation,
    open: (accept, deps) => open(name, settings, accept, deps),
  }
}

async function open(
  name: string,
  settings: Settings,
  accept: Accept,
  deps: LinkDeps,
): Promise<OpenSource> {
  if (settings.tls === undefined) requireLoopbackHost(settings.host, `${name}.tls`)
  const listener = new Listener(settings, accept, deps)
  const server = await createListener(settings, listener)
  await listen(server, settings)
  const address = server.address()
  if (address === null || typeof address === 'string') throw new TypeError('no TCP address')
  if (settings.tls === undefined) {
    try {
      requireLoopbackAddress(address.address, `${name}.host`)
    } catch (refused) {
      server.close()
      throw refused
    }
  }
  server.on('error', (error) => deps.log.error('mllp.listener-failed', { code: reasonOf(error) }))
  listener.start()
  const scheme = settings.tls === undefined ? 'mllp' : 'mllps'
  return {
    address: `${scheme}://${hostAndPort(address.address, address.port)}`,
    port: address.port,
    close: () => listener.close(server),
  }
}

async function createListener(settings: Settings, listener: Listener): Promise<Server> {
  const { tls, connectionsMax } = settings
  // Half open: a sender that has said all still gets the answers that it waits for.
  const socketOptions = { allowHalfOpen: true, noDelay: true, keepAlive: true }
  const server =
    tls === undefined
      ? createServer(socketOptions, (socket) => listener.serve(socket, undefined))
      : createTlsServer(
          {
            ...socketOptions,
            ...(await readTlsFiles(tls)),
            handshakeTimeout: HANDSHAKE_MS,
            requestCert: tls.requireClient,
            // We look at the certificate ourselves, so that the log can say why it was refused.
            rejectUnauthorized: false,
            // A resumed session would skip the look at the certificate; links are long-lived.
            secureOptions: constants.SSL_OP_NO_TICKET,
          },
          (socket) => listener.serveTls(socket),
        )
  server.maxConnections = connectionsMax
  server.on('connection', (socket) => listener.track(socket))
  server.on('drop', (dropped) => listener.reportDrop(dropped?.remoteAddress))
  server.on('tlsClientError', (error, socket) => listener.reportHandshake(error, socket))
  return server
}

function listen(server: Server, { host, port }: Settings): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => {
      const code =
        reasonOf(cause) === 'EADDRINUSE' ? 'TRANSPORT_PORT_IN_USE' : 'TRANSPORT_CANNOT_LISTEN'
      reject(TRANSPORT_ERRORS.error(code, { where: `${host}:${port}`, cause }))
    })
    server.listen({ host, port }, () => {
      server.removeAllListeners('error')
      resolve()
    })
  })
}

/** The connections of one open source. */
class Listener {
  readonly #settings: Settings
  readonly #accept: Accept
  readonly #deps: LinkDeps
  readonly #memory = createMemoryGauge(LIMITS.unjournalledBytesMax)
  readonly #connections = new Set<MllpConnection>()
  /** Every socket, also those still in their handshake. */
  readonly #sockets = new Set<Socket>()
  #stopSweep: () => void = () => undefined
  #isClosing = false

  constructor(settings: Settings, accept: Accept, deps: LinkDeps) {
    this.#settings = settings
    this.#accept = accept
    this.#deps = deps
  }

  /** One timer for all connections, rather than two for each. */
  start(): void {
    const { frameMs, idleMs } = this.#settings
    const everyMs = Math.min(SWEEP_MS_MAX, Math.max(1, Math.ceil(Math.min(frameMs, idleMs) / 4)))
    const { clock } = this.#deps.ports
    const sweep = (): void => {
      const nowMs = clock.monotonicMs()
      for (const connection of this.#connections) connection.check(nowMs)
      this.#stopSweep = clock.after(everyMs, sweep)
    }
    this.#stopSweep = clock.after(everyMs, sweep)
  }

  track(socket: Socket): void {
    this.#sockets.add(socket)
    socket.once('close', () => this.#sockets.delete(socket))
  }

  serve(socket: Socket, subject: string | undefined): void {
    if (this.#isClosing) {
      socket.destroy()
      return
    }
    const peer: Peer = { address: addressOf(socket), subject }
    const connection = new MllpConnection(socket, peer, {
      accept: this.#accept,
      memory: this.#memory,
      settings: this.#settings,
      ...this.#deps,
    })
    this.#connections.add(connection)
    connection.closed.then(() => this.#connections.delete(connection))
  }

  /** Nothing of what a client sends is read before its certificate is found good. */
  serveTls(socket: TLSSocket): void {
    if (this.#settings.tls?.requireClient !== true) {
      this.serve(socket, undefined)
      return
    }
    const certificate = socket.getPeerX509Certificate()
    if (socket.authorized && certificate !== undefined) {
      this.serve(socket, subjectOf(certificate.subject))
      return
    }
    const why =
      certificate === undefined ? 'no certificate' : String(socket.authorizationError ?? 'unknown')
    this.#deps.log.warn('mllp.peer-refused', { peer: addressOf(socket), why })
    socket.on('error', () => undefined)
    socket.destroy()
  }

  reportDrop(address: string | undefined): void {
    this.#deps.log.warn('mllp.connection-refused', { peer: address, why: 'connectionsMax' })
  }

  reportHandshake(error: Error, socket: Socket): void {
    const code = reasonOf(error)
    this.#deps.log.warn('mllp.handshake-failed', { peer: addressOf(socket), code })
    socket.destroy()
  }

  /** Bounded, because the check of each connection ends it if it takes too long to stop. */
  async close(server: Server): Promise<void> {
    this.#isClosing = true
    const isClosed = new Promise<void>((resolve) => server.close(() => resolve()))
    const served = [...this.#connections]
    for (const connection of served) connection.stop()
    await Promise.all(served.map((connection) => connection.closed))
    // What is left has not got past its handshake, and so never said anything.
    for (const socket of this.#sockets) socket.destroy()
    await isClosed
    this.#stopSweep()
  }
}

function addressOf(socket: Socket): string {
  const { remoteAddress, remotePort } = socket
  if (remoteAddress === undefined) return 'unknown'
  return hostAndPort(remoteAddress, remotePort ?? 0)
}

/** `C=GB, O=Riverside, CN=pas`: Node gives one line per part and escapes line ends within. */
const subjectOf = (subject: string | undefined): string => (subject ?? '').split('\n').join(', ')
