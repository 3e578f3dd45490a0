/** What a receiver remembers: a bounded list in order of arrival, with repeats marked. */
export type Received = {
  /** Position among all messages received, from 0. */
  readonly index: number
  readonly connection: number
  /** MSH-10, or empty when the message could not be read. */
  readonly controlId: string
  readonly bytes: Uint8Array
  readonly atMs: number
  /** Index of the first message with this control id, when this is not the first. */
  readonly repeatOf?: number
}

export type Arrivals = {
  readonly list: readonly Received[]
  readonly count: () => number
  /** Returns the index of what was added. */
  readonly add: (arrival: Omit<Received, 'index' | 'repeatOf'>) => number
}

/** @param keepMax beyond it the older half is forgotten, and with it what later ones repeat. */
export function keepArrivals(keepMax: number): Arrivals {
  const list: Received[] = []
  const first = new Map<string, number>()
  let count = 0
  return {
    list,
    count: () => count,
    add: (arrival) => {
      const index = count++
      const repeatOf = first.get(arrival.controlId)
      if (repeatOf === undefined) first.set(arrival.controlId, index)
      list.push({ index, ...arrival, ...(repeatOf === undefined ? {} : { repeatOf }) })
      if (list.length > keepMax) {
        for (const old of list.splice(0, Math.ceil(keepMax / 2))) {
          if (first.get(old.controlId) === old.index) first.delete(old.controlId)
        }
      }
      return index
    },
  }
}
