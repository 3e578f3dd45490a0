import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { isLoopbackAddress, loopbackLookup, requireLoopbackHost } from './loopback.ts'

describe('loopback', () => {
  for (const address of ['127.0.0.1', '127.8.9.10', '::1', '::ffff:127.0.0.1']) {
    test(`knows ${address} as this machine`, () => {
      assert.equal(isLoopbackAddress(address), true)
      requireLoopbackHost(address, 'test')
    })
  }

  for (const address of ['0.0.0.0', '::', '10.0.0.1', '128.0.0.1', '::2', '::ffff:10.0.0.1', '']) {
    test(`does not take ${address || 'nothing'} for this machine`, () => {
      assert.equal(isLoopbackAddress(address), false)
      assert.throws(() => requireLoopbackHost(address, 'test'), { code: 'TRANSPORT_PLAIN_REFUSED' })
    })
  }

  for (const name of ['127.0.0.1.example.org', 'localhost.example.org', '0x7f000001', '127.1']) {
    test(`does not trust the name ${name}`, () => {
      assert.throws(() => requireLoopbackHost(name, 'test'), { code: 'TRANSPORT_PLAIN_REFUSED' })
    })
  }

  test('finds localhost only on this machine', () => {
    loopbackLookup('localhost', { all: true }, (error, found) => {
      assert.equal(error, null)
      assert.ok(Array.isArray(found) && found.every(({ address }) => isLoopbackAddress(address)))
    })
    loopbackLookup('localhost', {}, (_error, found, family) => {
      assert.deepEqual([found, family], ['127.0.0.1', 4])
    })
  })
})
