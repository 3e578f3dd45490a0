import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type AckCode, ackWanted } from './index.ts'

const CODES: readonly AckCode[] = ['AA', 'AE', 'AR', 'CA', 'CE', 'CR']
const wanted = (acceptAck: string, applicationAck: string): string =>
  CODES.filter((code) => ackWanted({ acceptAck, applicationAck }, code)).join(' ')

describe('ackWanted', () => {
  for (const [accept, application, expected] of [
    // Original mode.
    ['', '', 'AA AE AR'],
    // Enhanced mode.
    ['AL', 'AL', 'AA AE AR CA CE CR'],
    ['AL', 'NE', 'CA CE CR'],
    ['AL', '', 'CA CE CR'],
    ['NE', 'AL', 'AA AE AR'],
    ['', 'AL', 'AA AE AR'],
    ['NE', 'NE', ''],
    ['NE', '', ''],
    ['ER', 'ER', 'AE AR CE CR'],
    ['SU', 'SU', 'AA CA'],
    ['ER', 'SU', 'AA CE CR'],
    // A value outside table 0155 is answered.
    ['YES', 'NE', 'CA CE CR'],
    ['NE', 'al', 'AA AE AR'],
  ] as const) {
    test(`with MSH-15 '${accept}' and MSH-16 '${application}' wants ${expected || 'none'}`, () => {
      assert.equal(wanted(accept, application), expected)
    })
  }
})
