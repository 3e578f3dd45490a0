/** Bounds that hold everywhere unless a site sets others. Every loop over outside input has one. */
export const LIMITS = {
  /** One message, in bytes: the largest documents that trusts send embedded are around 10 MB. */
  messageBytesMax: 16 * 1024 * 1024,
  /** Segments in one message. */
  segmentsMax: 50_000,
  /** Connections that one listener holds at once. */
  connectionsMax: 1_000,
  /** A frame that began must end within this time. */
  frameMs: 30_000,
  /** A connection on which nothing happens is closed after this time. */
  idleMs: 10 * 60_000,
  /** Bytes of messages that wait in memory for the journal; beyond it sockets are not read. */
  unjournalledBytesMax: 64 * 1024 * 1024,
} as const
