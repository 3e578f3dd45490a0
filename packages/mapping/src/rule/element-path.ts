/**
 * Writes a value at a path inside the element that a data type makes: `family`, `given[]` (one
 * more item), `period.start`, `coding[0].code`. Compiled once per row.
 */
import { type Reading, refuse, take } from './reading.ts'

/**
 * Writes `value`, which came from the leaves [from, to), and marks them as taken by `rule`. A place
 * that another part has filled stays as it is, and the leaves are refused.
 */
export type WriteElement = (
  reading: Reading,
  from: number,
  to: number,
  rule: number,
  target: Record<string, unknown>,
  value: unknown,
) => void

type Step = { readonly key: string; readonly kind: 'member' | 'first' | 'append' }

const parseStep = (step: string): Step => {
  if (step.endsWith('[]')) return { key: step.slice(0, -2), kind: 'append' }
  if (step.endsWith('[0]')) return { key: step.slice(0, -3), kind: 'first' }
  return { key: step, kind: 'member' }
}

export function compileElementPath(path: string): WriteElement {
  const steps = path.split('.').map(parseStep)
  const { key, kind } = steps.at(-1)!
  const leading = steps.slice(0, -1)
  return (reading, from, to, rule, target, value) => {
    let holder: object = target
    for (const step of leading) holder = descend(holder, step)
    let member: string | number = key
    if (kind === 'append') {
      holder = append(holder, key, value)
      member = (holder as unknown[]).length - 1
    } else if (!put(holder, key, value)) {
      for (let leaf = from; leaf < to; leaf++) refuse(reading, leaf, rule, FILLED)
      return
    }
    for (let leaf = from; leaf < to; leaf++) take(reading, leaf, rule, holder, member)
  }
}

/** Elements are made here alone, so that their shape is what the paths of the rows say. */
function put(holder: object, member: string, value: unknown): boolean {
  const members = holder as Record<string, unknown>
  const known = members[member]
  if (known !== undefined) return known === value
  members[member] = value
  return true
}

const FILLED = 'another part already gives this element another value'

function descend(holder: object, step: Step): object {
  const members = holder as Record<string, object | undefined>
  if (step.kind === 'member') {
    members[step.key] ??= {}
    return members[step.key]!
  }
  const items = members[step.key]
  if (Array.isArray(items) && step.kind === 'first') return items[0] as object
  const item = {}
  append(holder, step.key, item)
  return item
}

/** The list of the member with one more item; a new list starts with it and takes no more room. */
function append(holder: object, key: string, item: unknown): unknown[] {
  const members = holder as Record<string, unknown[] | undefined>
  const items = members[key]
  if (items === undefined) {
    members[key] = [item]
    return members[key]
  }
  items.push(item)
  return items
}
