/** Plain JSON values, compared and read by path. */

export type Json = string | number | boolean | null | readonly Json[] | JsonObject
export type JsonObject = { readonly [key: string]: Json }

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Equal as JSON: the order of object keys does not matter, the order of items does. */
export function sameJson(left: unknown, right: unknown): boolean {
  if (left === right) return true
  if (Array.isArray(left)) {
    return (
      Array.isArray(right) &&
      left.length === right.length &&
      left.every((item, index) => sameJson(item, right[index]))
    )
  }
  if (!isObject(left) || !isObject(right)) return false
  const keys = Object.keys(left)
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => key in right && sameJson(left[key], right[key]))
  )
}

/**
 * The value at a dotted path (`type.coding.0.code`), or undefined. Array positions are numbers.
 */
export function valueAt(value: unknown, path: string): unknown {
  let current = value
  for (const step of path.split('.')) {
    if (Array.isArray(current)) current = current[Number(step)]
    else if (isObject(current)) current = current[step]
    else return undefined
  }
  return current
}

/** A copy of `object` with the value at a dotted path set; `undefined` takes the member away. */
export function withValueAt<T extends object>(object: T, path: string, value: unknown): T {
  const [head, ...rest] = path.split('.') as [string, ...string[]]
  const members = object as Record<string, unknown>
  const inner = members[head]
  const next =
    rest.length === 0 ? value : withValueAt(isObject(inner) ? inner : {}, rest.join('.'), value)
  const { [head]: _old, ...others } = members
  const isGone = next === undefined || (isObject(next) && Object.keys(next).length === 0)
  if (isGone) return others as T
  // An existing member keeps its place, so that an unchanged resource stays byte-identical.
  return (head in members ? { ...members, [head]: next } : { ...others, [head]: next }) as T
}
