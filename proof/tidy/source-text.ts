/**
 * Reads TypeScript source just far enough for the tidy rules: what is code, and what it imports.
 * Comments and the insides of texts and regular expressions are blanked with spaces, so that an
 * offset in the code is the offset in the source.
 */

export type Import = {
  readonly specifier: string
  /** `type`: erased when the file runs. `path`: a text that names a module (a worker, an asset). */
  readonly kind: 'value' | 'type' | 'path'
  readonly offset: number
}

type Piece = { readonly end: number; readonly kept: string }

/** The source with everything blanked that is not code. Line ends stay where they are. */
export function codeOf(source: string): string {
  let code = ''
  let at = 0
  // One entry for each template whose `${` is open: how many braces are open inside it.
  const openBraces: number[] = []
  while (at < source.length) {
    const closesTemplate = source[at] === '}' && openBraces.at(-1) === 0
    if (closesTemplate) openBraces.pop()
    else countBrace(source[at]!, openBraces)
    const piece = closesTemplate ? templatePart(source, at) : pieceAt(source, at, code)
    if (piece.kept.endsWith('${')) openBraces.push(0)
    code += piece.kept
    at = piece.end
  }
  return code
}

function countBrace(character: string, openBraces: number[]): void {
  const last = openBraces.length - 1
  if (last === -1) return
  if (character === '{') openBraces[last]! += 1
  if (character === '}') openBraces[last]! -= 1
}

function pieceAt(source: string, at: number, before: string): Piece {
  const two = source.slice(at, at + 2)
  if (two === '//') return blanked(source, at, endOf(source, '\n', at), 0)
  if (two === '/*') return blanked(source, at, endOf(source, '*/', at + 2) + 2, 0)
  const one = source[at]!
  if (one === "'" || one === '"') return blanked(source, at, closing(source, at, one), 1)
  if (one === '`') return templatePart(source, at)
  if (one === '/' && startsRegex(before)) return blanked(source, at, regexEnd(source, at), 1)
  return { end: at + 1, kept: one }
}

/** From a back quote, or from the brace that ends `${…}`, to the next `${` or the end. */
function templatePart(source: string, at: number): Piece {
  let end = at + 1
  while (end < source.length && source[end] !== '`') {
    if (source.startsWith('${', end)) {
      const inner = blanked(source, at, end, 0).kept.slice(1)
      return { end: end + 2, kept: `${source[at]}${inner}\${` }
    }
    end += source[end] === '\\' ? 2 : 1
  }
  return blanked(source, at, Math.min(end + 1, source.length), 1)
}

/** Blanks a stretch but for `edge` characters at both ends. */
function blanked(source: string, start: number, end: number, edge: number): Piece {
  const inner = source.slice(start + edge, end - edge).replace(/[^\n]/g, ' ')
  return { end, kept: source.slice(start, start + edge) + inner + source.slice(end - edge, end) }
}

function endOf(source: string, mark: string, from: number): number {
  const at = source.indexOf(mark, from)
  return at === -1 ? source.length : at
}

function closing(source: string, at: number, quote: string): number {
  let end = at + 1
  while (end < source.length && source[end] !== quote) end += source[end] === '\\' ? 2 : 1
  return Math.min(end + 1, source.length)
}

function regexEnd(source: string, at: number): number {
  let isInClass = false
  let end = at + 1
  for (; end < source.length && source[end] !== '\n'; end++) {
    if (source[end] === '\\') end += 1
    else if (source[end] === '[') isInClass = true
    else if (source[end] === ']') isInClass = false
    else if (source[end] === '/' && !isInClass) break
  }
  return Math.min(end + 1, source.length)
}

/** A slash divides after a value; after anything else it starts a regular expression. */
function startsRegex(before: string): boolean {
  const trimmed = before.trimEnd()
  if (/\b(?:return|typeof|case|in|of|await|yield)$/.test(trimmed)) return true
  return trimmed === '' || !/[\w$)\]}'"`]$/.test(trimmed)
}

const CLAUSE = String.raw`(?:\*(?:\s+as\s+[\w$]+)?|[\w$]+(?:\s*,\s*(?:\{[^}]*\}|\*\s+as\s+[\w$]+))?|\{[^}]*\})`
const STATIC = new RegExp(
  String.raw`(?<![\w$.])(?:import|export)\s+(type\s+(?!from\b))?(?:${CLAUSE}\s*from\s*)?(?=['"])`,
  'g',
)
const DYNAMIC = /(?<![\w$.])(typeof\s+)?import\s*\(\s*(?=['"])/g
const TEXT = /(['"]) *\1/g

/** All modules that a source names, in order. */
export function importsOf(source: string): readonly Import[] {
  const code = codeOf(source)
  const found = [...code.matchAll(STATIC), ...code.matchAll(DYNAMIC)].map((match): Import => {
    const offset = match.index + match[0].length
    const kind = match[1] === undefined ? 'value' : 'type'
    return { specifier: textAt(source, offset), kind, offset }
  })
  const known = new Set(found.map(({ offset }) => offset))
  const paths = [...code.matchAll(TEXT)]
    .filter((match) => !known.has(match.index))
    .map((match): Import => {
      const specifier = source.slice(match.index + 1, match.index + match[0].length - 1)
      return { specifier, kind: 'path', offset: match.index }
    })
  return [...found, ...paths].toSorted((left, right) => left.offset - right.offset)
}

const textAt = (source: string, offset: number): string =>
  source.slice(offset + 1, closing(source, offset, source[offset]!) - 1)
