/**
 * The tables, as Kysely types. Rules that hold for every table: `tenant` leads each key, patient
 * data stands only in sealed columns (Uint8Array) and blind keys, times are milliseconds UTC.
 */
import type { Generated } from 'kysely'

export type JournalTable = {
  seq: Generated<number>
  tenant: number
  id: string
  source: string
  route: string
  route_version: string
  state: string
  message_type: string
  version: string
  sender: string
  control_key: string
  body_key: string
  charset: string
  flags: string
  size_bytes: number
  received_at_ms: number
  finished_at_ms: number | null
  attempts: number
  code: string | null
  place: string | null
  ledger_mapped: number | null
  ledger_ignored: number | null
  ledger_unmapped: number | null
  ledger_paths: string | null
  resources: string | null
  purpose: string | null
  /** Sealed: why it failed. */
  detail: Uint8Array | null
}

/** Apart from the journal's row, so that a change of state does not write a large message again. */
export type JournalEnvelopeTable = {
  seq: number
  tenant: number
  /** Sealed: head, acknowledgement and body (see envelope.ts). */
  envelope: Uint8Array
}

export type MessagePatientTable = { tenant: number; patient_key: string; seq: number }

export type ResourceTable = {
  rid: Generated<number>
  tenant: number
  type: string
  id: string
  version: number
  updated_at_ms: number
  /** Sealed JSON. */
  body: Uint8Array
}

export type ResourceHistoryTable = {
  rid: number
  version: number
  tenant: number
  updated_at_ms: number
  body: Uint8Array
}

export type ResourceTokenTable = { tenant: number; parameter: string; key: string; rid: number }
export type ResourceReferenceTable = {
  tenant: number
  parameter: string
  target: string
  rid: number
}

export type OutboxTable = {
  seq: Generated<number>
  tenant: number
  id: string
  message_seq: number
  message_id: string
  destination: string
  state: string
  lane_keys: string
  attempts: number
  maybe_repeat: number
  due_at_ms: number
  settled_at_ms: number | null
  code: string | null
  agreement: string
  /** Sealed answer of the receiver. */
  reply: Uint8Array | null
}

/** Only for deliveries that send something else than the message as it came. */
export type OutboxPayloadTable = {
  seq: number
  tenant: number
  /** Sealed. */
  payload: Uint8Array
}

export type AuditTable = {
  seq: number
  tenant: number
  at_ms: number
  action: string
  /** First subject, for the trail of one message or resource. */
  subject: string
  /** Canonical JSON: what the hash covers. */
  body: string
  /** SHA-256 over the previous hash, the number and the body. */
  hash: Uint8Array
}

/** The end of the audit chain, under a keyed seal (see audit-head.ts). */
export type AuditHeadTable = { tenant: number; entries: number; hash: Uint8Array; seal: string }

export type AccessTable = {
  tenant: number
  id: string
  kind: string
  secret_key: string
  actor: string
  scopes: string
  expires_at_ms: number
  ended_at_ms: number | null
}

export type CounterTable = { tenant: number; name: string; value: number }
export type TenantTable = {
  id: Generated<number>
  name: string
  /** Blind key of the name: shows that the keyring is the one that this data was written with. */
  key_check: string
  /** Messages received before this count as new again when they are repeated. */
  repeats_from_ms: number
}
export type MigrationTable = { number: number; name: string; applied_at_ms: number }

export type Database = {
  access: AccessTable
  audit: AuditTable
  audit_head: AuditHeadTable
  counter: CounterTable
  journal: JournalTable
  journal_envelope: JournalEnvelopeTable
  message_patient: MessagePatientTable
  migration: MigrationTable
  outbox: OutboxTable
  outbox_payload: OutboxPayloadTable
  resource: ResourceTable
  resource_history: ResourceHistoryTable
  resource_reference: ResourceReferenceTable
  resource_token: ResourceTokenTable
  tenant: TenantTable
}
