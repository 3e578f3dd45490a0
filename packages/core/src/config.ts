/**
 * One schema is the validation, the documentation and the lint of a configuration. Unknown keys
 * are refused: a misspelt limit must not silently be no limit.
 */
import { CORE_ERRORS } from './core.errors.ts'

export type Setting<Value> = {
  readonly doc: string
  readonly type: string
  readonly fallback: Value | undefined
  readonly example: string | undefined
  /** Returns the value, or a sentence that says what is expected. */
  readonly read: (raw: unknown) => { readonly value: Value } | { readonly expected: string }
}

export type Schema = Readonly<Record<string, Setting<unknown>>>
export type ConfigOf<S extends Schema> = {
  readonly [Key in keyof S]: S[Key] extends Setting<infer Value> ? Value : never
}

type Common<Value> = {
  readonly doc: string
  readonly fallback?: Value
  readonly example?: string
}

function setting<Value>(
  type: string,
  common: Common<Value>,
  accepts: (raw: unknown) => raw is Value,
): Setting<Value> {
  return {
    doc: common.doc,
    type,
    fallback: common.fallback,
    example: common.example,
    read: (raw) => (accepts(raw) ? { value: raw } : { expected: type }),
  }
}

export const text = (common: Common<string>): Setting<string> =>
  setting('text', common, (raw): raw is string => typeof raw === 'string' && raw !== '')

export const flag = (common: Common<boolean>): Setting<boolean> =>
  setting('true or false', common, (raw): raw is boolean => typeof raw === 'boolean')

export const integer = (
  common: Common<number> & { readonly min: number; readonly max: number },
): Setting<number> =>
  setting(
    `whole number from ${common.min} to ${common.max}`,
    common,
    (raw): raw is number =>
      Number.isInteger(raw) && (raw as number) >= common.min && (raw as number) <= common.max,
  )

export const choice = <const Value extends string>(
  values: readonly Value[],
  common: Common<Value>,
): Setting<Value> =>
  setting(`one of ${values.join(', ')}`, common, (raw): raw is Value =>
    values.includes(raw as Value),
  )

export const textList = (common: Common<readonly string[]>): Setting<readonly string[]> =>
  setting(
    'list of texts',
    common,
    (raw): raw is readonly string[] =>
      Array.isArray(raw) && raw.every((item) => typeof item === 'string'),
  )

/** A setting that may be left out; it is then absent from the result. */
export function optional<Value>(inner: Setting<Value>): Setting<Value | undefined> {
  return {
    ...inner,
    type: `${inner.type}, or left out`,
    read: (raw) => (raw === undefined ? { value: undefined } : inner.read(raw)),
  }
}

/**
 * Reads a raw object against a schema.
 * @throws CORE_CONFIG_INVALID with the place of the first wrong or unknown key.
 */
export function readConfig<const S extends Schema>(
  name: string,
  schema: S,
  raw: Readonly<Record<string, unknown>>,
): ConfigOf<S> {
  for (const key of Object.keys(raw)) {
    if (!Object.hasOwn(schema, key)) {
      throw CORE_ERRORS.error('CORE_CONFIG_INVALID', {
        where: `${name}.${key}: no such setting; known are ${Object.keys(schema).join(', ')}`,
      })
    }
  }
  const entries = Object.entries(schema).flatMap(([key, one]) => {
    const given = raw[key] ?? one.fallback
    const read = one.read(given)
    if ('value' in read) return read.value === undefined ? [] : [[key, read.value] as const]
    const why = given === undefined ? 'missing' : 'wrong'
    throw CORE_ERRORS.error('CORE_CONFIG_INVALID', {
      where: `${name}.${key} is ${why}: expected ${read.expected}`,
    })
  })
  return Object.fromEntries(entries) as ConfigOf<S>
}

/** The schema as a Markdown table: what docs/reference prints. */
export function describeConfig(schema: Schema): string {
  const rows = Object.entries(schema).map(([key, one]) => {
    const fallback = one.fallback === undefined ? '–' : `\`${JSON.stringify(one.fallback)}\``
    const example = one.example === undefined ? '' : ` Example: \`${one.example}\`.`
    return `| \`${key}\` | ${one.type} | ${fallback} | ${one.doc}${example} |`
  })
  return ['| setting | value | default | meaning |', '|---|---|---|---|', ...rows, ''].join('\n')
}
