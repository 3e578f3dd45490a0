/**
 * Runs units of work in groups: one transaction and one fsync for all that waited meanwhile. Each
 * unit has its own savepoint, so that one that fails never spoils its neighbours.
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

  const runUnit = async (group: UnitGroup, { name, args }: Work): Promise<Done> => {
    const { unit, keep } = group.start()
    setSavepoint()
    try {
      // The caller's `write` ties the name to its argument type.
      const command = COMMANDS[name] as (unit: Unit, args: unknown) => Promise<unknown>
      const value = await command(unit, args)
      releaseSavepoint()
      keep()
      return { value }
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

  const runGroup = async (group: readonly Work[]): Promise<readonly Done[]> => {
    begin()
    try {
      forgetIfOthersWrote()
      const units = openGroup({ ...parts, memory })
      const done: Done[] = []
      for (const work of group) done.push(await runUnit(units, work))
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
  ): Promise<readonly Done[] | { error: unknown }> => {
    try {
      return await runGroup(group)
    } catch (thrown) {
      return { error: storeFailure(thrown) }
    }
  }

  /** Set by a failure after which nothing is known of the disk; groups may stand at the door. */
  let fatal: unknown

  return async (group) => {
    if (fatal !== undefined) return group.map(() => ({ error: fatal }))
    const together = await tryGroup(group)
    if (!('error' in together)) return together
    const done: Done[] = []
    let failure = together
    for (const work of group) {
      if (isFatal(failure.error)) fatal = failure.error
      // What is too much for the disk together may fit in part. But after a failed sync nobody
      // knows what reached the disk, and to try again could only seem to succeed.
      const alone = fatal !== undefined || group.length === 1 ? failure : await tryGroup([work])
      if ('error' in alone) failure = alone
      done.push('error' in alone ? alone : alone[0]!)
    }
    if (isFatal(failure.error)) fatal = failure.error
    return done
  }
}
