/**
 * TLS for every link of this room: 1.2 or newer, certificates and keys from PEM files.
 * Source: RFC 8446 (1.3), RFC 5246 (1.2); NCSC guidance on TLS refuses older versions.
 */
import { readFile } from 'node:fs/promises'
import { createSecureContext, type SecureContextOptions } from 'node:tls'
import { flag, optional, type Schema, text } from '@almoner/core'
import { TRANSPORT_ERRORS } from './errors.ts'
import { reasonOf } from './reason.ts'
import { section } from './section.ts'

const caSetting = optional(
  text({ doc: 'PEM file of the authorities that sign the other side.', example: 'tls/ca.pem' }),
)

export const TLS_SERVER_SETTINGS = {
  cert: text({ doc: 'PEM file of our certificate, with its chain.', example: 'tls/server.pem' }),
  key: text({ doc: 'PEM file of its private key.', example: 'tls/server-key.pem' }),
  ca: caSetting,
  requireClient: flag({
    doc: 'Only clients with a certificate signed by `ca` may connect (mutual TLS).',
    fallback: false,
  }),
} as const satisfies Schema

export const TLS_CLIENT_SETTINGS = {
  ca: caSetting,
  cert: optional(text({ doc: 'PEM file of our client certificate.', example: 'tls/client.pem' })),
  key: optional(text({ doc: 'PEM file of its private key.', example: 'tls/client-key.pem' })),
  servername: optional(
    text({ doc: 'Name that the certificate of the server must carry, if not the host.' }),
  ),
} as const satisfies Schema

export const tlsServerSection = section(TLS_SERVER_SETTINGS, {
  doc: 'Files for TLS; without them only this machine can connect.',
})
export const tlsClientSection = section(TLS_CLIENT_SETTINGS, {
  doc: 'Files for TLS, `{}` for none of our own; without it only this machine can be reached.',
})

/** File paths; see `TLS_SERVER_SETTINGS`. */
export type TlsServerFiles = {
  readonly cert: string
  readonly key: string
  readonly ca?: string | undefined
  readonly requireClient?: boolean | undefined
}

/** File paths; see `TLS_CLIENT_SETTINGS`. */
export type TlsClientFiles = {
  readonly ca?: string | undefined
  readonly cert?: string | undefined
  readonly key?: string | undefined
  readonly servername?: string | undefined
}

type Files = Pick<TlsClientFiles, 'ca' | 'cert' | 'key'>

/**
 * Reads the files and makes sure that they are usable and belong together.
 * @throws TRANSPORT_TLS_FILES
 */
export async function readTlsFiles(files: Files): Promise<SecureContextOptions> {
  const [ca, cert, key] = await Promise.all([
    readPem('ca', files.ca),
    readPem('cert', files.cert),
    readPem('key', files.key),
  ])
  const context: SecureContextOptions = {
    minVersion: 'TLSv1.2',
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  }
  if ((cert === undefined) !== (key === undefined)) {
    throw TRANSPORT_ERRORS.error('TRANSPORT_TLS_FILES', { where: 'tls: cert and key go together' })
  }
  try {
    createSecureContext(context)
  } catch (cause) {
    throw TRANSPORT_ERRORS.error('TRANSPORT_TLS_FILES', { where: reasonOf(cause), cause })
  }
  return context
}

async function readPem(name: string, file: string | undefined): Promise<Buffer | undefined> {
  if (file === undefined) return undefined
  try {
    const pem = await readFile(file)
    // Node takes an authority file without a certificate in it for "trust nobody", silently.
    if (name === 'ca' && !pem.includes('-----BEGIN CERTIFICATE-----')) throw new TypeError('PEM')
    return pem
  } catch (cause) {
    throw TRANSPORT_ERRORS.error('TRANSPORT_TLS_FILES', { where: `tls.${name}`, cause })
  }
}

/**
 * True for an alert about our certificate (RFC 8446 section 6.2), as OpenSSL names it: the peer
 * ended the handshake and read nothing of what was sent.
 */
export const isCertificateAlert = (reason: string): boolean =>
  /_ALERT_(\w*CERTIFICATE\w*|UNKNOWN_CA|ACCESS_DENIED)$/.test(reason)
