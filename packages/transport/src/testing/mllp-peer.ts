/**
 * The other end of an MLLP link, for tests: real sockets, and framing written apart from the code
 * under test, so that both cannot share a mistake.
 */
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { connect as connectTls, createServer as createTlsServer, type TlsOptions } from 'node:tls'
import type { Log, LogFields } from '@almoner/core'

export const certificate = (name: string): string =>
  join(import.meta.dirname, '..', 'testing-certificates', `${name}.pem`)

/** An ADT message with this control id; `more` is added after PID. */
export const adt = (controlId: string, more = ''): string =>
  `MSH|^~\\&|PAS|RXX|TIE|RXX|20260728101500||ADT^A01|${controlId}|P|2.4\r` +
  `PID|1||9000000009^^^NHS||TESTER^ANN${more}\r`

/** An acknowledgement as other systems write it. */
export const ack = (code: string, controlId: string): string =>
  `MSH|^~\\&|TIE|RXX|PAS|RXX|20260728101501||ACK^A01^ACK|A${controlId}|P|2.4\rMSA|${code}|${controlId}\r`

export const framed = (text: string): Buffer => Buffer.from(`\x0b${text}\x1c\r`, 'latin1')

/** MSH-10, by position. */
export const controlIdOf = (text: string): string => text.split('|')[9] ?? ''

/** MSA-1 and MSA-2, `AA 17`. */
export const answerOf = (text: string): string => {
  const [, code, controlId] = (text.split('\r').find((line) => line.startsWith('MSA')) ?? '').split(
    '|',
  )
  return `${code} ${controlId ?? ''}`.trimEnd()
}

export type LoggedEvent = LogFields & { readonly event: string }

export type RecordingLog = Log & {
  readonly events: readonly LoggedEvent[]
  /** The first event of this name, now or as soon as it is logged. */
  readonly whenLogged: (event: string) => Promise<LoggedEvent>
}

export function recordingLog(): RecordingLog {
  const events: LoggedEvent[] = []
  const waiting: { readonly event: string; readonly found: (logged: LoggedEvent) => void }[] = []
  const write = (event: string, fields: LogFields = {}): void => {
    const logged = { ...fields, event }
    events.push(logged)
    for (const one of waiting) if (one.event === event) one.found(logged)
  }
  return {
    events,
    debug: write,
    info: write,
    warn: write,
    error: write,
    whenLogged: (event) => {
      const found = events.find((logged) => logged.event === event)
      if (found !== undefined) return Promise.resolve(found)
      return new Promise((resolve) => waiting.push({ event, found: resolve }))
    },
  }
}

export type Client = {
  readonly socket: Socket
  readonly write: (bytes: string | Buffer) => void
  /** The text of the next frame that comes back; rejects when the connection ends first. */
  readonly next: () => Promise<string>
  /** Resolves when the connection has ended, with all frames that nobody took. */
  readonly ended: Promise<readonly string[]>
}

type Tls = { readonly ca: Buffer; readonly cert?: Buffer; readonly key?: Buffer }

export async function connectClient(port: number, tls?: Tls): Promise<Client> {
  const socket =
    tls === undefined
      ? connect({ port, host: '127.0.0.1', allowHalfOpen: true })
      : connectTls({ port, host: 'localhost', servername: 'localhost', ...tls })
  await once(socket, tls === undefined ? 'connect' : 'secureConnect')
  return clientOf(socket)
}

export function clientOf(socket: Socket): Client {
  const arrived: string[] = []
  const waiting: { resolve: (text: string) => void; reject: (error: Error) => void }[] = []
  let rest = ''
  socket.on('data', (chunk) => {
    rest += chunk.toString('latin1')
    const parts = rest.split('\x1c\r')
    rest = parts.pop() ?? ''
    for (const part of parts) {
      const text = part.slice(part.indexOf('\x0b') + 1)
      const first = waiting.shift()
      if (first === undefined) arrived.push(text)
      else first.resolve(text)
    }
  })
  socket.on('error', () => undefined)
  socket.on('end', () => socket.end())
  const ended = new Promise<readonly string[]>((resolve) => {
    socket.once('close', () => {
      for (const one of waiting) one.reject(new Error('the connection ended'))
      resolve(arrived)
    })
  })
  return {
    socket,
    write: (bytes) => void socket.write(bytes),
    next: () => {
      const text = arrived.shift()
      if (text !== undefined) return Promise.resolve(text)
      if (socket.destroyed) return Promise.reject(new Error('the connection ended'))
      return new Promise((resolve, reject) => waiting.push({ resolve, reject }))
    },
    ended,
  }
}

/** Resolves once the socket has closed, also if it had before. */
export const whenClosed = async (socket: Socket): Promise<void> => {
  if (!socket.closed) await once(socket, 'close')
}

export type Receiver = {
  readonly port: number
  /** The messages that came, in order. */
  readonly received: readonly string[]
  readonly connectionCount: () => number
  /** Sockets of all connections so far. */
  readonly sockets: readonly Socket[]
  readonly close: () => Promise<void>
}

/** A receiver that does with each message what the test says. */
export async function startReceiver(
  onMessage: (text: string, socket: Socket) => void,
  tls?: TlsOptions,
): Promise<Receiver> {
  const received: string[] = []
  const sockets: Socket[] = []
  const serve = (socket: Socket): void => {
    sockets.push(socket)
    const client = clientOf(socket)
    const readOn = (): void => {
      client.next().then(
        (text) => {
          received.push(text)
          onMessage(text, socket)
          readOn()
        },
        () => undefined,
      )
    }
    readOn()
  }
  const server = tls === undefined ? createServer(serve) : createTlsServer(tls, serve)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    // A TCP server that listens has an address of this shape.
    port: (server.address() as AddressInfo).port,
    received,
    connectionCount: () => sockets.length,
    sockets,
    close: async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

/** Answers every message with this code. */
export const answering =
  (code: string) =>
  (text: string, socket: Socket): void => {
    socket.write(framed(ack(code, controlIdOf(text))))
  }
