/**
 * What stays on this machine. Only such links may run without TLS.
 * Source: RFC 1122 section 3.2.1.3 (127/8), RFC 4291 section 2.5.3 (::1).
 */
import type { LookupAddress } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'
import { TRANSPORT_ERRORS } from './errors.ts'

const LOOPBACK = new BlockList()
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4')
LOOPBACK.addAddress('::1', 'ipv6')

/** True for a loopback address, also when IPv6 wraps an IPv4 one. Names are never true. */
export function isLoopbackAddress(address: string): boolean {
  const family = isIP(address)
  if (family === 0) return false
  return LOOPBACK.check(address, family === 4 ? 'ipv4' : 'ipv6')
}

/**
 * Refuses a host that may not be on this machine. `localhost` passes: whoever connects finds it by
 * `loopbackLookup`, whoever listens checks the address that it became.
 * @throws TRANSPORT_PLAIN_REFUSED
 */
export function requireLoopbackHost(host: string, where: string): void {
  if (host === 'localhost' || isLoopbackAddress(host)) return
  throw TRANSPORT_ERRORS.error('TRANSPORT_PLAIN_REFUSED', { where })
}

/** @throws TRANSPORT_PLAIN_REFUSED */
export function requireLoopbackAddress(address: string | undefined, where: string): void {
  if (address !== undefined && isLoopbackAddress(address)) return
  throw TRANSPORT_ERRORS.error('TRANSPORT_PLAIN_REFUSED', { where })
}

/** Finds `localhost` without asking anybody, so that no resolver can send it elsewhere. */
export const loopbackLookup: LookupFunction = (_host, options, callback) => {
  if (options.all === true) callback(null, ADDRESSES)
  else callback(null, ADDRESSES[0].address, ADDRESSES[0].family)
}

const ADDRESSES: [LookupAddress, LookupAddress] = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
]
