/**
 * Commits what a message means: resources, index rows, deliveries, ledger, audit and the
 * journal's state together, or nothing at all.
 */
import {
  applyDraft,
  type Draft,
  type Patient,
  type Resource,
  resolveReferences,
  sameJson,
} from '@almoner/fhir'
import type { CommitResult, MessageCommit, WrittenResource } from '../contract.ts'
import { STORE_ERRORS } from '../errors.ts'
import { currentPatient, identify, refuseOtherSubject } from '../identity.ts'
import { createRecord, findById, type ResourceRecord, updateRecord } from '../resource-record.ts'
import { statement } from '../statement.ts'
import type { Unit } from '../unit.ts'
import { noteMessagePatients } from './message-patients.ts'

const finishMessage = statement<
  {
    tenant: number
    seq: number
    atMs: number
    purpose: string
    mapped: number
    ignored: number
    unmapped: number
    paths: string
    resources: string
  },
  { seq: number }
>((db, arg) =>
  db
    .updateTable('journal')
    .set((eb) => ({
      state: 'done',
      finished_at_ms: arg('atMs'),
      attempts: eb('attempts', '+', 1),
      code: null,
      place: null,
      detail: null,
      purpose: arg('purpose'),
      ledger_mapped: arg('mapped'),
      ledger_ignored: arg('ignored'),
      ledger_unmapped: arg('unmapped'),
      ledger_paths: arg('paths'),
      resources: arg('resources'),
    }))
    .where('tenant', '=', arg('tenant'))
    .where('seq', '=', arg('seq'))
    .where('state', '=', 'received')
    .returning('seq'),
)

const insertDelivery = statement<{
  tenant: number
  id: string
  messageSeq: number
  messageId: string
  destination: string
  laneKeys: string
  dueAtMs: number
  agreement: string
  payload: Uint8Array | null
}>((db, arg) =>
  db.insertInto('outbox').values({
    tenant: arg('tenant'),
    id: arg('id'),
    message_seq: arg('messageSeq'),
    message_id: arg('messageId'),
    destination: arg('destination'),
    state: 'waiting',
    lane_keys: arg('laneKeys'),
    attempts: 0,
    maybe_repeat: 0,
    due_at_ms: arg('dueAtMs'),
    agreement: arg('agreement'),
    payload: arg('payload'),
  }),
)

/** A draft with the record it means; `id` is the record's, or the new one it will get. */
type Bound = {
  readonly draft: Draft
  readonly id: string
  readonly record: ResourceRecord | undefined
}

/**
 * @throws STORE_IDENTITY_MISSING, STORE_IDENTITY_AMBIGUOUS, STORE_IDENTITY_CONFLICT: the message
 * waits for a person and nothing of it is written.
 */
export async function commitMessage(unit: Unit, commit: MessageCommit): Promise<CommitResult> {
  const resources = await writeDrafts(unit, commit)
  const { session, tenant } = unit
  const { seq, id, atMs, ledger, purpose } = commit
  const finished = await session.first(finishMessage, {
    tenant,
    seq,
    atMs,
    purpose,
    mapped: ledger.mapped,
    ignored: ledger.ignored,
    unmapped: ledger.unmapped,
    paths: JSON.stringify(ledger.unmappedPaths),
    resources: JSON.stringify(resources),
  })
  // Committed before, by this engine or another: the whole unit rolls back, so nothing is twice.
  if (finished === undefined) throw STORE_ERRORS.error('STORE_ALREADY_FINISHED')

  await noteMessagePatients(unit, seq, commit.patientKeys)
  await writeDeliveries(unit, commit)
  unit.count('message.received', -1)
  unit.count('message.done', 1)
  unit.count('ledger.mapped', ledger.mapped)
  unit.count('ledger.ignored', ledger.ignored)
  unit.count('ledger.unmapped', ledger.unmapped)
  unit.audit({
    atMs,
    actor: { kind: 'system', id: commit.route, name: `route ${commit.route}` },
    action: 'message.process',
    outcome: 'success',
    purpose,
    subjects: [
      id,
      ...resources
        .filter((one) => one.change !== 'unchanged')
        .map((one) => `${one.type}/${one.id}/_history/${one.version}`),
    ],
  })
  return { resources }
}

