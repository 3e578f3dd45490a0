/**
 * The frames of one connection in their order of arrival, from the moment they are read until
 * their answer is written. Several are under way at once, so that one commit can answer many;
 * the answers leave in order all the same, because an MLLP sender matches them by their place.
 */

export type Slot = {
  /** The message, until it is handed on. */
  bytes: Uint8Array | undefined
  readonly byteCount: number
  state: 'waiting' | 'accepting' | 'answered' | 'unanswered'
  /** The framed answer, when `answered`; undefined when the sender wants none. */
  answer: Uint8Array | undefined
  next: Slot | undefined
}

export type AnswerQueue = {
  readonly isEmpty: boolean
  readonly acceptingCount: number
  readonly hasWaiting: boolean
  readonly addMessage: (bytes: Uint8Array) => void
  /** A frame that is answered already, in its place behind the others. */
  readonly addAnswer: (answer: Uint8Array | undefined) => void
  /** The next message to hand on, marked as under way; undefined when there is none. */
  readonly startNext: () => Slot | undefined
  readonly settle: (slot: Slot, answer: Uint8Array | undefined, isAnswered: boolean) => void
  /** Takes the first slot away if it is settled. */
  readonly takeSettled: () => Slot | undefined
  /** Drops what was not handed on yet and returns how many bytes that were. */
  readonly dropWaiting: () => number
}

export function createAnswerQueue(): AnswerQueue {
  let first: Slot | undefined
  let last: Slot | undefined
  let firstWaiting: Slot | undefined
  let acceptingCount = 0

  const append = (slot: Slot): void => {
    if (last === undefined) first = slot
    else last.next = slot
    last = slot
    if (slot.state === 'waiting') firstWaiting ??= slot
  }

  return {
    get isEmpty() {
      return first === undefined
    },
    get acceptingCount() {
      return acceptingCount
    },
    get hasWaiting() {
      return firstWaiting !== undefined
    },
    addMessage: (bytes) =>
      append({
        bytes,
        byteCount: bytes.length,
        state: 'waiting',
        answer: undefined,
        next: undefined,
      }),
    addAnswer: (answer) =>
      append({ bytes: undefined, byteCount: 0, state: 'answered', answer, next: undefined }),
    startNext: () => {
      const slot = firstWaiting
      if (slot === undefined) return undefined
      slot.state = 'accepting'
      acceptingCount++
      firstWaiting = nextWaiting(slot.next)
      return slot
    },
    settle: (slot, answer, isAnswered) => {
      acceptingCount--
      slot.state = isAnswered ? 'answered' : 'unanswered'
      slot.answer = answer
    },
    takeSettled: () => {
      const slot = first
      if (slot === undefined || slot.state === 'waiting' || slot.state === 'accepting') {
        return undefined
      }
      first = slot.next
      if (first === undefined) last = undefined
      return slot
    },
    dropWaiting: () => {
      let byteCount = 0
      for (let slot = firstWaiting; slot !== undefined; slot = nextWaiting(slot.next)) {
        byteCount += slot.byteCount
        slot.bytes = undefined
        slot.state = 'unanswered'
      }
      firstWaiting = undefined
      return byteCount
    },
  }
}

function nextWaiting(from: Slot | undefined): Slot | undefined {
  let slot = from
  while (slot !== undefined && slot.state !== 'waiting') slot = slot.next
  return slot
}
