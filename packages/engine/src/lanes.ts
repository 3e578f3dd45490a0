/**
 * Lanes keep order. A task enters with the keys it touches and runs when every earlier task that
 * shares a key has ended. A task with two keys (a merge of two patients) is thereby a barrier in
 * both lanes. A task that ends `held` closes its lanes: later tasks there are turned away without
 * running and close their other lanes too, so that nothing overtakes them. A person's decision
 * opens the lanes again, and what was turned away enters anew, oldest first.
 *
 * Cost: O(keys) per task; memory O(keys of tasks that run, wait, are held or were turned away).
 */

export type LaneEnd =
  | 'free'
  /** Waits for a person. */
  | 'held'
  /** Never ran: an earlier task of its lanes is held. */
  | 'turned-away'
  /** Never ran either, but a lane was opened meanwhile: it must enter again. */
  | 'again'

/** `seq` is the task's place: the lower came first. */
export type LanePlace = {
  readonly id: string
  readonly seq: number
  readonly keys: readonly string[]
}
export type LaneTask = LanePlace & { readonly run: () => Promise<RunEnd> }
export type RunEnd = 'free' | 'held'

export type Lanes = {
  /** Calls `run` in turn and resolves how the task ended. Tasks enter in order of `seq`. */
  readonly enter: (task: LaneTask) => Promise<LaneEnd>
  /** Closes the lanes of a task that was held before this process started. */
  readonly hold: (place: LanePlace) => void
  /** A person decided on the task with this id. */
  readonly release: (id: string) => void
}

export function createLanes(): Lanes {
  /** The last task of each lane that is not idle. */
  const tails = new Map<string, Promise<LaneEnd>>()
  /** Places of the tasks that close a lane. */
  const closures = new Map<string, Set<number>>()
  const heldPlaces = new Map<string, LanePlace>()
  let releases = 0

  const close = ({ seq, keys }: LanePlace): void => {
    for (const key of keys) {
      const places = closures.get(key)
      if (places === undefined) closures.set(key, new Set([seq]))
      else places.add(seq)
    }
  }

  const open = ({ seq, keys }: LanePlace): void => {
    for (const key of keys) {
      const places = closures.get(key)
      if (places?.delete(seq) === true && places.size === 0) closures.delete(key)
    }
  }

  const isClosedFor = ({ seq, keys }: LanePlace): boolean =>
    keys.some(
      (key) =>
        closures
          .get(key)
          ?.values()
          .some((place) => place < seq) === true,
    )

  const hold = (place: LanePlace): void => {
    heldPlaces.set(place.id, place)
    close(place)
  }

  const inTurn = async (task: LaneTask, before: readonly Promise<LaneEnd>[]): Promise<LaneEnd> => {
    const releasesBefore = releases
    if (before.length > 0) await Promise.all(before)
    if (isClosedFor(task)) {
      close(task)
      return releases === releasesBefore ? 'turned-away' : 'again'
    }
    const end = await task.run()
    if (end === 'held') hold(task)
    return end
  }

  return {
    enter: (task) => {
      // Its own closure from when it was turned away; from now on its place in the tails counts.
      open(task)
      const before = task.keys.flatMap((key) => tails.get(key) ?? [])
      const running = inTurn(task, before)
      for (const key of task.keys) tails.set(key, running)
      const leave = (): void => {
        for (const key of task.keys) if (tails.get(key) === running) tails.delete(key)
      }
      running.then(leave, leave)
      return running
    },
    hold,
    release: (id) => {
      releases += 1
      const place = heldPlaces.get(id)
      if (place === undefined) return
      heldPlaces.delete(id)
      open(place)
    },
  }
}
