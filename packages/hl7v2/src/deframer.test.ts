import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { createDeframer, type FrameEvent, frame } from './index.ts'

const limits = { frameBytesMax: 10 }

/** Events as short texts: `frame MSH`, `garbage 3`. */
const show = (events: readonly FrameEvent[]): readonly string[] =>
  events.map((event) =>
    event.kind === 'frame'
      ? `frame ${Buffer.from(event.bytes).toString('latin1')}`
      : `${event.kind} ${event.byteCount}`,
  )

function feed(...chunks: readonly string[]) {
  const deframer = createDeframer(limits)
  const events = chunks.flatMap((chunk) => deframer.push(Buffer.from(chunk, 'latin1')))
  return { deframer, events: show(events) }
}

describe('createDeframer', () => {
  for (const [why, chunks, expected] of [
    ['one frame', ['\vMSH\x1c\r'], ['frame MSH']],
    ['nothing', [''], []],
    ['a frame of zero bytes', ['\v\x1c\r'], ['frame ']],
    [
      'several frames in one packet',
      ['\va\x1c\r\vb\x1c\r\vc\x1c\r'],
      ['frame a', 'frame b', 'frame c'],
    ],
    ['a frame in single bytes', [...'\vab\x1c\r'], ['frame ab']],
    ['an end cut in two', ['\vab\x1c', '\r\vc\x1c\r'], ['frame ab', 'frame c']],
    ['an unfinished frame', ['\vab'], []],
    ['an undecided end', ['\vab\x1c'], []],
    ['CR inside a frame', ['\va\rb\r\x1c\r'], ['frame a\rb\r']],
    // Outside frames.
    ['garbage in front', ['xy\va\x1c\r'], ['garbage 2', 'frame a']],
    ['garbage between', ['\va\x1c\r\r\n\vb\x1c\r'], ['frame a', 'garbage 2', 'frame b']],
    ['garbage behind', ['\va\x1c\rx'], ['frame a', 'garbage 1']],
    ['garbage in two packets', ['ab', 'c\va\x1c\r'], ['garbage 2', 'garbage 1', 'frame a']],
    ['end marks outside a frame', ['\x1c\r\va\x1c\r'], ['garbage 2', 'frame a']],
    // A start byte inside a frame.
    ['a second start', ['\vold\vnew\x1c\r'], ['restart 3', 'frame new']],
    ['a second start at once', ['\v\va\x1c\r'], ['restart 0', 'frame a']],
    ['a second start in another packet', ['\vold', '\vnew\x1c\r'], ['restart 3', 'frame new']],
    // 0x1C without 0x0D.
    ['an end without CR and the next start', ['\va\x1c\vb\x1c\r'], ['frame a', 'frame b']],
    ['the same, cut', ['\va\x1c', '\vb\x1c\r'], ['frame a', 'frame b']],
    ['0x1C as content', ['\va\x1cb\x1c\r'], ['frame a\x1cb']],
    ['0x1C as content, cut', ['\va\x1c', 'b\x1c\r'], ['frame a\x1cb']],
    ['0x1C twice at the end', ['\va\x1c\x1c\r'], ['frame a\x1c']],
    ['0x1C and a restart', ['\va\x1cb\vc\x1c\r'], ['restart 3', 'frame c']],
    // Over the limit.
    ['a frame of the largest size', ['\v0123456789\x1c\r'], ['frame 0123456789']],
    ['a frame over the limit', ['\v0123456789a\x1c\r\vb\x1c\r'], ['too-large 11', 'frame b']],
    [
      'a frame far over the limit, in pieces',
      ['\v0123', '456789a', 'bcdef', '0123456789\x1c', '\r', '\vb\x1c\r'],
      ['too-large 11', 'frame b'],
    ],
    [
      'a frame over the limit by a 0x1C',
      ['\v0123456789\x1cx\x1c\r\vb\x1c\r'],
      ['too-large 11', 'frame b'],
    ],
    [
      'a frame over the limit that never ends',
      ['\v0123456789abc\vb\x1c\r'],
      ['too-large 11', 'restart 13', 'frame b'],
    ],
    [
      'a frame over the limit that ends without CR',
      ['\v0123456789abc\x1c\vb\x1c\r'],
      ['too-large 11', 'frame b'],
    ],
  ] as const) {
    test(`reads ${why}`, () => assert.deepEqual(feed(...chunks).events, expected))
  }

  test('tells what it holds', () => {
    const { deframer } = feed('x')
    assert.deepEqual([deframer.isInFrame, deframer.pendingBytes], [false, 0])
    deframer.push(Buffer.from('\vabc'))
    assert.deepEqual([deframer.isInFrame, deframer.pendingBytes], [true, 3])
    deframer.push(Buffer.from('0123456789'))
    assert.deepEqual([deframer.isInFrame, deframer.pendingBytes], [true, 0])
    deframer.push(Buffer.from('\x1c\r'))
    assert.deepEqual([deframer.isInFrame, deframer.pendingBytes], [false, 0])
  })

  test('hands out bytes of its own: neither the chunk nor the next frame changes them', () => {
    const deframer = createDeframer({ frameBytesMax: 1000 })
    const chunk = Buffer.from('\vfirst\x1c\r')
    const [first] = deframer.push(chunk)
    chunk.fill(0x78)
    const [second] = deframer.push(Buffer.from('\vother\x1c\r'))
    assert.deepEqual(show([first!, second!]), ['frame first', 'frame other'])
  })

  test('gathers a large frame from small chunks in linear time', () => {
    const sizeBytes = 16 * 1024 * 1024
    const deframer = createDeframer({ frameBytesMax: sizeBytes })
    const content = new Uint8Array(sizeBytes).fill(0x41)
    const sent = frame(content)
    const events: FrameEvent[] = []
    for (let at = 0; at < sent.length; at += 1024) {
      events.push(...deframer.push(sent.subarray(at, at + 1024)))
    }
    const [event] = events
    assert.equal(events.length, 1)
    assert.ok(event?.kind === 'frame' && Buffer.from(content).equals(event.bytes))
    assert.equal(deframer.pendingBytes, 0)
  })

  const bytes = fc.array(fc.constantFrom(0x0b, 0x1c, 0x0d, 0x41, 0x42), { maxLength: 60 })
  const wire = (events: readonly FrameEvent[]): readonly string[] =>
    show(events.filter(({ kind }) => kind !== 'garbage'))
  const garbage = (events: readonly FrameEvent[]): number =>
    events.reduce((sum, event) => (event.kind === 'garbage' ? sum + event.byteCount : sum), 0)

  test('gives the same frames however the bytes are cut', () => {
    fc.assert(
      fc.property(bytes, fc.array(fc.nat(6), { maxLength: 30 }), (stream, cuts) => {
        const whole = createDeframer(limits).push(Uint8Array.from(stream))
        const deframer = createDeframer(limits)
        const pieces: FrameEvent[] = []
        let at = 0
        for (const size of cuts) {
          pieces.push(...deframer.push(Uint8Array.from(stream.slice(at, at + size))))
          at += size
        }
        pieces.push(...deframer.push(Uint8Array.from(stream.slice(at))))
        assert.deepEqual(wire(pieces), wire(whole))
        assert.equal(garbage(pieces), garbage(whole))
      }),
      { numRuns: 2000 },
    )
  })

  test('gives every frame of a clean stream', () => {
    const contents = fc.array(fc.uint8Array({ maxLength: 10 }).map(clean), { maxLength: 6 })
    fc.assert(
      fc.property(contents, (frames) => {
        const stream = Buffer.concat(frames.map(frame))
        const events = createDeframer(limits).push(stream)
        assert.deepEqual(
          events,
          frames.map((content) => ({ kind: 'frame', bytes: content })),
        )
      }),
    )
  })

  test('accounts for every byte', () => {
    fc.assert(
      fc.property(bytes, (stream) => {
        const deframer = createDeframer({ frameBytesMax: 1000 })
        const events = deframer.push(Uint8Array.from(stream))
        const counted = events.reduce((sum, event) => {
          if (event.kind === 'garbage') return sum + event.byteCount
          if (event.kind === 'frame') return sum + event.bytes.length
          return sum + event.byteCount
        }, deframer.pendingBytes)
        const marks = stream.length - counted
        const framesSeen = events.filter(({ kind }) => kind === 'frame').length
        const restarts = events.filter(({ kind }) => kind === 'restart').length
        const open = deframer.isInFrame ? 1 : 0
        // A start and at most an end of two bytes belong to each frame; an open one may hold 0x1C.
        assert.ok(marks >= 2 * framesSeen + restarts + open)
        assert.ok(marks <= 3 * framesSeen + restarts + 2 * open)
      }),
      { numRuns: 1000 },
    )
  })
})

const clean = (content: Uint8Array): Uint8Array =>
  content.map((byte) => (byte === 0x0b || byte === 0x1c ? 0x41 : byte))
