/**
 * The ceiling: the least that durability costs on this machine. Rows of the model's size into
 * SQLite with the engine's own settings and an fsync per commit, and nothing else.
 */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Clock } from '@almoner/core'

/** Rows per second when each commit takes `groupSize` rows. */
export function bareJournal(clock: Clock, rowBytes: number, groupSize: number): number {
  const folder = mkdtempSync(join(tmpdir(), 'almoner-bench-'))
  const database = new DatabaseSync(join(folder, 'journal.db'))
  try {
    database.exec('pragma journal_mode = wal; pragma synchronous = full')
    database.exec('create table journal (seq integer primary key, body blob not null)')
    const insert = database.prepare('insert into journal (body) values (?)')
    const body = Buffer.alloc(rowBytes, 'x')
    const startMs = clock.monotonicMs()
    let rows = 0
    while (clock.monotonicMs() - startMs < 1_000) {
      database.exec('begin immediate')
      for (let i = 0; i < groupSize; i += 1) insert.run(body)
      database.exec('commit')
      rows += groupSize
    }
    return (rows * 1_000) / (clock.monotonicMs() - startMs)
  } finally {
    database.close()
    rmSync(folder, { recursive: true, force: true })
  }
}
