/** Finds and reads one place of a message by its path. */
import { decode } from './decode.ts'
import { field } from './field.ts'
import type { Message, Region, Segment } from './message.ts'
import { type Path, parsePath } from './path.ts'
import { component, repetition, subcomponent } from './piece.ts'
import { isNameContent, UNNAMED } from './segment-name.ts'

/**
 * The region at a path: undefined when it is absent, of length 0 when it is empty.
 * Without a component the path means one whole repetition of the field.
 * @throws HL7_BAD_PATH
 */
export function find(message: Message, path: string | Path): Region | undefined {
  const wanted = typeof path === 'string' ? parsePath(path) : path
  const segment = findSegment(message, wanted.segment, wanted.occurrence)
  if (segment === undefined) return undefined
  const whole = field(message, segment, wanted.field)
  if (whole === undefined) return undefined
  const one = repetition(message, whole, wanted.repetition)
  if (one === undefined || wanted.component === undefined) return one
  const part = component(message, one, wanted.component)
  if (part === undefined || wanted.subcomponent === undefined) return part
  return subcomponent(message, part, wanted.subcomponent)
}

/**
 * The decoded text at a path: undefined when absent, '' when empty, '""' when null.
 * @throws HL7_BAD_PATH
 */
export function get(message: Message, path: string | Path): string | undefined {
  const region = find(message, path)
  return region === undefined ? undefined : decode(message, region)
}

/** The n-th segment of a name, counted from 1. `???` is any line without a segment name. */
export function findSegment(
  message: Message,
  name: string,
  occurrence: number,
): Segment | undefined {
  let left = occurrence
  for (const segment of message.segments) {
    const isNamed =
      name === UNNAMED ? isNameContent(segment) : segment.name === name && !isNameContent(segment)
    if (isNamed && --left === 0) return segment
  }
  return undefined
}
