import assert from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { describe, test } from 'node:test'
import { createDeframer, frame } from './index.ts'

describe('frame', () => {
  test('puts the start and end marks around the bytes', () => {
    assert.deepEqual(Buffer.from(frame(Buffer.from('MSH|'))), Buffer.from('\vMSH|\x1c\r'))
    assert.deepEqual(Buffer.from(frame(new Uint8Array(0))), Buffer.from('\v\x1c\r'))
  })

  for (const text of ['a\vb', '\v', 'a\x1c\rb', 'a\x1cb\x1c\r']) {
    test(`refuses ${JSON.stringify(text)}, which a receiver would cut`, () => {
      assert.throws(() => frame(Buffer.from(text)), {
        name: 'AlmonerError',
        code: 'HL7_NOT_FRAMEABLE',
      })
    })
  }

  for (const text of ['MSH|\r', 'a\x1cb', 'a\x1c', '\x1c\x1c', 'é€']) {
    test(`of ${JSON.stringify(text)} is read back as the same bytes`, () => {
      const deframer = createDeframer({ frameBytesMax: 100 })
      const bytes = Uint8Array.from(Buffer.from(text))
      assert.deepEqual(deframer.push(frame(bytes)), [{ kind: 'frame', bytes }])
    })
  }
})
