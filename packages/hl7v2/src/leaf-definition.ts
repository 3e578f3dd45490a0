/** What the dictionary says about one leaf of a message. Source: HL7 v2.5.1 chapter 2.5.3. */
import { componentDefinition, type Definition, fieldDefinition } from './dictionary.ts'
import { field as fieldOf } from './field.ts'
import { type Message, raw, type Segment } from './message.ts'
import type { Path } from './path.ts'

export type LeafDefinition = {
  /** Data type of the leaf; '' when unknown. */
  readonly type: string
  readonly fieldName: string
  /** Names of component and subcomponent, `Assigning authority, Namespace ID`. */
  readonly componentName: string
}

export function leafDefinition(
  message: Message,
  segment: Segment,
  field: number,
  place: Path,
): LeafDefinition {
  const definition = fieldDefinition(segment.name, field)
  if (definition === undefined) return { type: '', fieldName: '', componentName: '' }
  const fieldType = definition.type === '*' ? valueType(message, segment) : definition.type
  const steps: (Definition | undefined)[] = []
  let type = fieldType
  // An unsplit field may still be split into subcomponents of its first component.
  if (place.component !== undefined) {
    const component = componentDefinition(type, place.component)
    steps.push(component)
    type = component?.type ?? ''
  }
  if (place.subcomponent !== undefined) {
    const subcomponent = componentDefinition(type, place.subcomponent)
    steps.push(subcomponent)
    type = subcomponent?.type ?? ''
  }
  const names = steps.flatMap((step) => (step === undefined ? [] : [step.name]))
  return { type, fieldName: definition.name, componentName: names.join(', ') }
}

/** OBX-2 names the type of OBX-5. */
function valueType(message: Message, segment: Segment): string {
  const region = fieldOf(message, segment, 2)
  return region === undefined ? '' : raw(message, region)
}
