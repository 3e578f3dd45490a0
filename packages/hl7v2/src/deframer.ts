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
import { createByteGatherer } from './byte-gatherer.ts'
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

type State = 'outside' | 'inside' | 'skipping'

export function createDeframer(limits: FrameLimits): Deframer {
  const { frameBytesMax } = limits
  const gathered = createByteGatherer(frameBytesMax)
  let state: State = 'outside'
  /** True when the last byte so far is 0x1C inside a frame: the next byte decides what it is. */
  let isEndPossible = false
  /** Content bytes of the current frame, kept or skipped. */
  let frameBytes = 0

  const start = (): void => {
    gathered.drop()
    state = 'inside'
    isEndPossible = false
    frameBytes = 0
  }

  const addContent = (content: Uint8Array, events: FrameEvent[]): void => {
    if (content.length === 0) return
    frameBytes += content.length
    if (state !== 'inside') return
    if (frameBytes <= frameBytesMax) {
      gathered.add(content)
      return
    }
    gathered.drop()
    state = 'skipping'
    events.push({ kind: 'too-large', byteCount: frameBytesMax + 1 })
  }

  const finish = (events: FrameEvent[]): void => {
    const isWhole = state === 'inside'
    const bytes = gathered.take()
    state = 'outside'
    isEndPossible = false
    if (isWhole) events.push({ kind: 'frame', bytes })
  }

  /** @returns position after what was consumed */
  const readOutside = (chunk: Uint8Array, at: number, events: FrameEvent[]): number => {
    const found = chunk.indexOf(START_BLOCK, at)
    const end = found === -1 ? chunk.length : found
    if (end > at) events.push({ kind: 'garbage', byteCount: end - at })
    if (found === -1) return end
    start()
    return end + 1
  }

  const decideEnd = (chunk: Uint8Array, at: number, events: FrameEvent[]): number => {
    const byte = chunk[at]
    isEndPossible = false
    if (byte === CARRIAGE_RETURN) {
      finish(events)
      return at + 1
    }
    if (byte === START_BLOCK) {
      finish(events)
      start()
      return at + 1
    }
    addContent(END_BYTES, events)
    return at
  }

  const readInside = (chunk: Uint8Array, at: number, events: FrameEvent[]): number => {
    const end = findMark(chunk, at)
    addContent(chunk.subarray(at, end), events)
    if (end === chunk.length) return end
    if (chunk[end] === END_BLOCK) {
      isEndPossible = true
      return end + 1
    }
    events.push({ kind: 'restart', byteCount: frameBytes })
    start()
    return end + 1
  }

  return {
    push: (chunk) => {
      const events: FrameEvent[] = []
      let at = 0
      while (at < chunk.length) {
        if (state === 'outside') at = readOutside(chunk, at, events)
        else if (isEndPossible) at = decideEnd(chunk, at, events)
        else at = readInside(chunk, at, events)
      }
      return events
    },
    get pendingBytes() {
      return gathered.size
    },
    get isInFrame() {
      return state !== 'outside'
    },
  }
}

const END_BYTES = Uint8Array.of(END_BLOCK)

/** Position of the next byte that may end or restart a frame, or the end of the chunk. */
function findMark(chunk: Uint8Array, from: number): number {
  for (let at = from; at < chunk.length; at++) {
    const byte = chunk[at]
    if (byte === END_BLOCK || byte === START_BLOCK) return at
  }
  return chunk.length
}
