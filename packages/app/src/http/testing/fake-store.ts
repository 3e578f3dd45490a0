/**
 * A store in memory for tests of the HTTP side: the same promises in miniature. Every read of the
 * view writes its audit entry first; when `failAudit` is set nothing is given out.
 */

import type {
  Access,
  Actor,
  Commands,
  MessageDetail,
  MessageFilter,
  NewAudit,
  Release,
  ResourceQuery,
  Store,
  StoredResource,
  View,
} from '@almoner/store'
import { APP_ERRORS } from '../../app.errors.ts'

export type FakeStore = {
  readonly store: Store
  readonly audit: NewAudit[]
  readonly messages: MessageDetail[]
  /** All versions, in any order. */
  readonly resources: StoredResource[]
  readonly releases: Release[]
  readonly grants: Map<string, Access>
  /** Makes every audit entry fail from now on, as when the disk is full. */
  failAudit: boolean
  /** Makes the next reads of the view throw this. */
  failView: unknown
}

export function createFakeStore(): FakeStore {
  const fake: FakeStore = {
    audit: [],
    messages: [],
    resources: [],
    releases: [],
    grants: new Map(),
    failAudit: false,
    failView: undefined,
    store: undefined as unknown as Store, // set three lines below, before anyone sees it
  }
  const commands = fakeCommands(fake)
  const store: Store = {
    write: async <Name extends keyof Commands>(
      name: Name,
      args: Parameters<Commands[Name]>[0],
    ): Promise<ReturnType<Commands[Name]>> => {
      const command = commands[name]
      if (command === undefined) throw new Error(`the fake store has no ${name}`)
      // The table's type loses that the arguments fit the name.
      return (command as (given: typeof args) => ReturnType<Commands[Name]>)(args)
    },
    nextMessages: async () => [],
    nextDeliveries: async () => [],
    view: (actor, purpose) => fakeView(fake, actor, purpose),
    counts: async () => countAll(fake),
    access: async (kind, secret, atMs) => {
      const access = fake.grants.get(secret)
      return access?.kind === kind && access.expiresAtMs > atMs ? access : undefined
    },
    verifyAudit: async () => ({
      entries: fake.audit.length,
      head: 'b4c7'.repeat(16),
      broken: undefined,
    }),
    patientKey: (value) => `key of ${value}`,
    close: async () => undefined,
  }
  return Object.assign(fake, { store })
}

function append(fake: FakeStore, ...entries: readonly NewAudit[]): void {
  if (fake.failAudit) throw new Error('disk full')
  fake.audit.push(...entries)
}

function fakeCommands(fake: FakeStore): Partial<Commands> {
  const release = (args: Release): { released: boolean } => {
    append(fake, auditOf(args.by, args.atMs, 'message.release', [args.id], args.why))
    const isKnown = fake.messages.some(
      ({ row }) =>
        (row.id === args.id && (row.state === 'held' || row.state === 'dead')) ||
        row.deliveries.some(
          (one) => one.id === args.id && (one.state === 'held' || one.state === 'dead'),
        ),
    )
    if (isKnown) fake.releases.push(args)
    return { released: isKnown }
  }
  return {
    appendAudit: (entries) => append(fake, ...entries),
    grantAccess: ({ access, secret, by, atMs }) => {
      append(fake, auditOf(by, atMs, 'access.grant', [access.id]))
      fake.grants.set(secret, access)
    },
    redeemLink: ({ secret, atMs }) => {
      const access = fake.grants.get(secret)
      if (access?.kind !== 'link' || access.expiresAtMs <= atMs) return undefined
      append(fake, auditOf(access.actor, atMs, 'access.use', [access.id]))
      fake.grants.delete(secret)
      return access
    },
    endAccess: ({ id, by, atMs }) => {
      append(fake, auditOf(by, atMs, 'access.end', [id]))
      for (const [secret, access] of fake.grants) if (access.id === id) fake.grants.delete(secret)
    },
    releaseMessage: release,
    releaseDelivery: release,
  }
}

const auditOf = (
  actor: Actor,
  atMs: number,
  action: NewAudit['action'],
  subjects: readonly string[],
  note?: string,
): NewAudit => ({ atMs, actor, action, outcome: 'success', purpose: 'operations', subjects, note })

