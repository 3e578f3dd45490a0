/** A group of settings inside another, with the same strictness: unknown keys are refused. */
import { type ConfigOf, isAlmonerError, readConfig, type Schema, type Setting } from '@almoner/core'

/** A group that may be left out; it is then undefined. */
export function section<const S extends Schema>(
  schema: S,
  common: { readonly doc: string },
): Setting<ConfigOf<S> | undefined> {
  const type = `group of ${Object.keys(schema).join(', ')}, or left out`
  return {
    doc: common.doc,
    type,
    fallback: undefined,
    example: undefined,
    read: (raw) => {
      if (raw === undefined) return { value: undefined }
      if (!isGroup(raw)) return { expected: type }
      try {
        return { value: readConfig('the group', schema, raw) }
      } catch (thrown) {
        if (!isAlmonerError(thrown)) throw thrown
        return { expected: `${type}; but ${thrown.where}` }
      }
    },
  }
}

const isGroup = (raw: unknown): raw is Readonly<Record<string, unknown>> =>
  typeof raw === 'object' && raw !== null && !Array.isArray(raw)
