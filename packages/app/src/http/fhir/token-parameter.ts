/**
 * Token search values and the escapes of search strings. Source: FHIR R4 search.html sections
 * 3.1.1.4.10 (token) and 3.1.1.3.1 (escaping: `\,` `\|` `\$` `\\`).
 */

export type Token = {
  /** Undefined: any system. Empty: only identifiers without one (`|value`). */
  readonly system: string | undefined
  readonly value: string
}

/** Splits at a separator that no backslash protects; the escapes stay. */
export function splitUnescaped(text: string, separator: string): readonly string[] {
  const parts: string[] = []
  let start = 0
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '\\') at++
    else if (text[at] === separator) {
      parts.push(text.slice(start, at))
      start = at + 1
    }
  }
  parts.push(text.slice(start))
  return parts
}

export const unescapeValue = (text: string): string => text.replace(/\\([\\,|$])/g, '$1')

/** `system|value`, `|value` or `value`; undefined when it names no value. */
export function parseToken(text: string): Token | undefined {
  const parts = splitUnescaped(text, '|').map(unescapeValue)
  const [first, second, ...rest] = parts
  if (rest.length > 0 || first === undefined) return undefined
  const token =
    second === undefined ? { system: undefined, value: first } : { system: first, value: second }
  return token.value === '' ? undefined : token
}
