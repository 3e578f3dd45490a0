/**
 * A lens turns the text of one leaf into one FHIR value. `get` runs from v2 to FHIR; `put` is the
 * way back, for the lenses that have one. A lens never guesses: what it cannot take, it refuses.
 */
import type { Reading } from './reading.ts'

export type Lens = {
  /** `date`, `table 0001 (UK)`: as the documentation names it. */
  readonly name: string
  /** Undefined: the value cannot be taken. The text has no white space around it. */
  readonly get: (text: string, reading: Reading, leaf: number) => unknown
  readonly put?: (value: unknown) => string | undefined
  /** Why a value is refused, for the ledger. Never holds the value. */
  readonly refuses: string
  /** Why the way back is not the mirror, for every row that uses the lens. */
  readonly oneWay?: string
  /**
   * True for free text: an `&` inside is then a letter and not a delimiter, because senders forget
   * to escape it.
   */
  readonly isText?: boolean
  /** For a table: v2 code, and what stands for it in FHIR. */
  readonly codes?: readonly (readonly [v2: string, fhir: string])[]
}

export const text: Lens = {
  name: 'text',
  get: (value) => (value === '' ? undefined : value),
  put: (value) => (typeof value === 'string' ? value : undefined),
  refuses: 'only white space',
  isText: true,
}

/** A name or code that is kept as it is, where `&` still divides. */
export const token: Lens = { ...text, name: 'text as sent', isText: false }

/** HL7 table 0136. Source: v2-to-FHIR IG, YesNoIndicator. */
export const yesNo: Lens = {
  name: 'table 0136',
  get: (value) => (value === 'Y' ? true : value === 'N' ? false : undefined),
  put: (value) => (value === true ? 'Y' : value === false ? 'N' : undefined),
  refuses: 'neither Y nor N',
}

/** FHIR positiveInt. */
export const positiveInteger: Lens = {
  name: 'positive integer',
  get(value) {
    const number = Number(value)
    return /^\d{1,9}$/.test(value) && number > 0 ? number : undefined
  },
  put: (value) => (typeof value === 'number' ? String(value) : undefined),
  refuses: 'not a positive whole number',
}
