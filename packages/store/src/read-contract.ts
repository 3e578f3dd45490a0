/**
 * What people and apps read of the store: lists, messages whole, resources, figures. Patient data
 * among it is given out by `view` alone, which writes the audit entry first.
 */
import type { Resource, ResourceType } from '@almoner/fhir'
import type {
  AuditRow,
  DeliveryState,
  LedgerTotals,
  MessageState,
  WrittenResource,
} from './contract.ts'

export type MessageFilter = {
  readonly state?: MessageState | undefined
  readonly source?: string | undefined
  readonly messageType?: string | undefined
  readonly controlId?: string | undefined
  /** Exact patient identifier value (NHS number or local number). */
  readonly patient?: string | undefined
  /** Only messages with a delivery in this state. */
  readonly delivery?: DeliveryState | undefined
}

export type Page = { readonly beforeSeq?: number | undefined; readonly countMax: number }

/** One line of the message list: nothing here identifies a patient. */
export type MessageRow = {
  readonly seq: number
  readonly id: string
  readonly source: string
  readonly route: string
  readonly state: MessageState
  readonly messageType: string
  readonly version: string
  readonly sender: string
  readonly sizeBytes: number
  readonly receivedAtMs: number
  readonly finishedAtMs: number | undefined
  readonly attempts: number
  readonly code: string | undefined
  readonly where: string | undefined
  readonly flags: readonly string[]
  readonly ledger: LedgerTotals | undefined
  readonly deliveries: readonly DeliveryRow[]
}

export type DeliveryRow = {
  readonly seq: number
  readonly id: string
  readonly messageId: string
  readonly destination: string
  readonly state: DeliveryState
  readonly attempts: number
  readonly maybeRepeat: boolean
  readonly code: string | undefined
  readonly dueAtMs: number
  readonly settledAtMs: number | undefined
  readonly agreement: string
}

export type MessageDetail = {
  readonly row: MessageRow
  readonly controlId: string
  readonly charset: string
  readonly routeVersion: string
  readonly peer: string
  readonly body: Uint8Array
  readonly ack: Uint8Array
  readonly failure: string | undefined
  readonly replies: ReadonlyMap<string, Uint8Array>
  readonly resources: readonly WrittenResource[]
  readonly audit: readonly AuditRow[]
}

export type StoredResource = {
  readonly type: ResourceType
  readonly id: string
  readonly version: number
  readonly updatedAtMs: number
  readonly resource: Resource
}

/** Reads for people and apps. Each call commits its audit entry first; if it cannot, it throws. */
export type View = {
  readonly messages: (filter: MessageFilter, page: Page) => Promise<readonly MessageRow[]>
  readonly message: (id: string) => Promise<MessageDetail | undefined>
  readonly resource: (type: ResourceType, id: string) => Promise<StoredResource | undefined>
  readonly resourceVersion: (
    type: ResourceType,
    id: string,
    version: number,
  ) => Promise<StoredResource | undefined>
  readonly search: (query: ResourceQuery) => Promise<readonly StoredResource[]>
}

export type IdentifierQuery = { readonly system?: string | undefined; readonly value: string }

export type ResourceQuery = {
  readonly type: ResourceType
  /**
   * Every row must hold, and a row holds when the resource carries any of its identifiers. Without
   * `system` the value counts under every system; an empty `system` means an identifier with none.
   */
  readonly identifier?: readonly (readonly IdentifierQuery[])[] | undefined
  /** Any of these. */
  readonly id?: readonly string[] | undefined
  /** Logical ids of the patient that the resource is about: any of these. */
  readonly patient?: readonly string[] | undefined
  readonly countMax: number
  readonly afterId?: string | undefined
}

/** Figures without patient data; not audited. */
export type Counts = {
  readonly messages: Readonly<Record<MessageState, number>>
  readonly deliveries: Readonly<Record<DeliveryState, number>>
  readonly resources: Readonly<Record<string, number>>
  readonly repeats: number
  readonly ledger: { readonly mapped: number; readonly ignored: number; readonly unmapped: number }
  readonly auditEntries: number
  readonly oldestReceivedAtMs: number | undefined
}
