/**
 * Where a leaf stands, as a path for people. Leaves are asked for in the order of the text, so
 * that a cursor per message makes the paths of all leaves together take linear time, however many
 * repetitions a field has.
 */
import { COMPONENT, delimiterLevels, FIELD, REPETITION } from './delimiter-levels.ts'
import { field as fieldOf } from './field.ts'
import type { Message, Segment } from './message.ts'
import { formatPath, type Path } from './path.ts'
import { isNameContent, pathName } from './segment-name.ts'

/**
 * The path of a leaf in its shortest form: `PID-8`, `PID-5.1`, `PID-3[2].4.2`, `OBX[3]-5`. It
 * never holds a value: a line without a segment name is called `???`.
 */
export const formatLeaf = (
  message: Message,
  segment: Segment,
  field: number,
  repetition: number,
  component: number,
  subcomponent: number,
): string => formatPath(leafPlace(message, segment, field, repetition, component, subcomponent))

/** The path of a leaf: component and subcomponent are undefined where nothing is split. */
export function leafPlace(
  message: Message,
  segment: Segment,
  field: number,
  repetition: number,
  component: number,
  subcomponent: number,
): Path {
  const walk = walkOf(message)
  moveTo(message, walk, segment, { field, repetition, component })
  const isComponentSplit = walk.isSplit
  const isFieldSplit = component > 1 || walk.endLevel === COMPONENT
  return {
    segment: pathName(segment),
    occurrence: walk.occurrences[segment.index] ?? 1,
    field,
    repetition,
    component: isFieldSplit || isComponentSplit ? component : undefined,
    subcomponent: isComponentSplit ? subcomponent : undefined,
  }
}

type Place = { readonly field: number; readonly repetition: number; readonly component: number }

/** Stands on one component of one segment. */
type Walk = {
  readonly occurrences: Uint32Array
  readonly levels: Uint8Array
  segment: Segment | undefined
  field: number
  repetition: number
  component: number
  /** End of the component, and the level of the delimiter there; 0 at the end of the segment. */
  end: number
  endLevel: number
  /** The component has subcomponents. */
  isSplit: boolean
}

/** Memo of pure answers: where the last question was answered, and the occurrence of segments. */
const walks = new WeakMap<Message, Walk>()

function walkOf(message: Message): Walk {
  const known = walks.get(message)
  if (known !== undefined) return known
  const walk: Walk = {
    occurrences: countOccurrences(message),
    levels: delimiterLevels(message.delimiters),
    segment: undefined,
    field: 0,
    repetition: 1,
    component: 1,
    end: 0,
    endLevel: 0,
    isSplit: false,
  }
  walks.set(message, walk)
  return walk
}

/** Which of the segments with its name each segment is, counted from 1. */
function countOccurrences(message: Message): Uint32Array {
  const counts = new Map<string, number>()
  return Uint32Array.from(message.segments, (segment) => {
    const name = pathName(segment)
    const count = (counts.get(name) ?? 0) + 1
    counts.set(name, count)
    return count
  })
}

/** Moves on to the component at a place, or to the first one behind it. */
function moveTo(message: Message, walk: Walk, segment: Segment, place: Place): void {
  if (walk.segment !== segment || isBehind(walk, place)) startSegment(message, walk, segment)
  while (walk.endLevel !== 0 && isBehind(place, walk)) {
    if (walk.endLevel === COMPONENT) walk.component++
    else {
      walk.component = 1
      if (walk.endLevel === REPETITION) walk.repetition++
      else {
        walk.repetition = 1
        walk.field++
      }
    }
    readComponent(message, walk, segment, walk.end + 1)
  }
}

/** Whether one place comes after the other in the text. */
function isBehind(one: Place, other: Place): boolean {
  if (one.field !== other.field) return one.field > other.field
  if (one.repetition !== other.repetition) return one.repetition > other.repetition
  return one.component > other.component
}

function startSegment(message: Message, walk: Walk, segment: Segment): void {
  const nameEnd = segment.start + segment.name.length
  const isHeader = segment.index === 0
  walk.segment = segment
  walk.field = isHeader ? 2 : 0
  walk.repetition = 1
  walk.component = 1
  if (isHeader) {
    // MSH-1 and MSH-2 are never split: the walk starts at the separator behind them.
    walk.end = fieldOf(message, segment, 2)!.end
    walk.endLevel = walk.end < segment.end ? FIELD : 0
    walk.isSplit = false
    return
  }
  readComponent(message, walk, segment, isNameContent(segment) ? segment.start : nameEnd)
}

/** Finds the end of the component that starts at a position. */
function readComponent(message: Message, walk: Walk, segment: Segment, start: number): void {
  const { text } = message
  const { levels } = walk
  walk.isSplit = false
  for (let at = start; at < segment.end; at++) {
    const level = levels[text.charCodeAt(at)] ?? 0
    if (level >= COMPONENT) {
      walk.end = at
      walk.endLevel = level
      return
    }
    if (level !== 0) walk.isSplit = true
  }
  walk.end = segment.end
  walk.endLevel = 0
}
