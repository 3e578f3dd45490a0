/**
 * One sender on an MLLP listener: bytes in, frames to `accept`, answers out in order of arrival.
 * Whatever a sender does wrong ends at worst its own connection, never another one.
 * Source: HL7 MLLP Release 1; the answers are HL7 acknowledgements that `accept` makes.
 */
import type { Socket } from 'node:net'
import {
  type Accept,
  isAlmonerError,
  type Log,
  type LogFields,
  type Peer,
  type Ports,
} from '@almoner/core'
import { createDeframer, type Deframer, type FrameEvent, frame } from '@almoner/hl7v2'
import { type AnswerQueue, createAnswerQueue, type Slot } from './answer-queue.ts'
import type { MemoryGauge } from './memory-gauge.ts'
import { HEAD_BYTES_MAX, refuseTooLarge } from './mllp-head.ts'
import { reasonOf } from './reason.ts'

export type ConnectionDeps = {
  readonly accept: Accept
  readonly log: Log
  readonly ports: Ports
  readonly memory: MemoryGauge
  readonly settings: ConnectionSettings
}

export type ConnectionSettings = {
  readonly frameBytesMax: number
  readonly frameMs: number
  readonly idleMs: number
  readonly inFlightMax: number
}

/** How long a connection that is stopped, or has written its last answer, may still take. */
const CLOSE_MS = 10_000

const START_BLOCK = 0x0b

type Fault = 'garbage' | 'restart' | 'too-large'

const FAULT_EVENTS: Readonly<Record<Fault, string>> = {
  garbage: 'mllp.garbage-skipped',
  restart: 'mllp.frame-restarted',
  'too-large': 'mllp.frame-refused',
}

export class MllpConnection {
  readonly #socket: Socket
  readonly #peer: Peer
  readonly #deps: ConnectionDeps
  #deframer: Deframer
  readonly #queue: AnswerQueue = createAnswerQueue()
  readonly #faultCounts: Record<Fault, number> = { garbage: 0, restart: 0, 'too-large': 0 }
  /** First bytes of the frame under way, for the answer if it turns out too large. */
  #frameStart: Uint8Array = NOTHING
  #partialBytes = 0
  #frameCount = 0
  /** Monotonic times; undefined: no frame under way, or no reason yet to end soon. */
  #frameSinceMs: number | undefined
  #endingSinceMs: number | undefined
  #activeAtMs: number
  #state: 'open' | 'finishing' | 'ended' | 'closed' = 'open'
  #isFlushDue = false
  #isWaitingForMemory = false
  readonly closed: Promise<void>

