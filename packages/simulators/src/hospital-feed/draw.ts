/**
 * Draws of chance that follow from a seed and a place: the same seed, patient and purpose always
 * give the same draws, whatever was drawn before elsewhere. That is what lets any message of the
 * feed be made without making those before it.
 */
import { seededRandom } from '@almoner/core'

export type Draw = {
  /** Whole number from `min` to `max`, both included. */
  readonly whole: (min: number, max: number) => number
  /** Number from `min` up to `max`. */
  readonly between: (min: number, max: number) => number
  readonly pick: <Item>(items: readonly Item[]) => Item
  /** True with the given probability. */
  readonly chance: (probability: number) => boolean
  /** The same items in another order. */
  readonly shuffle: <Item>(items: readonly Item[]) => readonly Item[]
}

export function drawFrom(seed: number, ...place: readonly number[]): Draw {
  const { unit } = seededRandom(place.reduce(mix, mix(0, seed)))
  const whole = (min: number, max: number): number => min + Math.floor(unit() * (max - min + 1))
  return {
    whole,
    between: (min, max) => min + unit() * (max - min),
    pick: (items) => {
      const item = items[whole(0, items.length - 1)]
      if (item === undefined) throw new RangeError('a pick needs at least one item')
      return item
    },
    chance: (probability) => unit() < probability,
    shuffle: (items) =>
      items
        .map((item) => ({ item, order: unit() }))
        .sort((a, b) => a.order - b.order)
        .map(({ item }) => item),
  }
}

/** Stirs a number into a 32-bit hash. Both halves count, so that places beyond 2^32 differ. */
function mix(hash: number, part: number): number {
  const high = Math.floor(part / 2 ** 32) >>> 0
  let mixed = Math.imul(hash ^ (part >>> 0) ^ Math.imul(high, 0x85eb_ca6b), 0x9e37_79b1)
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85eb_ca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2_ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}
