/** Plain JSON values, compared, read and changed by path. */
import assert from 'node:assert/strict'

export type Json = string | number | boolean | null | readonly Json[] | JsonObject
export type JsonObject = { readonly [key: string]: Json }

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * Equal as JSON: the order of object keys does not matter, the order of items does, and a member
 * that is `undefined` is the same as none, because JSON does not write it.
 */
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
  const keys = writtenKeys(left)
  return (
    keys.length === writtenKeys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && sameJson(left[key], right[key]))
  )
}

const writtenKeys = (object: Readonly<Record<string, unknown>>): readonly string[] =>
  Object.keys(object).filter((key) => object[key] !== undefined)

/** FHIR has no empty value: an empty text, list or object says the same as none at all. */
export function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true
  if (Array.isArray(value)) return value.length === 0
  return isObject(value) && writtenKeys(value).length === 0
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

/**
 * A copy of `object` with the value at a dotted path set. An empty value takes the member away,
 * and with it the objects and lists that it leaves empty. A path that leads through a text or
 * beyond the end of a list is a bug: setting it would destroy what is there.
 */
export function withValueAt<T extends object>(object: T, path: string, value: unknown): T {
  const [head, ...rest] = path.split('.') as [string, ...string[]]
  const inner = (object as Readonly<Record<string, unknown>>)[head]
  const next = rest.length === 0 ? value : withInnerValue(inner, rest, value)
  // Both branches copy the whole shape of `object` and change one member of it.
  return (
    Array.isArray(object) ? withItem(object, head, next) : withMember(object, head, next)
  ) as T
}

function withInnerValue(inner: unknown, rest: readonly string[], value: unknown): unknown {
  if (inner === undefined || inner === null) {
    return isEmpty(value) ? undefined : withValueAt({}, rest.join('.'), value)
  }
  assert(typeof inner === 'object', `the path goes on with ${rest.join('.')} behind a plain value`)
  return withValueAt(inner, rest.join('.'), value)
}

function withMember(object: object, name: string, next: unknown): object {
  const members = object as Readonly<Record<string, unknown>>
  if (isEmpty(next)) {
    const { [name]: _old, ...others } = members
    return others
  }
  // An existing member keeps its place, so that an unchanged resource stays byte-identical.
  return { ...members, [name]: next }
}

function withItem(items: readonly unknown[], step: string, next: unknown): readonly unknown[] {
  const at = Number(step)
  assert(Number.isInteger(at) && at >= 0 && at <= items.length, `no item ${step} in the list`)
  return isEmpty(next)
    ? items.toSpliced(at, 1)
    : [...items.slice(0, at), next, ...items.slice(at + 1)]
}
