/**
 * All populated leaves of one message as flat arrays, made by a single scan. Rules read leaves by
 * position, the ledger marks them by position, and nothing is parsed twice.
 */
import { forEachLeaf, type Message, type Segment } from '@almoner/hl7v2'

/** Fields above this have no rule in any segment; their leaves stay unmapped. */
const FIELD_BITS = 6
export const FIELDS_PER_SEGMENT = 1 << FIELD_BITS

/** Scratch that holds more than this is given back after the message. */
const KEPT_LEAVES_MAX = 1 << 16

export type Leaves = {
  count: number
  starts: Int32Array
  ends: Int32Array
  /** Index of the segment in `message.segments`. */
  segments: Int32Array
  fields: Int32Array
  repetitions: Int32Array
  components: Int32Array
  subcomponents: Int32Array
  /** First leaf of a field, and the one after its last (0: the field has none); see `slotOf`. */
  fieldFrom: Int32Array
  fieldTo: Int32Array
  /** First leaf of a segment, and the one after its last. */
  segmentFrom: Int32Array
  segmentTo: Int32Array
}

/** Place of field `n` of a segment in `fieldFrom` and `fieldTo`. */
export const slotOf = (segment: number, n: number): number => (segment << FIELD_BITS) + n

const emptyLeaves = (): Leaves => ({
  count: 0,
  starts: new Int32Array(0),
  ends: new Int32Array(0),
  segments: new Int32Array(0),
  fields: new Int32Array(0),
  repetitions: new Int32Array(0),
  components: new Int32Array(0),
  subcomponents: new Int32Array(0),
  fieldFrom: new Int32Array(0),
  fieldTo: new Int32Array(0),
  segmentFrom: new Int32Array(0),
  segmentTo: new Int32Array(0),
})

const PER_LEAF = [
  'starts',
  'ends',
  'segments',
  'fields',
  'repetitions',
  'components',
  'subcomponents',
] as const

/**
 * A scanner with its own scratch: the arrays are used again for the next message, so that what it
 * returns is good only until then.
 */
export function createLeafScanner(): (message: Message) => Leaves {
  let leaves = emptyLeaves()

  const visit = (
    start: number,
    end: number,
    segment: Segment,
    field: number,
    repetition: number,
    component: number,
    subcomponent: number,
  ): void => {
    const at = leaves.count++
    if (at === leaves.starts.length) growLeaves(leaves)
    const { index } = segment
    leaves.starts[at] = start
    leaves.ends[at] = end
    leaves.segments[at] = index
    leaves.fields[at] = field
    leaves.repetitions[at] = repetition
    leaves.components[at] = component
    leaves.subcomponents[at] = subcomponent
    if (leaves.segmentTo[index] === 0) leaves.segmentFrom[index] = at
    leaves.segmentTo[index] = at + 1
    if (field >= FIELDS_PER_SEGMENT) return
    const slot = slotOf(index, field)
    if (leaves.fieldTo[slot] === 0) leaves.fieldFrom[slot] = at
    leaves.fieldTo[slot] = at + 1
  }

  return (message) => {
    if (leaves.starts.length > KEPT_LEAVES_MAX) leaves = emptyLeaves()
    leaves.count = 0
    clearSegments(leaves, message.segments.length)
    forEachLeaf(message, visit)
    return leaves
  }
}

function growLeaves(leaves: Leaves): void {
  const size = Math.max(256, leaves.starts.length * 2)
  for (const name of PER_LEAF) {
    const wider = new Int32Array(size)
    wider.set(leaves[name])
    leaves[name] = wider
  }
}

function clearSegments(leaves: Leaves, segmentCount: number): void {
  if (leaves.segmentTo.length < segmentCount) {
    const size = Math.max(32, segmentCount * 2)
    leaves.segmentFrom = new Int32Array(size)
    leaves.segmentTo = new Int32Array(size)
    leaves.fieldFrom = new Int32Array(slotOf(size, 0))
    leaves.fieldTo = new Int32Array(slotOf(size, 0))
    return
  }
  leaves.segmentTo.fill(0, 0, segmentCount)
  leaves.fieldTo.fill(0, 0, slotOf(segmentCount, 0))
}
