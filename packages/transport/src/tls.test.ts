import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { certificate } from './testing/mllp-peer.ts'
import { isCertificateAlert, readTlsFiles } from './tls.ts'

describe('readTlsFiles', () => {
  test('allows no version before TLS 1.2, whatever Node was started with', async () => {
    assert.equal((await readTlsFiles({})).minVersion, 'TLSv1.2')
  })

  test('reads authority, certificate and key', async () => {
    const context = await readTlsFiles({
      ca: certificate('ca.cert'),
      cert: certificate('client.cert'),
      key: certificate('client.key'),
    })
    for (const pem of [context.ca, context.cert, context.key]) {
      assert.match(String(pem), /^-----BEGIN /)
    }
  })

  for (const [why, files, where] of [
    ['a file that is not there', { ca: certificate('nobody') }, 'tls.ca'],
    ['an authority that is no PEM', { ca: import.meta.filename }, 'tls.ca'],
    ['a folder', { cert: import.meta.dirname, key: certificate('client.key') }, 'tls.cert'],
    ['a certificate without its key', { cert: certificate('client.cert') }, /go together/],
    ['a key without its certificate', { key: certificate('client.key') }, /go together/],
    [
      'a key of another certificate',
      { cert: certificate('client.cert'), key: certificate('server.key') },
      /MISMATCH/,
    ],
  ] as const) {
    test(`refuses ${why} and says where`, async () => {
      await assert.rejects(readTlsFiles(files), { code: 'TRANSPORT_TLS_FILES', where })
    })
  }
})

describe('isCertificateAlert', () => {
  for (const [reason, expected] of [
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', true],
    ['ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE', true],
    ['ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED', true],
    ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', true],
    ['ERR_SSL_TLSV1_ALERT_ACCESS_DENIED', true],
    ['ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR', false],
    ['ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC', false],
    ['ECONNRESET', false],
  ] as const) {
    test(`${expected ? 'takes' : 'does not take'} ${reason} for a refusal of our certificate`, () => {
      assert.equal(isCertificateAlert(reason), expected)
    })
  }
})
