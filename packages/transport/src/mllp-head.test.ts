import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { systemPorts } from '@almoner/core'
import { HEAD_BYTES_MAX, readHead, refuseTooLarge } from './mllp-head.ts'
import { answerOf } from './testing/mllp-peer.ts'

const head = (text: string) => readHead(Buffer.from(text, 'utf8'))
const refusal = (text: string): string | undefined => {
  const bytes = refuseTooLarge(Buffer.from(text, 'utf8'), systemPorts)
  return bytes && Buffer.from(bytes).toString('utf8')
}
const MSH = 'MSH|^~\\&|PAS|RXX|TIE|RYY|20260728||ORU^R01|17|P|2.5.1'

describe('readHead', () => {
  for (const [why, text] of [
    ['a whole message', `${MSH}\rPID|1\r`],
    ['line feeds', `${MSH}\nPID|1\n`],
    ['no segment but MSH, and no end', MSH],
    ['a byte order mark', `\ufeff${MSH}\r`],
    ['blank lines before it', `\r\n${MSH}\r`],
  ] as const) {
    test(`reads MSH of a message with ${why}`, () => {
      assert.equal(head(text)?.header.controlId, '17')
    })
  }

  for (const [why, text] of [
    ['nothing', ''],
    ['no MSH', 'PID|1||17\r'],
    ['MSH cut short', 'MSH'],
    ['MSH somewhere inside', 'PID|1|MSH|^~\\&|\r'],
  ] as const) {
    test(`finds no head in ${why}`, () => {
      assert.equal(head(text), undefined)
    })
  }

  test('never takes part of a field that may be cut off for the whole', () => {
    const beforeId = 'MSH|^~\\&|'.padEnd(HEAD_BYTES_MAX - 12, 'A')
    const text = `${beforeId}||||||ORU|1234567|P|2.5.1\r`
    assert.equal(text.slice(0, HEAD_BYTES_MAX).endsWith('|12'), true)
    assert.equal(head(text)?.header.controlId, '')
  })
})

describe('refuseTooLarge', () => {
  test('answers AR with the control id, to the sender, in its version', () => {
    const answer = refusal(`${MSH}\rPID|1`)!
    assert.equal(answerOf(answer), 'AR 17')
    assert.match(answer, /^MSH\|\^~\\&\|TIE\|RYY\|PAS\|RXX\|/)
    assert.match(answer, /\rERR\|.*207.*TRANSPORT_FRAME_TOO_LARGE.*larger than this link allows/)
    const controlId = answer.split('|')[9]!
    assert.match(controlId, /^[0-9a-f]{20}$/)
  })

  test('answers AR without a control id when nothing can be read', () => {
    assert.equal(answerOf(refusal('')!), 'AR')
  })

  for (const [acceptAck, applicationAck, expected] of [
    ['AL', 'NE', 'CR 17'],
    ['ER', '', 'CR 17'],
    ['SU', 'AL', undefined],
    ['NE', 'AL', undefined],
  ] as const) {
    test(`answers ${expected ?? 'nothing'} when MSH-15 is ${acceptAck}`, () => {
      const answer = refusal(`${MSH}|||${acceptAck}|${applicationAck}\r`)
      assert.equal(answer && answerOf(answer), expected)
    })
  }

  test('writes the answer in the character set of the message', () => {
    const message = `${MSH.replace('PAS', 'PÂS')}||||||8859/1\r`
    const bytes = refuseTooLarge(Buffer.from(message, 'latin1'), systemPorts)!
    assert.ok(Buffer.from(bytes).includes(Buffer.from('PÂS', 'latin1')))
  })
})
