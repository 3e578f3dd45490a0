/**
 * A receiving system on MLLP that does as it is told: answers well, badly, late or not at all, and
 * remembers what came in which order. It speaks through bare sockets, so that it checks the
 * engine's own transport instead of sharing its faults.
 */
import type { Server, Socket } from 'node:net'
import { createServer } from 'node:net'
import type { Log, Ports } from '@almoner/core'
import { isAlmonerError, LIMITS } from '@almoner/core'
import type { Charset, Message } from '@almoner/hl7v2'
import { createDeframer, decodeBytes, parseMessage, readHeader } from '@almoner/hl7v2'
import { SIM_ERRORS } from '../errors.ts'
import type { Answer } from './answer.ts'
import { replyTo } from './answer.ts'
import type { Arrivals, Received } from './arrivals.ts'
import { keepArrivals } from './arrivals.ts'

export type Incoming = {
  /** Position among all messages received, from 0. */
  readonly index: number
  /** Number of the connection, from 0 in order of connecting. */
  readonly connection: number
  /** MSH-10, or empty when the message could not be read. */
  readonly controlId: string
  readonly bytes: Uint8Array
}

/** Decides the answer to each message. */
export type Script = (incoming: Incoming) => Answer

export type ReceiverOptions = {
  readonly ports: Ports
  readonly log: Log
  /** 0, or left out: any free port. */
  readonly port?: number
  /** AA to everything when left out. */
  readonly script?: Script
  /** Messages to remember; beyond it the older half is forgotten. 100,000 when left out. */
  readonly keepMax?: number
}

export type Receiver = {
  readonly port: number
  /** What came, oldest first; the list grows while the receiver runs. */
  readonly received: readonly Received[]
  /** Messages that came in all, remembered or not. */
  readonly receivedCount: () => number
  /** Control ids that came on one connection, in order. */
  readonly orderOn: (connection: number) => readonly string[]
  /** Runs of bytes that belonged to no good frame. */
  readonly badFrameCount: () => number
  readonly setScript: (script: Script) => void
  /** Cuts every connection and frees the port. */
  readonly stop: () => Promise<void>
}

const KEEP_MAX = 100_000

/** @throws SIM_PORT_UNAVAILABLE, SIM_OPTION_INVALID */
export async function startReceiver(options: ReceiverOptions): Promise<Receiver> {
  const { ports, log, keepMax = KEEP_MAX } = options
  if (!Number.isSafeInteger(keepMax) || keepMax < 1) {
    throw SIM_ERRORS.error('SIM_OPTION_INVALID', { where: 'keepMax: expected 1 or more' })
  }
  const desk: Desk = {
    ports,
    log,
    arrivals: keepArrivals(keepMax),
    script: options.script ?? (() => ({ kind: 'AA' })),
    sockets: new Set(),
    pending: new Set(),
    connectionCount: 0,
    badFrameCount: 0,
  }
  const server = createServer((socket) => takeConnection(desk, socket))
  const port = await listen(server, options.port ?? 0)
  return {
    port,
    received: desk.arrivals.list,
    receivedCount: () => desk.arrivals.count(),
    orderOn: (connection) =>
      desk.arrivals.list.filter((one) => one.connection === connection).map((one) => one.controlId),
    badFrameCount: () => desk.badFrameCount,
    setScript: (script) => {
      desk.script = script
    },
    stop: () => stop(desk, server),
  }
}

type Desk = {
  readonly ports: Ports
  readonly log: Log
  readonly arrivals: Arrivals
  script: Script
  readonly sockets: Set<Socket>
  /** Cancels answers that wait for their time. */
  readonly pending: Set<() => void>
  connectionCount: number
  badFrameCount: number
}

function takeConnection(desk: Desk, socket: Socket): void {
  const connection = desk.connectionCount++
  const deframer = createDeframer({ frameBytesMax: LIMITS.messageBytesMax })
  desk.sockets.add(socket)
  socket.setNoDelay(true)
  socket.on('close', () => desk.sockets.delete(socket))
  socket.on('error', (error) => {
    // A peer that goes away is part of the play; the sender's own log tells why.
    desk.log.debug('receiver.connection.failed', { connection, code: codeOf(error) })
  })
  socket.on('data', (chunk: Buffer) => {
    for (const event of deframer.push(chunk)) {
      if (event.kind === 'frame') takeMessage(desk, socket, connection, event.bytes)
      else desk.badFrameCount++
    }
  })
}

const codeOf = (error: Error): string =>
  'code' in error && typeof error.code === 'string' ? error.code : 'UNKNOWN'

function takeMessage(desk: Desk, socket: Socket, connection: number, bytes: Uint8Array): void {
  const { message, charset } = read(bytes)
  const controlId = message === undefined ? '' : readHeader(message).controlId
  const atMs = desk.ports.clock.nowMs()
  const index = desk.arrivals.add({ connection, controlId, bytes, atMs })
  const { kind, lateMs = 0 } = desk.script({ index, connection, controlId, bytes })
  const send = (): void => {
    const reply = replyTo({ message, charset, ackId: `ACK${index}`, atMs }, kind)
    for (const part of reply.writes) socket.write(part)
    if (reply.after === 'close') socket.end()
    if (reply.after === 'reset') socket.resetAndDestroy()
  }
  if (lateMs === 0) {
    send()
    return
  }
  const cancel = desk.ports.clock.after(lateMs, () => {
    desk.pending.delete(cancel)
    if (!socket.destroyed) send()
  })
  desk.pending.add(cancel)
}

/** A message that is no HL7 has no control id, and is answered all the same. */
function read(bytes: Uint8Array): { message: Message | undefined; charset: Charset } {
  const { text, charset } = decodeBytes(bytes)
  try {
    return { message: parseMessage(text), charset }
  } catch (error) {
    if (!isAlmonerError(error)) throw error
    return { message: undefined, charset }
  }
}

function listen(server: Server, wanted: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) =>
      reject(SIM_ERRORS.error('SIM_PORT_UNAVAILABLE', { where: `port ${wanted}`, cause })),
    )
    server.listen(wanted, '127.0.0.1', () => {
      const address = server.address()
      if (address === null || typeof address === 'string') return reject(new TypeError('no port'))
      resolve(address.port)
    })
  })
}

function stop(desk: Desk, server: Server): Promise<void> {
  for (const cancel of desk.pending) cancel()
  desk.pending.clear()
  return new Promise((resolve) => {
    server.close(() => resolve())
    for (const socket of desk.sockets) socket.destroy()
  })
}
