/**
 * The shape of every failure. Each room has its own table in its own `errors.ts`; all tables
 * together print docs/reference/errors.md, HL7 acknowledgements, FHIR OperationOutcomes and HTTP
 * statuses. A code is a contract: never renamed, never reused.
 */

/** What a machine does next: give up, try again later, or wait for a person. */
export type RetryClass = 'never' | 'later' | 'operator'

/** HL7 v2 application acknowledgement for a failure. Source: HL7 table 0008. */
export type NegativeAck = 'AE' | 'AR'

export type ErrorRow = {
  readonly retry: RetryClass
  /** Status of an HTTP answer that reports this failure. */
  readonly http: number
  readonly ack: NegativeAck
  /** A sentence that anyone may read: it never holds a value from a message. */
  readonly safe: string
  /** What the operator does about it. */
  readonly operator: string
}

export type ErrorTable = Readonly<Record<string, ErrorRow>>

export type ErrorOptions = {
  /** A safe position ("line 3", "PID-3", "storage"), shown with the sentence. Never a value. */
  readonly where?: string | undefined
  /** Private detail. May hold PHI: it goes only into sealed storage, never to a log. */
  readonly detail?: string | undefined
  readonly cause?: unknown
}

/** An expected failure. `message` is safe to show anyone. */
export class AlmonerError extends Error {
  override readonly name = 'AlmonerError'
  readonly code: string
  readonly retry: RetryClass
  readonly http: number
  readonly ack: NegativeAck
  readonly operator: string
  readonly where: string | undefined
  // Both may hold PHI. As private fields, a crash report, an inspection and JSON leave them out.
  readonly #detail: string | undefined
  readonly #cause: unknown

  constructor(code: string, row: ErrorRow, options: ErrorOptions = {}) {
    const message = options.where === undefined ? row.safe : `${row.safe} Where: ${options.where}.`
    super(message)
    this.code = code
    this.retry = row.retry
    this.http = row.http
    this.ack = row.ack
    this.operator = row.operator
    this.where = options.where
    this.#detail = options.detail
    this.#cause = options.cause
  }

  /** Private detail: for sealed storage only. */
  get detail(): string | undefined {
    return this.#detail
  }

  /** What was thrown underneath. Its message may quote a patient: for sealed storage only. */
  override get cause(): unknown {
    return this.#cause
  }
}

export type RoomErrors<Table extends ErrorTable> = {
  readonly room: string
  readonly table: Table
  /** Makes (does not throw) the error of one row, so that the stack starts where it is thrown. */
  readonly error: (code: keyof Table & string, options?: ErrorOptions) => AlmonerError
}

/** Declares the error table of one room. Codes are UPPER_SNAKE and start with the room's prefix. */
export function defineErrors<const Table extends ErrorTable>(
  room: string,
  table: Table,
): RoomErrors<Table> {
  return {
    room,
    table,
    error: (code, options) => new AlmonerError(code, table[code] as ErrorRow, options),
  }
}

export const isAlmonerError = (thrown: unknown): thrown is AlmonerError =>
  thrown instanceof AlmonerError

/** An error as plain data, to cross a thread boundary without losing its code. */
export type ErrorWire = ErrorRow & {
  readonly code: string
  readonly where: string | undefined
  readonly detail: string | undefined
}

export function errorToWire(error: AlmonerError): ErrorWire {
  const { code, retry, http, ack, operator, where, detail } = error
  // The sentence without its position: fromWire adds the position again.
  const safe = where === undefined ? error.message : error.message.replace(` Where: ${where}.`, '')
  return { code, retry, http, ack, operator, safe, where, detail }
}

export function errorFromWire(wire: ErrorWire): AlmonerError {
  return new AlmonerError(wire.code, wire, { where: wire.where, detail: wire.detail })
}
