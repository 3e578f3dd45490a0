import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { parseMessage, readHeader } from './index.ts'

const NOTHING = {
  sendingApplication: '',
  sendingFacility: '',
  receivingApplication: '',
  receivingFacility: '',
  messageType: '',
  trigger: '',
  structure: '',
  controlId: '',
  processingId: '',
  version: '',
  timestamp: '',
  acceptAck: '',
  applicationAck: '',
  charset: '',
}

describe('readHeader', () => {
  test('reads every field of the header', () => {
    const text =
      'MSH|^~\\&|PAS^1.2^ISO|RXX01|LAB|RXX02|20260728101500+0100||ADT^A01^ADT_A01|C\\T\\1|P^T|2.4^GBR|7||AL|NE|GBR|8859/1~UTF-8|||iTKv1.0\r'
    assert.deepEqual(readHeader(parseMessage(text)), {
      sendingApplication: 'PAS',
      sendingFacility: 'RXX01',
      receivingApplication: 'LAB',
      receivingFacility: 'RXX02',
      messageType: 'ADT',
      trigger: 'A01',
      structure: 'ADT_A01',
      controlId: 'C&1',
      processingId: 'P',
      version: '2.4',
      timestamp: '20260728101500+0100',
      acceptAck: 'AL',
      applicationAck: 'NE',
      charset: '8859/1',
    })
  })

  for (const text of ['MSH|', 'MSH|^~\\&', 'MSH|^~\\&|""|||||||""|""\r']) {
    test(`has empty texts for what is not in ${text.trim()}`, () => {
      assert.deepEqual(readHeader(parseMessage(text)), NOTHING)
    })
  }

  test('falls back to the universal id of a party without a namespace', () => {
    const header = readHeader(parseMessage('MSH|^~\\&|^1.2.3^ISO|^urn:x\r'))
    assert.equal(header.sendingApplication, '1.2.3')
    assert.equal(header.sendingFacility, 'urn:x')
  })

  test('never cuts a control id short', () => {
    const header = readHeader(parseMessage('MSH|^~\\&||||||||A^B~C&D\r'))
    assert.equal(header.controlId, 'A^B~C&D')
  })
})
