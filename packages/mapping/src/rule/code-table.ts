/**
 * Tables of codes as data. A row says which FHIR code stands for a v2 code; a code without a row
 * is refused, never guessed. Where several v2 codes share a FHIR code, the first row of that code
 * is the way back.
 */
import type { Coding } from '@almoner/fhir'
import { type Lens, token } from './lens.ts'

/** v2 code, FHIR code. */
export type CodeRow = readonly [v2: string, fhir: string]

export type CodeTable = {
  /** `table 0001 (UK)` */
  readonly name: string
  readonly source: string
  readonly rows: readonly CodeRow[]
}

/** The table with rows of another laid over it: same v2 code replaces, others join. */
export function overlayTable(base: CodeTable, over: CodeTable): CodeTable {
  const replaced = new Set(over.rows.map(([v2]) => v2))
  return {
    name: over.name,
    source: `${over.source}; ${base.source}`,
    rows: [...over.rows, ...base.rows.filter(([v2]) => !replaced.has(v2))],
  }
}

const isManyToOne = (rows: readonly CodeRow[]): boolean =>
  new Set(rows.map(([, fhir]) => fhir)).size < rows.length

export function codeLens(table: CodeTable): Lens {
  const forth = new Map(table.rows)
  const back = new Map(table.rows.toReversed().map(([v2, fhir]) => [fhir, v2]))
  return {
    name: table.name,
    codes: table.rows,
    get: (text) => forth.get(text),
    put: (value) => (typeof value === 'string' ? back.get(value) : undefined),
    refuses: `a code that is not in ${table.name}`,
    ...(isManyToOne(table.rows)
      ? { oneWay: 'Several v2 codes share a FHIR code; the first row of the table is sent back.' }
      : {}),
  }
}

/** v2 code, and the codings that say it: the one of the FHIR binding first. */
export type ConceptRow = readonly [v2: string, codings: readonly Coding[]]

export type ConceptTable = {
  readonly name: string
  readonly source: string
  readonly concepts: ReadonlyMap<string, readonly Coding[]>
}

export const conceptTable = (
  name: string,
  source: string,
  rows: readonly ConceptRow[],
): ConceptTable => ({ name, source, concepts: new Map(rows) })

/** The lens of a code whose table the data type itself looks up. */
export const conceptLens = ({ name, concepts }: ConceptTable): Lens => ({
  ...token,
  name,
  codes: [...concepts].map(([v2, codings]) => [v2, codings.map(shown).join(', ')] as const),
})

const shown = ({ system, code }: Coding): string => `${code} (${system?.split(/[/:]/).at(-1)})`

/** A table whose codes stand unchanged in one FHIR code system. */
export const sameCodes = (
  system: string,
  codes: readonly (readonly [code: string, display: string])[],
): readonly ConceptRow[] =>
  codes.map(([code, display]) => [code, [{ system, code, display }]] as const)

/** Rows of one table laid over another, by v2 code. */
export const overlayConcepts = (base: ConceptTable, over: ConceptTable): ConceptTable => ({
  name: over.name,
  source: `${over.source}; ${base.source}`,
  concepts: new Map([...base.concepts, ...over.concepts]),
})
