/**
 * The list of all rule rows of a mapper. A row gets its number when its segment is compiled; marks
 * in the ledger are these numbers, and the documentation is printed from the same rows.
 */

import assert from 'node:assert/strict'

/** What happens to a leaf that the row reads and takes. */
export type Fate = 'mapped' | 'ignored' | 'unmapped'

export type RuleRow = {
  /** Stable: `PID[Patient]:PID-3/CX.4`. */
  readonly id: string
  /** `PID-3/CX.4` */
  readonly v2: string
  /** `Patient.identifier.system`; empty when the leaf goes nowhere. */
  readonly fhir: string
  readonly fate: Fate
  /** Name of the lens or table that turns one into the other. */
  readonly lens: string
  /** The IG row, UK specification or table that the row follows. */
  readonly source: string
  /** Why the way back is not the mirror of this row. */
  readonly oneWay: string | undefined
  /** Why the leaf is ignored or not mapped. */
  readonly why: string | undefined
}

export type RuleBook = {
  /** Adds a row and gives its number, from 1. */
  readonly add: (row: RuleRow) => number
  readonly row: (number: number) => RuleRow
  readonly rows: () => readonly RuleRow[]
  /** The codes of a table, by the name that rows have as their lens. */
  readonly addTable: (name: string, codes: TableCodes) => void
  readonly tables: () => ReadonlyMap<string, TableCodes>
}

/** v2 code, and what stands for it in FHIR. */
export type TableCodes = readonly (readonly [v2: string, fhir: string])[]

export function createRuleBook(): RuleBook {
  const rows: RuleRow[] = []
  const numbers = new Map<string, number>()
  const tables = new Map<string, TableCodes>()
  return {
    add(row) {
      const known = numbers.get(row.id)
      if (known !== undefined) {
        // Two tables may use one row, but never two rows one name.
        assert.deepEqual(rows[known - 1], row)
        return known
      }
      rows.push(row)
      numbers.set(row.id, rows.length)
      return rows.length
    },
    row: (number) => rows[number - 1]!,
    rows: () => rows,
    addTable: (name, codes) => void tables.set(name, codes),
    tables: () => tables,
  }
}

/** Where the rows of one segment rule are written: it knows the first half of every id. */
export type RuleSite = {
  /** `PID` */
  readonly segment: string
  /** `Patient` */
  readonly target: string
  readonly source: string
  readonly add: (row: SiteRow) => number
}

export type SiteRow = {
  readonly v2: string
  readonly fhir?: string | undefined
  readonly fate?: Fate | undefined
  readonly lens?: string | undefined
  readonly codes?: TableCodes | undefined
  readonly source?: string | undefined
  readonly oneWay?: string | undefined
  readonly why?: string | undefined
}

export function ruleSite(
  book: RuleBook,
  segment: string,
  target: string,
  source: string,
): RuleSite {
  return {
    segment,
    target,
    source,
    add: (row) => {
      if (row.lens !== undefined && row.codes !== undefined) book.addTable(row.lens, row.codes)
      return book.add({
        id: `${segment}[${target}]:${row.v2}`,
        v2: row.v2,
        fhir: row.fhir === undefined || row.fhir === '' ? '' : `${target}.${row.fhir}`,
        fate: row.fate ?? 'mapped',
        lens: row.lens ?? '',
        source: row.source ?? source,
        oneWay: row.oneWay,
        why: row.why,
      })
    },
  }
}
