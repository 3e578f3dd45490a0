/** What an error code means and what the operator does about it. */
import { CORE_ERRORS, type ErrorRow, type ErrorTable, type RoomErrors } from '@almoner/core'
import { APP_ERRORS } from '../app.errors.ts'

export type ErrorText = { readonly safe: string; readonly operator: string }

/** Looks codes up in the tables of the given rooms. */
export function errorTextOf(
  rooms: readonly RoomErrors<ErrorTable>[],
): (code: string) => ErrorRow | undefined {
  const rows = new Map(rooms.flatMap((room) => Object.entries(room.table)))
  return (code) => rows.get(code)
}

/** The tables that are at hand here; whoever starts the server gives those of the other rooms. */
const ownErrorText = errorTextOf([APP_ERRORS, CORE_ERRORS])

/** For a delivery's code that no table has: the receiver's own. */
const PEER_CODE_TEXT: ErrorText = {
  safe: 'The receiving system answered with a code of its own.',
  operator: 'Read its reply and the documentation of that system, then decide.',
}

const UNKNOWN_CODE_TEXT: ErrorText = {
  safe: 'No text is known for this code.',
  operator: 'Look the code up in the reference of errors, then decide.',
}

export type Guide = {
  readonly message: (code: string | undefined) => ErrorText | undefined
  readonly delivery: (code: string | undefined) => ErrorText | undefined
}

/** Texts for the codes of messages and deliveries; undefined only where there is no code. */
export function createGuide(more: ((code: string) => ErrorText | undefined) | undefined): Guide {
  const known = (code: string): ErrorText | undefined => more?.(code) ?? ownErrorText(code)
  return {
    message: (code) => (code === undefined ? undefined : (known(code) ?? UNKNOWN_CODE_TEXT)),
    delivery: (code) => (code === undefined ? undefined : (known(code) ?? PEER_CODE_TEXT)),
  }
}
