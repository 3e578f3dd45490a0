/**
 * Runs units of work in groups: one transaction and one fsync for all that waited meanwhile. A
 * unit that fails never spoils its neighbours: the group is rolled back and runs again with a
 * savepoint for each unit. Most groups have no such unit, and savepoints cost a sixth of the time.
 */

import type { DatabaseSync } from 'node:sqlite'
import { COMMANDS, type CommandName } from './commands/all.ts'
import { createDraftMemory } from './draft-memory.ts'
import { isFatal, storeFailure } from './sqlite-failure.ts'
import { openGroup, type Unit, type UnitGroup, type UnitParts } from './unit.ts'

export type Work = { readonly name: CommandName; readonly args: unknown }
export type Done = { readonly value: unknown } | { readonly error: unknown }

/** Results in the order of the group. Rejects only for a bug here: then nothing is known. */
export type GroupCommit = (group: readonly Work[]) => Promise<readonly Done[]>

export function createGroupCommit(database: DatabaseSync, parts: UnitParts): GroupCommit {
  const { cache } = parts
  const memory = createDraftMemory()
  const run = (sql: string): (() => void) => {
    const prepared = database.prepare(sql)
    return () => void prepared.run()
  }
  const begin = run('begin immediate')
  const commit = run('commit')
  const rollback = run('rollback')
  const setSavepoint = run('savepoint unit')
  const releaseSavepoint = run('release unit')
  const rollbackToSavepoint = run('rollback to unit')

  // Changes when another connection has written. Source: sqlite.org/pragma.html#pragma_data_version.
  const dataVersion = database.prepare('pragma data_version')
  let knownVersion: unknown
  const forgetIfOthersWrote = (): void => {
    const version = dataVersion.get()?.['data_version']
    if (version !== knownVersion) memory.clear()
    knownVersion = version
  }

  /**
   * A failure after which nothing is known of what reached the disk. To try again could only seem
   * to succeed, so this group and all that already stand at the door fail alike.
   */
  let fatal: unknown

  const runUnit = async (group: UnitGroup, { name, args }: Work): Promise<Done> => {
    const { unit, keep } = group.start()
    // The caller's `write` ties the name to its argument type.
    const command = COMMANDS[name] as (unit: Unit, args: unknown) => Promise<unknown>
    const value = await command(unit, args)
    keep()
    return { value }
  }

  const runApart = async (group: UnitGroup, work: Work): Promise<Done> => {
    setSavepoint()
    try {
      const done = await runUnit(group, work)
      releaseSavepoint()
      return done
    } catch (thrown) {
      // SQLite gives up the whole transaction when the disk is full: no unit of it was kept.
      if (!database.isTransaction || isFatal(storeFailure(thrown))) throw thrown
      cache.forget()
      memory.clear()
      rollbackToSavepoint()
      releaseSavepoint()
      return { error: storeFailure(thrown) }
    }
  }

  const runGroup = async (
    group: readonly Work[],
    run: typeof runUnit,
  ): Promise<readonly Done[]> => {
    begin()
    try {
      forgetIfOthersWrote()
      const units = openGroup({ ...parts, memory })
      const done: Done[] = []
      for (const work of group) done.push(await run(units, work))
      await units.finish()
      commit()
      cache.keep()
      return done
    } catch (thrown) {
      cache.forget()
      memory.clear()
      if (database.isTransaction) rollback()
      throw thrown
    }
  }

  /** Either every result, or the one failure of a transaction of which nothing was kept. */
  const tryGroup = async (
    group: readonly Work[],
    run: typeof runUnit,
  ): Promise<readonly Done[] | { readonly error: unknown }> => {
    try {
      return await runGroup(group, run)
    } catch (thrown) {
      const error = storeFailure(thrown)
      if (isFatal(error)) fatal = error
      return { error }
    }
  }

  return async (group) => {
    const ways = group.length > 1 ? [runUnit, runApart] : []
    for (const run of ways) {
      if (fatal !== undefined) break
      const together = await tryGroup(group, run)
      if (!('error' in together)) return together
    }
    // What is too much for the disk together may fit in part.
    const done: Done[] = []
    for (const work of group) {
      const alone = fatal === undefined ? await tryGroup([work], runUnit) : { error: fatal }
      done.push('error' in alone ? alone : alone[0]!)
    }
    return done
  }
}
