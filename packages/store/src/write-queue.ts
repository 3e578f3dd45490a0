/**
 * Which units of work go to the writer next. A sender waits for its acknowledgement and a person
 * for a page, so those units are urgent and go first. The others are patient: they go when nothing
 * urgent has come for a moment, or when they have waited long enough, so that they get a share of
 * the thread however many senders push.
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
   * Empty while patient units wait for a quiet moment. `isIdle`: the thread has nothing; a patient
   * group never waits at its door, where an urgent one would come to stand behind it. `isClosing`
   * lets nothing wait.
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
const PATIENT_WAIT_MS = 25

const isUrgent = ({ work }: Waiting): boolean => URGENT.has(work.name)

export function createWriteQueue(clock: Clock): WriteQueue {
  const urgent: Waiting[] = []
  const patient: Waiting[] = []
  let lastUrgentMs = Number.NEGATIVE_INFINITY
  let lastPatientMs = Number.NEGATIVE_INFINITY

  const patientMax = (nowMs: number, isIdle: boolean): number => {
    if (isIdle && nowMs - lastUrgentMs >= QUIET_MS) return PATIENT_MAX
    return nowMs - lastPatientMs >= PATIENT_WAIT_MS ? PATIENT_BESIDE_URGENT_MAX : 0
  }

  return {
    push: (waiting) => void (isUrgent(waiting) ? urgent : patient).push(waiting),
    next: ({ isIdle, isClosing }) => {
      const nowMs = clock.monotonicMs()
      if (urgent.length > 0) lastUrgentMs = nowMs
      const others = patient.splice(0, isClosing ? PATIENT_MAX : patientMax(nowMs, isIdle))
      if (others.length > 0) lastPatientMs = nowMs
      return [...urgent.splice(0, URGENT_MAX), ...others]
    },
    answered: (group) => {
      if (group.some(isUrgent)) lastUrgentMs = clock.monotonicMs()
    },
    isEmpty: () => urgent.length === 0 && patient.length === 0,
    drain: () => [...urgent.splice(0), ...patient.splice(0)],
  }
}
