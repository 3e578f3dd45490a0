/** Settings of MLLP sources and destinations: validation, documentation and lint in one. */
import { integer, LIMITS, type Schema, text } from '@almoner/core'
import {
  type TlsClientFiles,
  type TlsServerFiles,
  tlsClientSection,
  tlsServerSection,
} from './tls.ts'

const DAY_MS = 24 * 60 * 60_000
const PORT_MAX = 65_535

export const MLLP_SOURCE_SETTINGS = {
  port: integer({ doc: 'Port to listen on; 0 takes a free one.', min: 0, max: PORT_MAX }),
  host: text({
    doc: 'Address to listen on. Any but this machine’s own loopback needs `tls`.',
    fallback: '127.0.0.1',
  }),
  organisation: text({
    doc: 'ODS code of the organisation whose systems send here.',
    example: 'RXX',
  }),
  tls: tlsServerSection,
  connectionsMax: integer({
    doc: 'Connections held at once; further ones are refused.',
    fallback: LIMITS.connectionsMax,
    min: 1,
    max: 65_000,
  }),
  frameBytesMax: integer({
    doc: 'Bytes of one message; a larger one is answered AR.',
    fallback: LIMITS.messageBytesMax,
    min: 1_024,
    max: 256 * 1024 * 1024,
  }),
  frameMs: integer({
    doc: 'Time in which a message that began must have arrived whole.',
    fallback: LIMITS.frameMs,
    min: 1,
    max: DAY_MS,
  }),
  idleMs: integer({
    doc: 'Time after which a silent connection is closed.',
    fallback: LIMITS.idleMs,
    min: 1,
    max: DAY_MS,
  }),
  inFlightMax: integer({
    doc: 'Messages of one connection that may wait for their answer at once.',
    fallback: 64,
    min: 1,
    max: 10_000,
  }),
} as const satisfies Schema

export type MllpSourceOptions = {
  readonly port: number
  readonly host?: string | undefined
  readonly organisation: string
  readonly tls?: TlsServerFiles | undefined
  readonly connectionsMax?: number | undefined
  readonly frameBytesMax?: number | undefined
  readonly frameMs?: number | undefined
  readonly idleMs?: number | undefined
  readonly inFlightMax?: number | undefined
}

/** What it takes to reach an MLLP receiver. */
export const MLLP_TARGET_SETTINGS = {
  host: text({ doc: 'Host to connect to. Any but this machine needs `tls`.', example: 'lab.rxx' }),
  port: integer({ doc: 'Port to connect to.', min: 1, max: PORT_MAX }),
  tls: tlsClientSection,
  ackMs: integer({
    doc: 'Time to wait for the answer to one message.',
    fallback: 30_000,
    min: 1,
    max: DAY_MS,
  }),
  connectMs: integer({
    doc: 'Time to wait for a connection, with its TLS handshake.',
    fallback: 10_000,
    min: 1,
    max: DAY_MS,
  }),
} as const satisfies Schema

export const MLLP_DESTINATION_SETTINGS = {
  ...MLLP_TARGET_SETTINGS,
  recipient: text({ doc: 'ODS code of the organisation that receives.', example: 'RXX' }),
  connections: integer({
    doc: 'Connections, and so messages under way, at once. Set 1 for a receiver that takes one.',
    fallback: 2,
    min: 1,
    max: 64,
  }),
} as const satisfies Schema

export type MllpDestinationOptions = MllpTargetOptions & {
  readonly recipient: string
  readonly connections?: number | undefined
}

export type MllpTargetOptions = {
  readonly host: string
  readonly port: number
  readonly tls?: TlsClientFiles | undefined
  readonly ackMs?: number | undefined
  readonly connectMs?: number | undefined
}
