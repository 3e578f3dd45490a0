/**
 * Takes MLLP frames out of a stream of bytes: a pure state machine, fed with whatever arrives.
 * Source: HL7 MLLP Release 1, chapter 2 (block format).
 *
 * A frame starts with 0x0B and ends with 0x1C 0x0D. Beyond the specification:
 * - 0x1C followed by 0x0B ends a frame whose sender left out the 0x0D, and starts the next one:
 *   such a sender is heard when it sends again.
 * - 0x1C followed by any other byte is content: only the pair is an end. A 0x1C that is the last
 *   byte so far decides nothing; how bytes were cut into packets never changes the frames.
 * - 0x0B inside a frame starts a new frame. What came before it cannot be a whole message and is
 *   reported as `restart`, never handed on.
 * - Bytes between frames are reported as `garbage`, once per chunk and gap.
 */
import { type ByteGatherer, createByteGatherer } from './byte-gatherer.ts'
import { CARRIAGE_RETURN, END_BLOCK, START_BLOCK } from './frame.ts'

export type FrameEvent =
  /** One whole message, in bytes of its own. */
  | { readonly kind: 'frame'; readonly bytes: Uint8Array }
  /** Bytes outside any frame. */
  | { readonly kind: 'garbage'; readonly byteCount: number }
  /** A frame was cut off by the start of another; so many bytes of it had come. */
  | { readonly kind: 'restart'; readonly byteCount: number }
  /** The frame under way is larger than allowed: reported once, then skipped up to its end. */
  | { readonly kind: 'too-large'; readonly byteCount: number }

export type Deframer = {
  /** Takes the next bytes of the stream. The chunk may be reused afterwards. */
  readonly push: (chunk: Uint8Array) => readonly FrameEvent[]
  /** Bytes of an unfinished frame that are held in memory. */
  readonly pendingBytes: number
  readonly isInFrame: boolean
}

export type FrameLimits = { readonly frameBytesMax: number }

type Stream = {
  readonly gathered: ByteGatherer
  readonly frameBytesMax: number
  state: 'outside' | 'inside' | 'skipping'
  /** True when the last byte so far is 0x1C inside a frame: the next byte decides what it is. */
  isEndPossible: boolean
  /** Content bytes of the current frame, kept or skipped. */
  frameBytes: number
  events: FrameEvent[]
}

export function createDeframer(limits: FrameLimits): Deframer {
  const stream: Stream = {
    gathered: createByteGatherer(limits.frameBytesMax),
    frameBytesMax: limits.frameBytesMax,
    state: 'outside',
    isEndPossible: false,
    frameBytes: 0,
    events: [],
  }
  return {
    push: (chunk) => {
      let at = 0
      while (at < chunk.length) {
        if (stream.state === 'outside') at = readOutside(stream, chunk, at)
        else if (stream.isEndPossible) at = decideEnd(stream, chunk, at)
        else at = readInside(stream, chunk, at)
      }
      const { events } = stream
      stream.events = []
      return events
    },
    get pendingBytes() {
      return stream.gathered.size
    },
    get isInFrame() {
      return stream.state !== 'outside'
    },
  }
}

/** Each reader returns the position after what it consumed. */
function readOutside(stream: Stream, chunk: Uint8Array, at: number): number {
  const found = chunk.indexOf(START_BLOCK, at)
  const end = found === -1 ? chunk.length : found
  if (end > at) stream.events.push({ kind: 'garbage', byteCount: end - at })
  if (found === -1) return end
  startFrame(stream)
  return end + 1
}

function readInside(stream: Stream, chunk: Uint8Array, at: number): number {
  const end = findMark(chunk, at)
  addContent(stream, chunk.subarray(at, end))
  if (end === chunk.length) return end
  if (chunk[end] === END_BLOCK) {
    stream.isEndPossible = true
    return end + 1
  }
  stream.events.push({ kind: 'restart', byteCount: stream.frameBytes })
  startFrame(stream)
  return end + 1
}

function decideEnd(stream: Stream, chunk: Uint8Array, at: number): number {
  const byte = chunk[at]
  stream.isEndPossible = false
  if (byte === CARRIAGE_RETURN) {
    finishFrame(stream)
    return at + 1
  }
  if (byte === START_BLOCK) {
    finishFrame(stream)
    startFrame(stream)
    return at + 1
  }
  addContent(stream, END_BYTES)
  return at
}

const END_BYTES = Uint8Array.of(END_BLOCK)

function startFrame(stream: Stream): void {
  stream.gathered.drop()
  stream.state = 'inside'
  stream.frameBytes = 0
}

function addContent(stream: Stream, content: Uint8Array): void {
  stream.frameBytes += content.length
  if (stream.state !== 'inside') return
  if (stream.frameBytes <= stream.frameBytesMax) {
    stream.gathered.add(content)
    return
  }
  stream.gathered.drop()
  stream.state = 'skipping'
  stream.events.push({ kind: 'too-large', byteCount: stream.frameBytesMax + 1 })
}

function finishFrame(stream: Stream): void {
  if (stream.state === 'inside') {
    stream.events.push({ kind: 'frame', bytes: stream.gathered.take() })
  }
  stream.state = 'outside'
}

/** Position of the next byte that may end or restart a frame, or the end of the chunk. */
function findMark(chunk: Uint8Array, from: number): number {
  for (let at = from; at < chunk.length; at++) {
    const byte = chunk[at]
    if (byte === END_BLOCK || byte === START_BLOCK) return at
  }
  return chunk.length
}