  constructor(socket: Socket, peer: Peer, deps: ConnectionDeps) {
    this.#socket = socket
    this.#peer = peer
    this.#deps = deps
    this.#deframer = createDeframer(deps.settings)
    this.#activeAtMs = deps.ports.clock.monotonicMs()
    this.closed = new Promise((resolve) => {
      socket.once('close', () => {
        this.#onClose()
        resolve()
      })
    })
    socket.on('data', (chunk) => {
      // Text comes only from a socket with an encoding, and this one has none.
      if (typeof chunk !== 'string') this.#onData(chunk)
    })
    socket.on('end', () => this.#onEnd())
    socket.on('drain', () => this.#onDrain())
    socket.on('error', (error) => {
      deps.log.info('mllp.connection-failed', this.#fields({ code: reasonOf(error) }))
    })
    deps.log.debug('mllp.connection-opened', this.#fields())
  }

  /** Reads no more, answers what was read, then ends, in `CLOSE_MS` at most. */
  stop(): void {
    this.#endingSinceMs ??= this.#deps.ports.clock.monotonicMs()
    this.#finish()
  }

  /** As `stop`, but a sender that waits for its answers waits as long as they take. */
  #finish(): void {
    if (this.#state !== 'open') return
    this.#state = 'finishing'
    this.#socket.pause()
    this.#dropPartial()
    this.#flush()
  }

  /** Ends the connection if it has been too slow, too quiet or too long in ending. */
  check(nowMs: number): void {
    const { settings, log } = this.#deps
    if (this.#endingSinceMs !== undefined) {
      if (nowMs - this.#endingSinceMs > CLOSE_MS) this.#socket.destroy()
      return
    }
    // While we do not read, the sender cannot be faulted, unless it does not read our answers.
    if (this.#socket.isPaused() && !this.#socket.writableNeedDrain) return
    if (this.#frameSinceMs !== undefined && nowMs - this.#frameSinceMs > settings.frameMs) {
      log.warn('mllp.frame-refused', this.#fields({ why: 'unfinished' }))
      this.#finish()
    } else if (this.#queue.isEmpty && nowMs - this.#activeAtMs > settings.idleMs) {
      log.info('mllp.connection-idled', this.#fields())
      this.#finish()
    }
  }

  #onData(chunk: Buffer): void {
    // After the last answer the rest is read and thrown away, so that the peer sees the answers
    // and not a reset.
    if (this.#state !== 'open') return
    this.#activeAtMs = this.#deps.ports.clock.monotonicMs()
    // Cut before each start byte, so that every frame starts a piece and its head is known.
    let from = 0
    while (from < chunk.length && this.#state === 'open') {
      const found = chunk.indexOf(START_BLOCK, from + 1)
      const end = found === -1 ? chunk.length : found
      this.#read(chunk.subarray(from, end))
      from = end
    }
    this.#acceptNext()
    this.#regulate()
  }

  #read(piece: Uint8Array): void {
    const isStart = piece[0] === START_BLOCK
    const events = this.#deframer.push(piece)
    for (const event of events) this.#take(event, isStart ? piece.subarray(1) : piece, isStart)

    if (this.#deframer.isInFrame) {
      if (isStart || this.#frameSinceMs === undefined) this.#frameSinceMs = this.#activeAtMs
      this.#keepStart(piece, isStart)
    } else {
      this.#frameSinceMs = undefined
      this.#frameStart = NOTHING
    }
    this.#countPartial(this.#deframer.pendingBytes)
  }

  #take(event: FrameEvent, content: Uint8Array, isStart: boolean): void {
    switch (event.kind) {
      case 'frame':
        this.#frameCount++
        this.#deps.memory.take(event.bytes.length)
        this.#queue.addMessage(event.bytes)
        return
      case 'too-large': {
        this.#reportFault(event.kind, event.byteCount)
        const start = isStart ? content : Buffer.concat([this.#frameStart, content])
        const refusal = refuseTooLarge(start.subarray(0, HEAD_BYTES_MAX), this.#deps.ports)
        this.#queue.addAnswer(refusal && frame(refusal))
        this.#flushSoon()
        return
      }
      default:
        this.#reportFault(event.kind, event.byteCount)
    }
  }

  #keepStart(piece: Uint8Array, isStart: boolean): void {
    if (isStart) this.#frameStart = Buffer.from(piece.subarray(1, 1 + HEAD_BYTES_MAX))
    else if (this.#frameStart.length < HEAD_BYTES_MAX) {
      const missing = HEAD_BYTES_MAX - this.#frameStart.length
      this.#frameStart = Buffer.concat([this.#frameStart, piece.subarray(0, missing)])
    }
  }

  #countPartial(byteCount: number): void {
    const grown = byteCount - this.#partialBytes
    this.#partialBytes = byteCount
    if (this.#deps.memory.growPartial(grown)) return
    this.#deps.log.warn('mllp.frame-refused', this.#fields({ why: 'memory', byteCount }))
    this.#finish()
  }

  #dropPartial(): void {
    if (this.#partialBytes > 0) {
      this.#deps.memory.growPartial(-this.#partialBytes)
      this.#deframer = createDeframer(this.#deps.settings)
    }
    this.#partialBytes = 0
    this.#frameSinceMs = undefined
    this.#frameStart = NOTHING
  }

  /** Hands on what waits, as far as the limit allows, in order of arrival. */
  #acceptNext(): void {
    const { inFlightMax } = this.#deps.settings
    while (this.#queue.acceptingCount < inFlightMax && this.#state !== 'closed') {
      const slot = this.#queue.startNext()
      if (slot?.bytes === undefined) return
      const inbound = { bytes: slot.bytes, peer: this.#peer }
      slot.bytes = undefined
      Promise.try(this.#deps.accept, inbound).then(
        (answer) => this.#settle(slot, answer),
        (thrown: unknown) => {
          this.#deps.log.error('mllp.accept-failed', this.#fields({ code: reasonOf(thrown) }))
          this.#settle(slot, undefined)
        },
      )
    }
  }

  #settle(slot: Slot, answer: Uint8Array | undefined): void {
    // No bytes: the sender asked for no answer (MSH-15), and the connection goes on.
    const isSilent = answer?.length === 0
    const framed = answer === undefined || isSilent ? undefined : this.#frame(answer)
    this.#queue.settle(slot, framed, isSilent || framed !== undefined)
    this.#deps.memory.give(slot.byteCount)
    this.#flushSoon()
  }

  #frame(answer: Uint8Array): Uint8Array | undefined {
    try {
      return frame(answer)
    } catch (thrown) {
      if (!isAlmonerError(thrown)) throw thrown
      this.#deps.log.error('mllp.answer-unframeable', this.#fields({ code: thrown.code }))
      return undefined
    }
  }

  /** One commit settles many messages at once: their answers leave in one write. */
  #flushSoon(): void {
    if (this.#isFlushDue) return
    this.#isFlushDue = true
    process.nextTick(() => {
      this.#isFlushDue = false
      this.#flush()
      this.#acceptNext()
      this.#regulate()
    })
  }

  #flush(): void {
    if (this.#state === 'ended' || this.#state === 'closed') return
    const socket = this.#socket
    this.#activeAtMs = this.#deps.ports.clock.monotonicMs()
    socket.cork()
    for (let slot = this.#queue.takeSettled(); slot; slot = this.#queue.takeSettled()) {
      if (slot.state === 'unanswered') {
        this.#deps.log.warn('mllp.message-unanswered', this.#fields())
        this.#end()
        break
      }
      if (slot.answer !== undefined) socket.write(slot.answer)
    }
    socket.uncork()
    if (this.#state === 'finishing' && this.#queue.isEmpty) this.#end()
  }

  /** Nothing more is written. The sender repeats what got no answer. */
  #end(): void {
    this.#state = 'ended'
    this.#endingSinceMs ??= this.#deps.ports.clock.monotonicMs()
    this.#deps.memory.give(this.#queue.dropWaiting())
    this.#dropPartial()
    this.#socket.end()
    this.#socket.resume()
  }

  /** Reads on, or leaves the bytes with the sender until there is room. */
  #regulate(): void {
    if (this.#state !== 'open') return
    const { memory, settings } = this.#deps
    const isBusy = this.#queue.hasWaiting || this.#queue.acceptingCount >= settings.inFlightMax
    if (isBusy || memory.isFull || this.#socket.writableNeedDrain) {
      this.#socket.pause()
      if (memory.isFull) this.#waitForMemory()
    } else if (this.#socket.isPaused()) {
      // The time that we held it up is not the sender's.
      if (this.#frameSinceMs !== undefined) {
        this.#frameSinceMs = this.#deps.ports.clock.monotonicMs()
      }
      this.#socket.resume()
    }
  }

  #waitForMemory(): void {
    if (this.#isWaitingForMemory) return
    this.#isWaitingForMemory = true
    this.#deps.memory.whenFree(() => {
      this.#isWaitingForMemory = false
      this.#regulate()
    })
  }

  #onDrain(): void {
    this.#activeAtMs = this.#deps.ports.clock.monotonicMs()
    this.#regulate()
  }

  /** The sender has said all. It may still read: it gets the answers that it waits for. */
  #onEnd(): void {
    if (this.#state === 'open' && this.#deframer.isInFrame) {
      this.#deps.log.warn('mllp.frame-cut', this.#fields({ byteCount: this.#partialBytes }))
    }
    this.#finish()
  }

  #onClose(): void {
    this.#state = 'closed'
    this.#deps.memory.give(this.#queue.dropWaiting())
    this.#dropPartial()
    const { garbage, restart, 'too-large': tooLarge } = this.#faultCounts
    const frameCount = this.#frameCount
    this.#deps.log.debug(
      'mllp.connection-closed',
      this.#fields({ frameCount, garbage, restart, tooLarge }),
    )
  }

  /** Logs the 1st, 2nd, 4th, 8th … fault of a kind, so that a broken sender cannot fill the log. */
  #reportFault(fault: Fault, byteCount: number): void {
    const count = ++this.#faultCounts[fault]
    if ((count & (count - 1)) !== 0) return
    this.#deps.log.warn(FAULT_EVENTS[fault], this.#fields({ why: fault, byteCount, count }))
  }

  #fields(more: LogFields = {}): LogFields {
    return { peer: this.#peer.address, ...more }
  }
}

const NOTHING = new Uint8Array(0)
