/**
 * Runs units of work in groups: one transaction and one fsync for all that waited meanwhile. A
 * unit that fails never spoils its neighbours: the group is rolled back and each runs alone.
 */

import type { DatabaseSync } from 'node:sqlite'
import { isAlmonerError } from '@almoner/core'
import { COMMANDS, type CommandName } from './commands/all.ts'
import { sqliteFailure } from './sqlite-failure.ts'
import { openGroup, type Unit } from './unit.ts'

export type Work = { readonly name: CommandName; readonly args: unknown }
export type Done = { readonly value: unknown } | { readonly error: unknown }

export type GroupCommit = (group: readonly Work[]) => Promise<readonly Done[]>

export function createGroupCommit(
  database: DatabaseSync,
  parts: Pick<Unit, 'session' | 'vault' | 'tenant' | 'cache'>,
): GroupCommit {
  const runTogether = async (group: readonly Work[]): Promise<readonly Done[]> => {
    database.exec('begin immediate')
    try {
      const unit = openGroup(parts)
      const done: Done[] = []
      for (const { name, args } of group) {
        // The caller's `write` ties the name to its argument type.
        const command = COMMANDS[name] as (unit: Unit, args: unknown) => Promise<unknown>
        done.push({ value: await command(unit, args) })
      }
      await unit.finish()
      database.exec('commit')
      return done
    } catch (thrown) {
      parts.cache.clear()
      if (database.isTransaction) database.exec('rollback')
      throw thrown
    }
  }

  const runAlone = async (work: Work): Promise<Done> => {
    try {
      return (await runTogether([work]))[0]!
    } catch (thrown) {
      return { error: isAlmonerError(thrown) ? thrown : (sqliteFailure(thrown) ?? thrown) }
    }
  }

  return async (group) => {
    if (group.length > 1) {
      try {
        return await runTogether(group)
      } catch {
        // Some unit failed. Which one, and how, shows when each runs in its own transaction.
      }
    }
    const done: Done[] = []
    for (const work of group) done.push(await runAlone(work))
    return done
  }
}
