/**
 * Searches for a patient's messages. The identifier is typed into a form, kept here for a while
 * under a random id, and only that id is ever in an address: no history, log or bookmark holds
 * the identifier. It lives in memory only; after a restart the person searches again.
 */
import { type Clock, type Phi, phi, type Random } from '@almoner/core'

export type PatientSearches = {
  /** Keeps the identifier for one session; returns the id that stands for it. */
  readonly keep: (identifier: string, sessionId: string) => string
  /** The identifier, or undefined when it is unknown, of another session, or too old. */
  readonly find: (id: string, sessionId: string) => Phi<string> | undefined
}

const KEPT_MS = 30 * 60_000
const SEARCHES_MAX = 1_000

type Kept = {
  readonly identifier: Phi<string>
  readonly sessionId: string
  readonly untilMs: number
}

export function createPatientSearches(ports: {
  readonly clock: Clock
  readonly random: Random
}): PatientSearches {
  const kept = new Map<string, Kept>()

  function forgetOld(): void {
    const nowMs = ports.clock.monotonicMs()
    for (const [id, one] of kept) {
      // A map gives its oldest first, and all are kept equally long.
      if (one.untilMs > nowMs && kept.size < SEARCHES_MAX) break
      kept.delete(id)
    }
  }

  return {
    keep: (identifier, sessionId) => {
      forgetOld()
      const id = Buffer.from(ports.random.bytes(16)).toString('base64url')
      const untilMs = ports.clock.monotonicMs() + KEPT_MS
      kept.set(id, { identifier: phi(identifier), sessionId, untilMs })
      return id
    },
    find: (id, sessionId) => {
      const one = kept.get(id)
      if (one === undefined || one.sessionId !== sessionId) return undefined
      return one.untilMs > ports.clock.monotonicMs() ? one.identifier : undefined
    },
  }
}

/** An identifier as people type it (`943 476 5919`) in the form that it is indexed in. */
export function typedIdentifier(text: string): string {
  const trimmed = text.trim()
  const withoutSpaces = trimmed.replace(/[\s-]/g, '')
  // Only an NHS number is commonly written in groups; other numbers keep what was typed.
  return /^\d{10}$/.test(withoutSpaces) ? withoutSpaces : trimmed
}
