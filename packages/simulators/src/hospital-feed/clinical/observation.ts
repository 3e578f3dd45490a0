/** One row of a laboratory report: what an OBX with its comments holds. */
import type { ResultStatus } from '../course/journey.ts'

export type Observation = {
  readonly type: 'NM' | 'SN' | 'CE' | 'ST' | 'TX' | 'FT'
  /** Texts of OBX-3: code, name, system, then another code of the same. */
  readonly code: readonly string[]
  readonly subId: string
  /** Encoded OBX-5. */
  readonly value: string
  readonly units: string
  readonly range: string
  readonly flag: string
  readonly status: ResultStatus
  readonly notes: readonly string[]
}

/** Local codes of the laboratory. */
export const LABORATORY_CODES = 'RVLAB'

/** A row without units, range, flag or notes. */
export const observation = (
  row: Pick<Observation, 'type' | 'code' | 'value' | 'status'> & Partial<Observation>,
): Observation => ({ subId: '', units: '', range: '', flag: '', notes: [], ...row })
