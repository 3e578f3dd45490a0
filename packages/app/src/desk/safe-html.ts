/**
 * HTML made in code, for the two sides of a message, where a template would be too slow and would
 * spoil white space. Everything that is not markup goes through `escapeHtml`.
 */

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text as HTML, safe between tags and inside quoted attributes. */
export const escapeHtml = (text: string): string =>
  visible(text).replace(/[&<>"']/g, (char) => ENTITIES[char]!)

/**
 * Control characters as their pictures, direction overrides as their numbers: what a message
 * holds must not change how the page around it reads.
 */
export const visible = (text: string): string =>
  text
    .replace(/[\x00-\x08\x0b-\x1f]/g, (char) => String.fromCharCode(0x2400 + char.charCodeAt(0)))
    .replace(/\x7f/g, '\u2421')
    .replace(
      /[\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/g,
      (char) => `\u27e8U+${char.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}\u27e9`,
    )

/** The start of a long text, and how many characters were left out. */
export function shorten(text: string, charsMax: number): { text: string; leftOutCount: number } {
  if (text.length <= charsMax) return { text, leftOutCount: 0 }
  // Never half of a surrogate pair.
  const end = /[\ud800-\udbff]/.test(text[charsMax - 1]!) ? charsMax - 1 : charsMax
  return { text: text.slice(0, end), leftOutCount: text.length - end }
}
