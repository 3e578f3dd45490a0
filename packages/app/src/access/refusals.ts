/**
 * Audits what was refused: unknown tokens, missing scopes, spent links, malformed requests. The
 * first refusals of a minute get an entry each; the rest are counted and get one entry together,
 * so that an attacker leaves a trace but cannot fill the disk.
 * Source: GP Connect "Cross-organisation audit and provenance" (failed transactions are audited).
 */
import type { Log, Ports } from '@almoner/core'
import type { Actor, NewAudit, Store } from '@almoner/store'

export type Refusal = {
  /** Undefined: nobody could be told from the request. */
  readonly actor: Actor | undefined
  readonly outcome: 'refused' | 'failed'
  readonly purpose: string
  readonly code: string
  /** Method and pattern of the address (`GET /fhir/R4/:type/:id`), never the address itself. */
  readonly endpoint: string
  readonly peer: string
  readonly requestId: string
}

export type Refusals = {
  /** Resolves when the entry is durable or counted. Never rejects: a refusal discloses nothing. */
  readonly note: (refusal: Refusal) => Promise<void>
  /** Writes what is still only counted. */
  readonly close: () => Promise<void>
}

const WINDOW_MS = 60_000
const UNKNOWN: Actor = { kind: 'token', id: 'unknown', name: 'unknown caller' }
const SERVER: Actor = { kind: 'system', id: 'http', name: 'HTTP server' }

export function createRefusals(deps: {
  readonly store: Store
  readonly ports: Ports
  readonly log: Log
  readonly perMinuteMax?: number
}): Refusals {
  const { clock } = deps.ports
  const perMinuteMax = deps.perMinuteMax ?? 60
  let written = 0
  let counted = new Map<string, number>()
  let cancel: (() => void) | undefined

  async function append(entry: NewAudit): Promise<void> {
    try {
      await deps.store.write('appendAudit', [entry])
    } catch {
      deps.log.error('refusal.audit_failed', { note: entry.note })
    }
  }

  async function endWindow(): Promise<void> {
    cancel?.()
    cancel = undefined
    const rest = counted
    written = 0
    counted = new Map()
    const count = [...rest.values()].reduce((sum, one) => sum + one, 0)
    if (count === 0) return
    const codes = [...rest].map(([code, times]) => `${code} ${times}`).join(', ')
    await append({
      atMs: clock.nowMs(),
      actor: SERVER,
      action: 'access.refuse',
      outcome: 'refused',
      purpose: 'security',
      subjects: [],
      note: `${count} more refusals within one minute: ${codes}`,
    })
  }

  return {
    note: async (refusal) => {
      cancel ??= clock.after(WINDOW_MS, () => void endWindow())
      if (written >= perMinuteMax) {
        counted.set(refusal.code, (counted.get(refusal.code) ?? 0) + 1)
        return
      }
      written++
      const { code, endpoint, peer, requestId } = refusal
      await append({
        atMs: clock.nowMs(),
        actor: refusal.actor ?? UNKNOWN,
        action: 'access.refuse',
        outcome: refusal.outcome,
        purpose: refusal.purpose,
        subjects: [],
        note: `${code} at ${endpoint} from ${peer}, request ${requestId}`,
      })
    },
    close: endWindow,
  }
}
