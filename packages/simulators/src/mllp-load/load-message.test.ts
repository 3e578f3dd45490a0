import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createDeframer, encodeText, get, parseMessage } from '@almoner/hl7v2'
import { numberedMessages } from './load-message.ts'

const MODEL = 'MSH|^~\\&|PAS|RZZ|TIE|RZZ|20260302||ADT^A01|MODEL|P|2.4\rPID|1||1^^^RZZ\r'

const unframe = (bytes: Uint8Array): string => {
  const [event] = createDeframer({ frameBytesMax: 10_000 }).push(bytes)
  assert.equal(event?.kind, 'frame')
  return event?.kind === 'frame' ? new TextDecoder().decode(event.bytes) : ''
}

describe('numberedMessages', () => {
  test('changes MSH-10 and nothing else', () => {
    const make = numberedMessages(encodeText(MODEL, 'utf-8'), 'LOAD')
    for (const i of [0, 7, 1_000_000]) {
      const { controlId, frame } = make(i)
      assert.equal(controlId, `LOAD${i}`)
      assert.equal(get(parseMessage(unframe(frame)), 'MSH-10'), controlId)
      assert.equal(unframe(frame).replace(controlId, 'MODEL'), MODEL)
    }
  })

  test('fills an MSH-10 that is empty', () => {
    const make = numberedMessages(encodeText(MODEL.replace('MODEL', ''), 'utf-8'), 'X')
    assert.equal(unframe(make(1).frame), MODEL.replace('MODEL', 'X1'))
  })

  for (const [why, model] of [
    ['stops before MSH-10', 'MSH|^~\\&|PAS|RZZ\rPID|1|2|3|4|5|6|7|8|9|10|11\r'],
    ['is empty', ''],
  ] as const) {
    test(`refuses a model that ${why}`, () => {
      assert.throws(() => numberedMessages(encodeText(model, 'utf-8'), 'X'), {
        code: 'SIM_OPTION_INVALID',
      })
    })
  }
})
