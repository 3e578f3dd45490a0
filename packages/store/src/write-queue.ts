/**
 * Which units of work go to the writer next. A sender waits for its acknowledgement and a person
 * for a page, so those units are urgent and go first. The others are patient: they go when nothing
 * urgent has come for a moment, or when they have waited long enough, so that they get a share of
 * the thread however many senders push. That is for a burst. Under a steady load, however light,
 * such a moment may never come, and results would wait until the evening: so after a few seconds
 * both kinds take turns, until the patient ones have caught up.
 */
import type { Clock } from '@almoner/core'
import type { CommandName } from './commands/all.ts'

export type Waiting = {
  readonly work: { readonly name: CommandName; readonly args: unknown }
  readonly resolve: (value: unknown) => void
  readonly reject: (error: unknown) => void
}

export type WriteQueue = {
  readonly push: (waiting: Waiting) => void
  /**
   * Empty while patient units wait for a quiet moment. `isIdle`: the thread has nothing. While
   * senders are about, a patient group never waits at its door, where an urgent one would come to
   * stand behind it. `isClosing` lets nothing wait.
   */
  readonly next: (thread: { isIdle: boolean; isClosing: boolean }) => readonly Waiting[]
  /** A group was answered: its senders will soon send again. */
  readonly answered: (group: readonly Waiting[]) => void
  readonly isEmpty: () => boolean
  /** Takes everything, in no order. */
  readonly drain: () => readonly Waiting[]
}

const URGENT: ReadonlySet<CommandName> = new Set([
  'acceptMessage',
  'appendAudit',
  'grantAccess',
  'redeemLink',
  'endAccess',
])

/** More units in one group would make the first of them wait too long. */
const URGENT_MAX = 256
const PATIENT_MAX = 12
const PATIENT_BESIDE_URGENT_MAX = 6

/** Longer than a sender takes to read its acknowledgement and send the next message. */
export const QUIET_MS = 3
const PATIENT_WAIT_MS = 20
/** Nobody has waited for so long that the thread may be kept as busy as it can be. */
const LULL_MS = 50
const PATIENT_IN_LULL_MAX = 32
/** For so long senders may push the rest aside. */
export const BURST_MS = 4_000
/** The patient units have caught up when none has waited for so long. */
export const CAUGHT_UP_MS = 250

const isUrgent = ({ work }: Waiting): boolean => URGENT.has(work.name)

export function createWriteQueue(clock: Clock): WriteQueue {
  const urgent: Waiting[] = []
  /** Deliveries end what was begun, so they share each group with what begins more. */
  const turns: Waiting[] = []
  const patient: Waiting[] = []
  let lastUrgentMs = Number.NEGATIVE_INFINITY
  let lastPatientMs = Number.NEGATIVE_INFINITY
  /** Since when patient units have been pushed aside, and when one last was. */
  let pushedAsideMs: number | undefined
  let lastWaitMs = Number.NEGATIVE_INFINITY

  /** Notes that patient units wait, or that they have caught up; true when both take turns. */
  const takesTurns = (nowMs: number): boolean => {
    if (patient.length > 0 || turns.length > 0) {
      pushedAsideMs ??= nowMs
      lastWaitMs = nowMs
    } else if (nowMs - lastWaitMs >= CAUGHT_UP_MS) {
      pushedAsideMs = undefined
    }
    return pushedAsideMs !== undefined && nowMs - pushedAsideMs >= BURST_MS
  }

  const patientMax = (nowMs: number, isIdle: boolean): number => {
    const isTheirTurn = takesTurns(nowMs)
    const quietMs = nowMs - lastUrgentMs
    if (quietMs >= LULL_MS) return PATIENT_IN_LULL_MAX
    if (isTheirTurn || (isIdle && quietMs >= QUIET_MS)) return PATIENT_MAX
    return nowMs - lastPatientMs >= PATIENT_WAIT_MS ? PATIENT_BESIDE_URGENT_MAX : 0
  }

  const takePatient = (countMax: number): readonly Waiting[] => {
    const first = turns.splice(0, Math.max(Math.ceil(countMax / 2), countMax - patient.length))
    return [...first, ...patient.splice(0, countMax - first.length)]
  }

  const queueOf = (waiting: Waiting): Waiting[] => {
    if (isUrgent(waiting)) return urgent
    return waiting.work.name === 'turnDelivery' ? turns : patient
  }

  return {
    push: (waiting) => void queueOf(waiting).push(waiting),
    next: ({ isIdle, isClosing }) => {
      const nowMs = clock.monotonicMs()
      if (urgent.length > 0) lastUrgentMs = nowMs
      const others = takePatient(isClosing ? PATIENT_IN_LULL_MAX : patientMax(nowMs, isIdle))
      if (others.length > 0) lastPatientMs = nowMs
      return [...urgent.splice(0, URGENT_MAX), ...others]
    },
    answered: (group) => {
      if (group.some(isUrgent)) lastUrgentMs = clock.monotonicMs()
    },
    isEmpty: () => urgent.length + turns.length + patient.length === 0,
    drain: () => [...urgent.splice(0), ...turns.splice(0), ...patient.splice(0)],
  }
}
