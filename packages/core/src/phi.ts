/**
 * A value that identifies or describes a patient. It cannot be printed, logged or serialised by
 * accident: only `reveal` opens it, and a search for `reveal` finds every place that does.
 */
import { inspect } from 'node:util'

const HIDDEN = '[patient data]'

export class Phi<Value> {
  readonly #value: Value

  constructor(value: Value) {
    this.#value = value
  }

  /** Opens the value. Call it only where the value must leave as a value. */
  static reveal<Value>(phi: Phi<Value>): Value {
    return phi.#value
  }

  toString(): string {
    return HIDDEN
  }

  toJSON(): string {
    return HIDDEN
  }

  [inspect.custom](): string {
    return HIDDEN
  }

  [Symbol.toPrimitive](): string {
    return HIDDEN
  }
}

export const phi = <Value>(value: Value): Phi<Value> => new Phi(value)
export const reveal = Phi.reveal
