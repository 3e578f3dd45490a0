/** The parts of a Markdown page that tidy checks: code, links, headings and tables. */
import type { RepositoryFile } from './repository.ts'

export type CodeBlock = {
  readonly path: string
  /** 1-based line of the first line of code. */
  readonly line: number
  readonly code: string
}

const FENCE = /^```([a-z]*)[^\n]*\n([\s\S]*?)^```/gm

export const codeBlocks = (
  { path, text }: RepositoryFile,
  language: string,
): readonly CodeBlock[] =>
  [...text.matchAll(FENCE)]
    .filter((match) => match[1] === language)
    .map((match) => ({
      path,
      line: text.slice(0, match.index).split('\n').length + 1,
      code: match[2]!,
    }))

/** The page without code, so that an example is not taken for a link. */
const proseOf = (text: string): string =>
  text
    .replace(FENCE, '')
    .replace(/`[^`\n]*`/g, '')
    .replace(/<!--[\s\S]*?-->/g, '')

/** Targets of links and images that lead to a file or a heading of this repository. */
export function relativeLinks({ text }: RepositoryFile): readonly string[] {
  return [...proseOf(text).matchAll(/\]\(<?([^)\s>]+)>?(?:\s+"[^"]*")?\)/g)]
    .map((match) => match[1]!)
    .filter((target) => !/^[a-z][a-z+.-]*:/i.test(target))
}

/** The anchors that headings get: lower case, spaces as hyphens, no other marks. */
export function anchorsOf({ text }: RepositoryFile): ReadonlySet<string> {
  const headings = [...text.replace(FENCE, '').matchAll(/^#{1,6} +(.+?) *#*$/gm)]
  const slugs = headings.map((match) =>
    match[1]!
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )
  // A repeated heading is numbered from its second time on.
  return new Set(slugs.map((slug, index) => numbered(slug, slugs.slice(0, index))))
}

function numbered(slug: string, before: readonly string[]): string {
  const count = before.filter((other) => other === slug).length
  return count === 0 ? slug : `${slug}-${count}`
}

/** The cells of each row of the tables in a page, heading rows left out. */
export function tableRows({ text }: RepositoryFile): readonly (readonly string[])[] {
  const lines = text.split('\n')
  const isRule = (line: string | undefined): boolean => /^\|(?: *:?-+:? *\|)+$/.test(line ?? '')
  return lines
    .filter((line, index) => line.startsWith('|') && !isRule(line) && !isRule(lines[index + 1]))
    .map((line) =>
      line
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )
}
