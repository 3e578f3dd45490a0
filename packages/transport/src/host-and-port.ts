/** A host and port as one text, as in a URL. Source: RFC 3986 section 3.2.2 (IPv6 in brackets). */
export const hostAndPort = (host: string, port: number): string =>
  host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
