/**
 * Gathers bytes that arrive in pieces. The room doubles when it is full, so that each byte is
 * copied a bounded number of times however small the pieces are.
 */

export type ByteGatherer = {
  readonly size: number
  readonly add: (bytes: Uint8Array) => void
  /** Hands over what was gathered and starts again with nothing. */
  readonly take: () => Uint8Array
  /** Forgets what was gathered. */
  readonly drop: () => void
}

const ROOM_MIN = 4096

/** A link that is idle keeps no more than this. */
const ROOM_KEPT_MAX = 64 * 1024

/** @param sizeMax the caller never adds more than this; no room is taken beyond it */
export function createByteGatherer(sizeMax: number): ByteGatherer {
  let room = new Uint8Array(0)
  let size = 0
  const grow = (needed: number): void => {
    const doubled = Math.max(ROOM_MIN, room.length * 2)
    const larger = new Uint8Array(Math.max(needed, Math.min(doubled, sizeMax)))
    larger.set(room.subarray(0, size))
    room = larger
  }
  const drop = (): void => {
    if (room.length > ROOM_KEPT_MAX) room = new Uint8Array(0)
    size = 0
  }
  return {
    get size() {
      return size
    },
    add: (bytes) => {
      if (size + bytes.length > room.length) grow(size + bytes.length)
      room.set(bytes, size)
      size += bytes.length
    },
    take: () => {
      // A large room goes along with its bytes; a small one stays for the next frame.
      const taken = room.length > ROOM_KEPT_MAX ? room.subarray(0, size) : room.slice(0, size)
      drop()
      return taken
    },
    drop,
  }
}
