/** Which file imports which, and the knots in it. */
import { dirname, join } from 'node:path/posix'
import { type RepositoryFile, roomOf } from './repository.ts'
import { type Import, importsOf } from './source-text.ts'

export type Link = {
  readonly from: string
  readonly kind: Import['kind']
  readonly specifier: string
  /** Path of the file of this repository that it means, or undefined for a package. */
  readonly to: string | undefined
}

/** Every import of every file. The public door of a room stands for the room. */
export function linksOf(files: readonly RepositoryFile[]): readonly Link[] {
  const paths = new Set(files.map(({ path }) => path))
  return files.flatMap(({ path, text }) =>
    importsOf(text).map(({ kind, specifier }) => {
      const to = targetOf(path, specifier)
      return { from: path, kind, specifier, to: to !== undefined && paths.has(to) ? to : undefined }
    }),
  )
}

function targetOf(path: string, specifier: string): string | undefined {
  if (specifier.startsWith('.')) return join(dirname(path), specifier)
  const room = /^@almoner\/([^/]+)$/.exec(specifier)?.[1]
  // A path that is named from the root of the repository, as scripts and tests do.
  return room === undefined ? specifier : `packages/${room}/src/index.ts`
}

/** `npm:scope/name/deep` is of the package `scope/name`; undefined for files and Node itself. */
export function packageOf(specifier: string): string | undefined {
  if (/^(?:\.|\/|node:)/.test(specifier)) return undefined
  return /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0]
}

/** Everything that can be reached from `starts`, themselves included. */
export function reachable(
  starts: readonly string[],
  next: (path: string) => readonly string[],
): ReadonlySet<string> {
  const seen = new Set<string>()
  const waiting = [...starts]
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (seen.has(path)) continue
    seen.add(path)
    waiting.push(...next(path))
  }
  return seen
}

/** One shortest round trip for each knot, written `a → b → a`. */
export function cyclesOf(links: readonly { readonly from: string; readonly to: string }[]) {
  const next = neighbours(links)
  const found = new Map<string, string>()
  for (const start of next.keys()) {
    const path = roundTrip(start, next)
    if (path === undefined) continue
    const knot = path.toSorted().join(' ')
    if (!found.has(knot)) found.set(knot, [...path, start].join(' → '))
  }
  return [...found.values()].toSorted()
}

export function neighbours(
  links: readonly { readonly from: string; readonly to: string }[],
): ReadonlyMap<string, readonly string[]> {
  const grouped = Map.groupBy(links, ({ from }) => from)
  return new Map([...grouped].map(([from, some]) => [from, [...new Set(some.map(({ to }) => to))]]))
}

/** The files of a shortest way from `start` back to it, `start` first. Breadth first. */
function roundTrip(
  start: string,
  next: ReadonlyMap<string, readonly string[]>,
): readonly string[] | undefined {
  const cameFrom = new Map<string, string>()
  const waiting = [start]
  for (const at of waiting) {
    for (const to of next.get(at) ?? []) {
      if (to === start) return wayTo(at, start, cameFrom)
      if (cameFrom.has(to)) continue
      cameFrom.set(to, at)
      waiting.push(to)
    }
  }
  return undefined
}

function wayTo(end: string, start: string, cameFrom: ReadonlyMap<string, string>) {
  const way = [end]
  for (let at = end; at !== start; at = cameFrom.get(at)!) way.push(cameFrom.get(at)!)
  return way.reverse()
}

/** Links between rooms, for the same questions one floor up. */
export const roomLinks = (
  links: readonly { readonly from: string; readonly to: string }[],
): readonly { readonly from: string; readonly to: string }[] =>
  links
    .map(({ from, to }) => ({ from: roomOf(from) ?? '', to: roomOf(to) ?? '' }))
    .filter(({ from, to }) => from !== '' && to !== '' && from !== to)
