/** A message for people: every leaf with its name and its text. */
import { decode, decodeFormatted } from './decode.ts'
import { segmentTitle } from './dictionary.ts'
import { forEachLeaf } from './leaf.ts'
import { leafDefinition } from './leaf-definition.ts'
import { leafPlace } from './leaf-place.ts'
import { type Message, raw } from './message.ts'
import { formatPath } from './path.ts'
import { pathName } from './segment-name.ts'

/** Names are '' where the dictionary has none (Z segments, fields of later versions). */
export type ExplainedLeaf = {
  readonly path: string
  readonly segmentTitle: string
  readonly name: string
  readonly componentName: string
  readonly raw: string
  /** Escapes decoded; formatting carried out in text types. */
  readonly text: string
}

/** The types that may hold formatting commands. Source: HL7 v2.5.1 chapter 2.7.6. */
const FORMATTED_TYPES: ReadonlySet<string> = new Set(['FT', 'TX'])

export function explain(message: Message): readonly ExplainedLeaf[] {
  const leaves: ExplainedLeaf[] = []
  forEachLeaf(message, (start, end, segment, field, repetition, component, subcomponent) => {
    const region = { start, end }
    const place = leafPlace(message, segment, field, repetition, component, subcomponent)
    const { type, fieldName, componentName } = leafDefinition(message, segment, field, place)
    leaves.push({
      path: formatPath(place),
      segmentTitle: segmentTitle(pathName(segment)),
      name: fieldName,
      componentName,
      raw: raw(message, region),
      text: FORMATTED_TYPES.has(type) ? decodeFormatted(message, region) : decode(message, region),
    })
  })
  return leaves
}
