/** What rules must know of the message as a whole: who sent it, in which dialect, in which zone. */
import type { Zone } from '../types/zone.ts'

export type MapContext = {
  /** ODS code of the sender when the message names none. */
  readonly organisation: string
  /** Name in the tz database, `Europe/London`: times without an offset are local there. */
  readonly timeZone: string
  /** Real URIs for assigning authorities, by the name that the sender writes. */
  readonly authorities?: Readonly<Record<string, string>> | undefined
  /** Real URIs for coding systems, by the name that the sender writes. */
  readonly codeSystems?: Readonly<Record<string, string>> | undefined
}

export type Sender = {
  /** MSH-4, or the organisation of the context. */
  readonly organisation: string
  /** True for NHS ITK messages, which say so in MSH-21. */
  readonly isItk: boolean
  readonly zone: Zone
  readonly authorities: Readonly<Record<string, string>>
  readonly codeSystems: Readonly<Record<string, string>>
}
