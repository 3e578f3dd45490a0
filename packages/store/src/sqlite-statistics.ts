/**
 * What SQLite's planner believes of the tables. Without figures it takes each leading column for
 * selective, but the first of every key here is the tenant, which all rows share: it would read a
 * whole journal to find one patient's messages. So it is told what a busy site looks like, once
 * and for good, and its plans never change with the data.
 * Source: sqlite.org/queryplanner-ng.html (section 5.2), sqlite.org/fileformat2.html#stat1tab.
 */
import type { DatabaseSync } from 'node:sqlite'

/**
 * Table, index (that of a table without rowid has its name) and: how many rows there are, then how
 * many of them are alike in the first column, in the first two, and so on.
 */
const STATISTICS: readonly (readonly [table: string, index: string | null, figures: string])[] = [
  ['access', 'access_secret', '1000 1000 400 1'],
  ['access', 'sqlite_autoindex_access_1', '1000 1000 1'],
  ['audit', 'audit', '5000000 5000000 1'],
  ['audit', 'audit_subject', '5000000 5000000 5 1'],
  ['journal', 'journal_control', '1000000 1000000 2 2 2 1'],
  ['journal', 'journal_id', '1000000 1000000 1'],
  ['journal', 'journal_unfinished', '1000 1000 400 1'],
  ['journal_envelope', null, '1000000'],
  ['message_patient', 'message_patient', '3000000 3000000 20 1'],
  ['outbox', 'outbox_failed', '100 100 50 1'],
  ['outbox', 'outbox_id', '2000000 2000000 1'],
  ['outbox', 'outbox_message', '2000000 2000000 2'],
  ['outbox', 'outbox_unfinished', '1000 1000 200 1'],
  ['outbox_payload', null, '1000000'],
  ['resource', 'resource_id', '2000000 2000000 200000 1'],
  ['resource_history', 'sqlite_autoindex_resource_history_1', '6000000 3 1'],
  ['resource_reference', 'resource_reference', '1500000 1500000 300000 15 1'],
  ['resource_token', 'resource_token', '5000000 5000000 500000 2 1'],
]

/** Takes effect on connections that are opened later. */
export function writeStatistics(database: DatabaseSync): void {
  // Makes the table of figures, empty as the tables are.
  database.exec('analyze')
  database.exec('delete from sqlite_stat1')
  const insert = database.prepare('insert into sqlite_stat1 (tbl, idx, stat) values (?, ?, ?)')
  for (const row of STATISTICS) insert.run(...row)
}
