/**
 * The blind key of a patient's identifier value, however it was written. It also stands in the
 * audit for what people asked for and nobody knows: that may be an identifier as well.
 */
import type { Vault } from '@almoner/vault'

/**
 * Spaces and hyphens are left out and letters folded, because people write the same number as
 * `999 000 0009` and `9990000009`. The key says nothing of the number to who lacks the vault.
 */
export const patientKey = (vault: Pick<Vault, 'blind'>, value: string): string =>
  vault.blind('patient', value.replaceAll(/[\s-]/g, '').toUpperCase())
