/** The blind key of a control id (MSH-10): the journal finds repeats and a person's search by it. */
import type { Vault } from '@almoner/vault'

export const controlIdKey = (vault: Pick<Vault, 'blind'>, controlId: string): string =>
  vault.blind('control', controlId)
