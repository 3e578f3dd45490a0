/**
 * What the store promises, whichever database keeps it. Writes are commands: each is one unit of
 * work that commits whole or not at all, and its promise resolves only once it is durable. Reads
 * of patient data go through `view`, which writes the audit entry before it gives anything out.
 */
import type { Draft, ResourceType } from '@almoner/fhir'
import type { Counts, View } from './read-contract.ts'

export type * from './read-contract.ts'

/** Who acts. `system` is a route or the engine itself; `person` signed in; `token` an app. */
export type Actor = {
  readonly kind: 'system' | 'person' | 'token'
  readonly id: string
  readonly name: string
}

// ---------------------------------------------------------------- journal

/**
 * received → done | held (a person decides) | dead (gave up). `received` with attempts > 0 is
 * being tried again. Every state but `received` is final until a person releases it.
 */
export type MessageState = 'received' | 'done' | 'held' | 'dead'

export type NewMessage = {
  readonly id: string
  readonly source: string
  readonly route: string
  readonly routeVersion: string
  readonly receivedAtMs: number
  /** `ADT^A01`; empty when the message has none. Type, sender and version identify no patient. */
  readonly messageType: string
  readonly version: string
  readonly sender: string
  /** MSH-10, or empty. */
  readonly controlId: string
  readonly charset: string
  readonly peer: string
  readonly body: Uint8Array
  readonly ack: Uint8Array
  /** Codes of what was odd about its bytes, never values: `CHARSET_MISMATCH`. */
  readonly flags: readonly string[]
  /** Set when it can never be processed: it is kept as a dead letter, and `ack` says so. */
  readonly refusal?: { readonly code: string; readonly where: string | undefined } | undefined
}

export type AcceptResult =
  | { readonly kind: 'accepted'; readonly seq: number; readonly flags: readonly string[] }
  /** Same sender, control id and bytes within the window: the first ACK again. */
  | { readonly kind: 'repeat'; readonly id: string; readonly ack: Uint8Array }

/** One message as the engine takes it from the journal, opened. */
export type JournalEntry = {
  readonly seq: number
  readonly id: string
  readonly source: string
  readonly route: string
  readonly routeVersion: string
  readonly receivedAtMs: number
  readonly attempts: number
  readonly body: Uint8Array
  readonly charset: string
}

export type LedgerTotals = {
  readonly mapped: number
  readonly ignored: number
  readonly unmapped: number
  /** Paths of the unmapped leaves, `PV1-18`. Paths, never values. */
  readonly unmappedPaths: readonly string[]
}

export type NewDelivery = {
  readonly id: string
  readonly destination: string
  /** Blind patient keys; a delivery waits for every earlier one that shares a key. */
  readonly laneKeys: readonly string[]
  /** What is sent; `original` sends the message as it came, without keeping it twice. */
  readonly payload: Uint8Array | 'original'
  /** The agreement under which it leaves. */
  readonly agreement: string
}

export type MessageCommit = {
  readonly seq: number
  readonly id: string
  readonly route: string
  readonly routeVersion: string
  readonly purpose: string
  readonly atMs: number
  /** Identifiers of the message's patient, as blind keys. */
  readonly patientKeys: readonly string[]
  readonly drafts: readonly Draft[]
  /** One id for each draft, used when the draft makes a new resource. */
  readonly newIds: readonly string[]
  readonly ledger: LedgerTotals
  readonly deliveries: readonly NewDelivery[]
}

export type WrittenResource = {
  readonly name: string
  readonly type: ResourceType
  readonly id: string
  readonly version: number
  readonly change: 'created' | 'updated' | 'unchanged'
}

export type CommitResult = { readonly resources: readonly WrittenResource[] }

export type MessageFailure = {
  readonly seq: number
  readonly id: string
  readonly route: string
  readonly atMs: number
  readonly state: 'received' | 'held' | 'dead'
  readonly patientKeys: readonly string[]
  readonly code: string
  readonly where: string | undefined
  /** May hold patient data: sealed. */
  readonly detail: string | undefined
}

// ---------------------------------------------------------------- outbox

/** waiting → sending → delivered | waiting (again) | held | dead */
export type DeliveryState = 'waiting' | 'sending' | 'delivered' | 'held' | 'dead'

export type OutboxEntry = {
  readonly seq: number
  readonly id: string
  readonly messageId: string
  readonly destination: string
  readonly laneKeys: readonly string[]
  readonly attempts: number
  readonly maybeRepeat: boolean
  readonly state: 'waiting' | 'sending' | 'held'
  readonly dueAtMs: number
  readonly agreement: string
  readonly purpose: string
  readonly messageType: string
  readonly payload: Uint8Array
}

export type Settlement = {
  readonly seq: number
  readonly id: string
  readonly messageId: string
  readonly destination: string
  readonly recipient: string
  readonly agreement: string
  readonly purpose: string
  readonly atMs: number
  /** Which claim it settles, 1 for the first. What came of an earlier claim changes nothing. */
  readonly attempt: number
  readonly state: 'delivered' | 'waiting' | 'held' | 'dead'
  /** Error or peer code when it was not accepted. */
  readonly code: string | undefined
  readonly dueAtMs: number
  /** True when bytes may have reached the receiver. */
  readonly maybeSent: boolean
  readonly reply: Uint8Array | undefined
}

