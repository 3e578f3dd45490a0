/** Every command by its name: the one table that both a thread and a database pool run from. */
import type { Commands, NewAudit } from '../contract.ts'
import type { Unit } from '../unit.ts'
import { acceptMessage } from './accept-message.ts'
import { endAccess, grantAccess, redeemLink } from './access.ts'
import { commitMessage } from './commit-message.ts'
import { failMessage, releaseMessage } from './fail-message.ts'
import { sweep } from './sweep.ts'
import { releaseDelivery, turnDelivery } from './turn-delivery.ts'
import { undoMerge } from './undo-merge.ts'

export type CommandName = keyof Commands

export type CommandTable = {
  readonly [Name in CommandName]: (
    unit: Unit,
    args: Parameters<Commands[Name]>[0],
  ) => Promise<ReturnType<Commands[Name]>>
}

export const COMMANDS: CommandTable = {
  acceptMessage,
  commitMessage,
  failMessage,
  releaseMessage,
  turnDelivery,
  releaseDelivery,
  undoMerge,
  appendAudit: async (unit, entries: readonly NewAudit[]) => entries.forEach(unit.audit),
  grantAccess,
  redeemLink,
  endAccess,
  sweep,
}
