/** docs/reference/mapping.md: every rule row, printed from the rules themselves. */

import { MAP_FLAGS } from './flags.ts'
import { compileProfile } from './mapper.ts'
import { TRIGGERS } from './messages/triggers.ts'
import { createRuleBook, type RuleRow, type TableCodes } from './rule/rule-book.ts'
import { ukCore } from './uk/uk-core.ts'

export function printRules(): string {
  const book = createRuleBook()
  compileProfile(ukCore, book)
  const sections = Map.groupBy(book.rows(), ({ id }) => id.slice(0, id.indexOf(':')))
  return [
    '# Mapping: HL7 v2 to FHIR R4 UK Core',
    '',
    'Printed from the rules. A rule without a way back says why.',
    '',
    ...printTriggers(),
    ...[...sections].flatMap(([name, rows]) => printSection(name, rows)),
    ...printTables(book.tables()),
    ...printFlags(),
  ].join('\n')
}

/** Markdown tables cannot hold a bare bar or line break. */
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ')

const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`

const code = (text: string): string => (text === '' ? '' : `\`${text}\``)

function printSection(name: string, rows: readonly RuleRow[]): readonly string[] {
  return [
    `## ${name}`,
    '',
    line(['Rule', 'FHIR', 'Lens or table', 'Fate', 'One way, because', 'Source']),
    line(['---', '---', '---', '---', '---', '---']),
    ...rows.map((row) =>
      line([
        code(row.id),
        code(row.fhir),
        row.lens,
        row.why === undefined ? row.fate : `${row.fate}: ${row.why}`,
        row.oneWay ?? '',
        row.source,
      ]),
    ),
    '',
  ]
}

function printTriggers(): readonly string[] {
  return [
    '## Events',
    '',
    line(['Event', 'Encounter.status', 'Place', 'Why']),
    line(['---', '---', '---', '---']),
    ...TRIGGERS.map(({ event, status, place, why }) => line([event, status, place, why])),
    '',
  ]
}

function printTables(tables: ReadonlyMap<string, TableCodes>): readonly string[] {
  return [...tables].flatMap(([name, codes]) => [
    `## Codes of ${name}`,
    '',
    line(['v2', 'FHIR']),
    line(['---', '---']),
    ...codes.map(([v2, fhir]) => line([code(v2), code(fhir)])),
    '',
  ])
}

function printFlags(): readonly string[] {
  return [
    '## Flags',
    '',
    line(['Flag', 'Meaning']),
    line(['---', '---']),
    ...Object.entries(MAP_FLAGS).map(([name, meaning]) => line([code(name), meaning])),
    '',
  ]
}
