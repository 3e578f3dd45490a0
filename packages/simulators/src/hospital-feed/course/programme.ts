/**
 * Who arrives on each simulated day and what happens to them. The shape of a day is fixed, so
 * that every day makes the same number of messages and any message can be found by its number;
 * who, when, where and with what results follow from the seed.
 */

/** Versions of one order: `PFC` is preliminary, then final, then corrected. */
export type Versions = 'F' | 'PF' | 'FC' | 'PFC'

export type Stay = {
  readonly moves: 0 | 1 | 2
  /** One more transfer is sent, and taken back. */
  readonly isMoveCancelled: boolean
  readonly update: 'none' | 'moved-house' | 'phone-deleted'
  /** The discharge is sent, taken back, and sent again. */
  readonly isDischargeCancelled: boolean
  readonly ends: 'home' | 'care-home' | 'died'
  readonly laboratory: readonly Versions[]
  readonly imaging: readonly Versions[]
}

export type Arrival =
  | { readonly kind: 'elective'; readonly isPreadmitted: boolean; readonly stay: Stay }
  | { readonly kind: 'emergency'; readonly arrivesAt: 'pas' | 'epr'; readonly stay: Stay }
  /** Known to the hospital, but comes in unable to say who they are. */
  | { readonly kind: 'unidentified'; readonly stay: Stay }
  | { readonly kind: 'cancelled'; readonly isPreadmitted: boolean }
  | { readonly kind: 'person-update'; readonly updatedBy: 'pas' | 'epr' }
  | { readonly kind: 'community'; readonly laboratory: readonly Versions[] }

const PLAIN: Stay = {
  moves: 1,
  isMoveCancelled: false,
  update: 'none',
  isDischargeCancelled: false,
  ends: 'home',
  laboratory: ['F', 'PF', 'F'],
  imaging: [],
}

/** Arrivals of one day with how often each comes. */
const DAY: readonly (readonly [number, Arrival])[] = [
  [5, { kind: 'elective', isPreadmitted: true, stay: PLAIN }],
  [3, { kind: 'elective', isPreadmitted: false, stay: { ...PLAIN, laboratory: ['F', 'FC', 'F'] } }],
  [2, { kind: 'elective', isPreadmitted: true, stay: { ...PLAIN, isMoveCancelled: true } }],
  [2, { kind: 'elective', isPreadmitted: true, stay: { ...PLAIN, isDischargeCancelled: true } }],
  [2, { kind: 'elective', isPreadmitted: false, stay: { ...PLAIN, update: 'moved-house' } }],
  [
    1,
    {
      kind: 'elective',
      isPreadmitted: true,
      stay: { ...PLAIN, moves: 2, update: 'phone-deleted', laboratory: ['PFC', 'F', 'PF', 'F'] },
    },
  ],
  [
    6,
    {
      kind: 'emergency',
      arrivesAt: 'pas',
      stay: { ...PLAIN, laboratory: ['F', 'PFC', 'F'], imaging: ['F'] },
    },
  ],
  [
    4,
    {
      kind: 'emergency',
      arrivesAt: 'epr',
      stay: { ...PLAIN, update: 'moved-house', laboratory: ['F', 'PF', 'F'], imaging: ['PF'] },
    },
  ],
  [
    3,
    {
      kind: 'emergency',
      arrivesAt: 'pas',
      stay: { ...PLAIN, moves: 2, ends: 'care-home', laboratory: ['F', 'F', 'PF', 'FC', 'F'] },
    },
  ],
  [
    1,
    {
      kind: 'emergency',
      arrivesAt: 'pas',
      stay: { ...PLAIN, ends: 'died', laboratory: ['F', 'F', 'F'], imaging: ['F', 'FC'] },
    },
  ],
  [
    3,
    {
      kind: 'unidentified',
      stay: { ...PLAIN, laboratory: ['F', 'PF', 'F'], imaging: ['F'] },
    },
  ],
  [
    1,
    {
      kind: 'unidentified',
      stay: { ...PLAIN, update: 'phone-deleted', laboratory: ['PF', 'PFC', 'F'] },
    },
  ],
  [2, { kind: 'cancelled', isPreadmitted: true }],
  [1, { kind: 'cancelled', isPreadmitted: false }],
  [4, { kind: 'person-update', updatedBy: 'pas' }],
  [2, { kind: 'person-update', updatedBy: 'epr' }],
  [5, { kind: 'community', laboratory: ['F'] }],
  [3, { kind: 'community', laboratory: ['PFC'] }],
]

/** The arrivals of a day, one after another. */
export const ARRIVALS: readonly Arrival[] = DAY.flatMap(([count, arrival]) =>
  Array.from({ length: count }, () => arrival),
)

/** Journeys that one arrival may number: those of `unidentified` come back a second time. */
export const JOURNEYS_PER_ARRIVAL_MAX = 2

/** Days from the first message of an arrival to its last: how far days reach into each other. */
export const STAY_DAYS_MAX = 4

/** Messages that the arrivals of one day make; a test counts them. */
export const MESSAGES_PER_DAY = 400