async function writeDeliveries(unit: Unit, commit: MessageCommit): Promise<void> {
  for (const delivery of commit.deliveries) {
    const { id, payload } = delivery
    await unit.session.run(insertDelivery, {
      tenant: unit.tenant,
      id,
      messageSeq: commit.seq,
      messageId: commit.id,
      destination: delivery.destination,
      laneKeys: delivery.laneKeys.join(' '),
      dueAtMs: commit.atMs,
      agreement: delivery.agreement,
      payload: payload === 'original' ? null : unit.vault.seal(payload, `outbox/${id}`),
    })
    unit.count('delivery.waiting', 1)
  }
}

async function writeDrafts(unit: Unit, commit: MessageCommit): Promise<readonly WrittenResource[]> {
  const bound = await bindDrafts(unit, commit)
  const idOf = new Map(bound.map(({ draft, id }) => [draft.name, `${draft.type}/${id}`]))
  const latest = new Map<string, ResourceRecord>()
  const written: WrittenResource[] = []
  for (const { draft, id, record } of bound) {
    const before = latest.get(id) ?? record
    const resolved = resolveReferences(draft, (name) => idOf.get(name))
    const after = withoutSelfLink(applyDraft(before?.resource, resolved), id)
    const { name, type } = draft
    if (before === undefined) {
      const made = await createRecord(unit, id, after, commit.atMs)
      latest.set(id, made)
      written.push({ name, type, id, version: 1, change: 'created' })
    } else if (sameJson(after, before.resource)) {
      written.push({ name, type, id, version: before.version, change: 'unchanged' })
    } else {
      await refuseOtherSubject(before.resource, after, name, (left, right) =>
        isSamePatient(unit, left, right),
      )
      const made = await updateRecord(unit, before, after, commit.atMs)
      latest.set(id, made)
      written.push({ name, type, id, version: made.version, change: 'updated' })
    }
  }
  return written
}

/** Finds the record of each draft before anything is written, so that references can be real. */
async function bindDrafts(unit: Unit, commit: MessageCommit): Promise<readonly Bound[]> {
  const bound: Bound[] = []
  const newByKey = new Map<string, string>()
  for (const [index, draft] of commit.drafts.entries()) {
    if (draft.identity.length === 0 && draft.ifUnidentified !== 'create') {
      if (draft.ifUnidentified === 'skip') continue
      throw STORE_ERRORS.error('STORE_IDENTITY_MISSING', { where: `${draft.type} (${draft.name})` })
    }
    const record = await identify(unit, draft)
    // Two drafts of one message may name the same new thing: it is made once.
    const keys = draft.identity.map((key) => `${draft.type}|${key.system}|${key.value}`)
    const twin = keys.map((key) => newByKey.get(key)).find((id) => id !== undefined)
    const id = record?.id ?? twin ?? commit.newIds[index]!
    if (record === undefined) for (const key of keys) newByKey.set(key, id)
    // A merge of a patient into itself has already happened: there is nothing to replace.
    const isItself = draft.follow === 'exact' && bound.some((one) => one.id === id)
    if (!isItself) bound.push({ draft, id, record })
  }
  return bound
}

function withoutSelfLink(resource: Resource, id: string): Resource {
  if (resource.resourceType !== 'Patient' || resource.link === undefined) return resource
  const link = resource.link.filter((one) => one.other.reference !== `Patient/${id}`)
  // A link to a draft that was left out (see above) points nowhere.
  const real = link.filter((one) => one.other.reference?.startsWith('Patient/') === true)
  if (real.length === resource.link.length) return resource
  const { link: _link, ...rest } = resource
  return real.length === 0 ? (rest as Patient) : { ...rest, link: real }
}

async function isSamePatient(unit: Unit, leftId: string, rightId: string): Promise<boolean> {
  const [left, right] = [
    await findById(unit, 'Patient', leftId),
    await findById(unit, 'Patient', rightId),
  ]
  if (left === undefined || right === undefined) return false
  return (await currentPatient(unit, left)).rid === (await currentPatient(unit, right)).rid
}