function fakeView(fake: FakeStore, actor: Actor, purpose: string): View {
  const look = (action: NewAudit['action'], subjects: readonly string[]): void => {
    if (fake.failView !== undefined) throw fake.failView
    append(fake, { ...auditOf(actor, 0, action, subjects), purpose })
  }
  const versions = (type: string, id: string): readonly StoredResource[] =>
    fake.resources
      .filter((one) => one.type === type && one.id === id)
      .toSorted((a, b) => b.version - a.version)
  return {
    messages: async (filter, page) => {
      look('message.list', [])
      const before = page.beforeSeq ?? Number.POSITIVE_INFINITY
      return fake.messages
        .filter((one) => one.row.seq < before && fits(one, filter))
        .toSorted((a, b) => b.row.seq - a.row.seq)
        .slice(0, page.countMax)
        .map(({ row }) => row)
    },
    message: async (id) => {
      look('message.read', [id])
      return fake.messages.find(({ row }) => row.id === id)
    },
    resource: async (type, id) => {
      look('resource.read', [`${type}/${id}`])
      return versions(type, id)[0]
    },
    resourceVersion: async (type, id, version) => {
      look('resource.read', [`${type}/${id}/_history/${version}`])
      return versions(type, id).find((one) => one.version === version)
    },
    search: async (query) => {
      look('resource.search', [query.type])
      const ids = new Set(fake.resources.filter(({ type }) => type === query.type).map((r) => r.id))
      return [...ids]
        .toSorted()
        .map((id) => versions(query.type, id)[0]!)
        .filter(
          (one) => (query.afterId === undefined || one.id > query.afterId) && holds(one, query),
        )
        .slice(0, query.countMax)
    },
  }
}

function fits(detail: MessageDetail, filter: MessageFilter): boolean {
  const { row } = detail
  const body = new TextDecoder().decode(detail.body)
  return (
    (filter.state === undefined || row.state === filter.state) &&
    (filter.source === undefined || row.source === filter.source) &&
    (filter.messageType === undefined || row.messageType === filter.messageType) &&
    (filter.controlId === undefined || detail.controlId === filter.controlId) &&
    (filter.patient === undefined || body.includes(`|${filter.patient}^`)) &&
    (filter.delivery === undefined || row.deliveries.some((one) => one.state === filter.delivery))
  )
}

function holds(stored: StoredResource, query: ResourceQuery): boolean {
  // A resource of any type, read for what it may have.
  const resource = stored.resource as {
    readonly identifier?: readonly { readonly system?: string; readonly value?: string }[]
    readonly subject?: { readonly reference?: string }
  }
  const hasIdentifier = (query.identifier ?? []).every((row) =>
    row.some((wanted) =>
      resource.identifier?.some(
        (one) =>
          one.value === wanted.value &&
          (wanted.system === undefined || wanted.system === (one.system ?? '')),
      ),
    ),
  )
  const isOfPatient =
    query.patient === undefined ||
    query.patient.some((id) => resource.subject?.reference === `Patient/${id}`)
  return hasIdentifier && isOfPatient && (query.id === undefined || query.id.includes(stored.id))
}

async function countAll(fake: FakeStore): ReturnType<Store['counts']> {
  const rows = fake.messages.map(({ row }) => row)
  const count = (state: string): number => rows.filter((row) => row.state === state).length
  const deliveries = rows.flatMap((row) => row.deliveries)
  const sent = (state: string): number => deliveries.filter((one) => one.state === state).length
  const open = rows.filter((row) => row.state === 'received').map((row) => row.receivedAtMs)
  return {
    messages: {
      received: count('received'),
      done: count('done'),
      held: count('held'),
      dead: count('dead'),
    },
    deliveries: {
      waiting: sent('waiting'),
      sending: sent('sending'),
      delivered: sent('delivered'),
      held: sent('held'),
      dead: sent('dead'),
    },
    resources: { Patient: fake.resources.filter(({ type }) => type === 'Patient').length },
    repeats: 3,
    ledger: { mapped: 1_204, ignored: 88, unmapped: 17 },
    auditEntries: fake.audit.length,
    oldestReceivedAtMs: open.length === 0 ? undefined : Math.min(...open),
  }
}

/** What a store throws when it is full. */
export const storeFull = () => APP_ERRORS.error('APP_STORE_UNAVAILABLE')