// ---------------------------------------------------------------- audit

export type AuditAction =
  | 'message.accept'
  | 'message.repeat'
  | 'message.process'
  | 'message.fail'
  | 'message.release'
  | 'message.read'
  | 'message.list'
  | 'delivery.send'
  | 'delivery.settle'
  | 'delivery.release'
  | 'resource.read'
  | 'resource.search'
  | 'merge.undo'
  | 'access.grant'
  | 'access.use'
  | 'access.refuse'
  | 'access.end'

export type NewAudit = {
  readonly atMs: number
  readonly actor: Actor
  readonly action: AuditAction
  readonly outcome: 'success' | 'refused' | 'failed'
  readonly purpose: string
  /** Message id, `Patient/…`, delivery id or blind key; never an identifier in clear. */
  readonly subjects: readonly string[]
  /** Codes, counts and reasons for people. Never a value from a message. */
  readonly note?: string | undefined
}

export type AuditRow = NewAudit & { readonly seq: number; readonly hash: string }

export type AuditVerdict = {
  readonly entries: number
  readonly head: string
  /** The first entry that does not fit, if any. */
  readonly broken: { readonly seq: number; readonly why: string } | undefined
}

// ---------------------------------------------------------------- access

export type AccessKind = 'link' | 'session' | 'token'

/** A secret that opens something; only its keyed hash is stored. */
export type Access = {
  readonly id: string
  readonly kind: AccessKind
  readonly actor: Actor
  readonly scopes: readonly string[]
  readonly expiresAtMs: number
}

// ---------------------------------------------------------------- commands

export type Commands = {
  readonly acceptMessage: (args: NewMessage) => AcceptResult
  readonly commitMessage: (args: MessageCommit) => CommitResult
  readonly failMessage: (args: MessageFailure) => void
  readonly releaseMessage: (args: Release) => { readonly released: boolean }
  /** Settles one delivery and claims another in one commit, so that a link never waits twice. */
  readonly turnDelivery: (args: {
    readonly settle: Settlement | undefined
    readonly claim: { readonly seq: number; readonly atMs: number } | undefined
  }) => TurnResult
  readonly releaseDelivery: (args: Release) => { readonly released: boolean }
  /** Takes a merge back: both patients active again, the links gone. */
  readonly undoMerge: (args: MergeUndo) => {
    readonly restored: readonly string[]
  }
  readonly appendAudit: (args: readonly NewAudit[]) => void
  readonly grantAccess: (args: {
    readonly access: Access
    readonly secret: string
    readonly by: Actor
    readonly atMs: number
  }) => void
  /** Uses up a one-time link. Undefined when unknown, used or expired. */
  readonly redeemLink: (args: {
    readonly secret: string
    readonly atMs: number
  }) => Access | undefined
  readonly endAccess: (args: {
    readonly id: string
    readonly by: Actor
    readonly atMs: number
  }) => void
  /** Forgets repeats older than the window and access that expired. */
  readonly sweep: (args: { readonly atMs: number; readonly repeatsBeforeMs: number }) => void
}

export type TurnResult = {
  /** False when that claim was no longer under way: settled before, or claimed again since. */
  readonly settled: boolean
  /** Undefined when it could not be claimed (any more): then nothing of it may be sent. */
  readonly claimed: { readonly attempt: number; readonly maybeRepeat: boolean } | undefined
}

/** A person's decision on something held or dead. */
export type Release = {
  readonly id: string
  /** `retry`: again, at its old place. `dismiss`: what is held becomes dead and its lane moves on. */
  readonly decision: 'retry' | 'dismiss'
  /** For a message: the route version it is to be processed with from now on. */
  readonly routeVersion?: string | undefined
  readonly by: Actor
  readonly why: string
  readonly atMs: number
}

export type MergeUndo = {
  /** The patient that was replaced, not the one that stayed. */
  readonly patientId: string
  readonly by: Actor
  readonly why: string
  readonly atMs: number
}

// ---------------------------------------------------------------- the store

export type Store = {
  readonly write: <Name extends keyof Commands>(
    name: Name,
    args: Parameters<Commands[Name]>[0],
  ) => Promise<ReturnType<Commands[Name]>>

  /** For the engine only: messages in a state after `afterSeq`, oldest first, opened. */
  readonly nextMessages: (
    state: 'received' | 'held',
    afterSeq: number,
    countMax: number,
  ) => Promise<readonly JournalEntry[]>
  /** For the dispatcher only: deliveries not delivered nor dead after `afterSeq`, oldest first. */
  readonly nextDeliveries: (
    destination: string,
    afterSeq: number,
    countMax: number,
  ) => Promise<readonly OutboxEntry[]>

  readonly view: (actor: Actor, purpose: string) => View
  readonly counts: () => Promise<Counts>
  readonly access: (kind: AccessKind, secret: string, atMs: number) => Promise<Access | undefined>
  readonly verifyAudit: () => Promise<AuditVerdict>
  /** Blind key of a patient's identifier value: equal values, equal keys; nothing else shows. */
  readonly patientKey: (value: string) => string
  readonly close: () => Promise<void>
}
