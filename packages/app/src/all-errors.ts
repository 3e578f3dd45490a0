/** Every room's error table, for whoever must explain a code. */
import { CORE_ERRORS, type ErrorRow } from '@almoner/core'
import { ENGINE_ERRORS } from '@almoner/engine'
import { GOVERNANCE_ERRORS } from '@almoner/governance'
import { HL7_ERRORS } from '@almoner/hl7v2'
import { MAP_ERRORS } from '@almoner/mapping'
import { SIM_ERRORS } from '@almoner/simulators'
import { STORE_ERRORS } from '@almoner/store'
import { TRANSPORT_ERRORS } from '@almoner/transport'
import { VAULT_ERRORS } from '@almoner/vault'
import { APP_ERRORS } from './app.errors.ts'

const ROOMS = [
  APP_ERRORS,
  CORE_ERRORS,
  ENGINE_ERRORS,
  GOVERNANCE_ERRORS,
  HL7_ERRORS,
  MAP_ERRORS,
  SIM_ERRORS,
  STORE_ERRORS,
  TRANSPORT_ERRORS,
  VAULT_ERRORS,
]

const ROWS: ReadonlyMap<string, ErrorRow> = new Map(
  ROOMS.flatMap((room) => Object.entries<ErrorRow>(room.table)),
)

/** The row of a code of any room; undefined for a code that is not ours. */
export const errorText = (code: string): ErrorRow | undefined => ROWS.get(code)
