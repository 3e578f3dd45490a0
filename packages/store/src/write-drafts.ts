/** Writes what the drafts of one message say into the records that they mean. */
import assert from 'node:assert/strict'
import { applyDraft, type Patient, type Resource, sameJson } from '@almoner/fhir'
import type { MessageCommit, WrittenResource } from './contract.ts'
import { memoryKey } from './draft-memory.ts'
import { type DraftTargets, resolveDraft } from './draft-references.ts'
import { STORE_ERRORS } from './errors.ts'
import { type Bound, identify, refuseOtherSubject, refuseOtherSurvivor } from './identity.ts'
import { createRecord, type ResourceRecord, updateRecord } from './resource-record.ts'
import type { Unit } from './unit.ts'

/** @throws STORE_IDENTITY_MISSING, STORE_IDENTITY_AMBIGUOUS, STORE_IDENTITY_CONFLICT */
export async function writeDrafts(
  unit: Unit,
  commit: MessageCommit,
): Promise<readonly WrittenResource[]> {
  const bound = await bindDrafts(unit, commit)
  const targets: DraftTargets = {
    names: new Set(commit.drafts.map((draft) => draft.name)),
    references: new Map(bound.map(({ draft, id }) => [draft.name, `${draft.type}/${id}`])),
  }
  const latest = new Map<string, ResourceRecord>()
  const written: WrittenResource[] = []
  for (const one of bound.filter((each) => !isMergeIntoItself(each, bound))) {
    const { draft, id } = one
    if (one.unchangedIn !== undefined && !latest.has(id)) {
      const { name, type } = draft
      written.push({ name, type, id, version: one.unchangedIn, change: 'unchanged' })
      continue
    }
    const before = latest.get(id) ?? one.record
    const applied = applyDraft(before?.resource, resolveDraft(draft, targets))
    const after = withoutLinkToItself(applied, id)
    const { name, type } = draft
    if (before !== undefined && sameJson(after, before.resource)) {
      written.push({ name, type, id, version: before.version, change: 'unchanged' })
      if (one.memoryKey !== undefined) {
        unit.memory.set(one.memoryKey, { id, version: before.version })
      }
      continue
    }
    if (before !== undefined) {
      await refuseOtherSubject(unit, draft, before.resource, after)
      await refuseOtherSurvivor(unit, draft, before.resource, after)
    }
    const record =
      before === undefined
        ? await createRecord(unit, id, after, commit.atMs)
        : await updateRecord(unit, before, after, commit.atMs)
    latest.set(id, record)
    unit.memory.changed(type)
    const change = before === undefined ? 'created' : 'updated'
    written.push({ name, type, id, version: record.version, change })
  }
  return written
}

/** Finds the record of each draft before anything is written, so that references can be real. */
async function bindDrafts(unit: Unit, commit: MessageCommit): Promise<readonly Bound[]> {
  const bound: Bound[] = []
  const references = new Map<string, string>()
  const bind = (one: Bound): void => {
    bound.push(one)
    references.set(one.draft.name, `${one.draft.type}/${one.id}`)
  }
  for (const [index, draft] of commit.drafts.entries()) {
    if (draft.identity.length === 0 && draft.ifUnidentified !== 'create') {
      if (draft.ifUnidentified === 'skip') continue
      throw STORE_ERRORS.error('STORE_IDENTITY_MISSING', { where: `${draft.type} (${draft.name})` })
    }
    const key = memoryKey(draft, references)
    const known = key === undefined ? undefined : unit.memory.get(key)
    if (known !== undefined) {
      bind({ draft, id: known.id, record: undefined, unchangedIn: known.version })
      continue
    }
    const newId = commit.newIds[index]
    assert(newId !== undefined, 'a commit has an id ready for each draft')
    const match = await identify(unit, draft, bound)
    bind({ draft, id: match?.id ?? newId, record: match?.record, memoryKey: key })
  }
  return bound
}

/** A merge of a patient into itself has already happened: there is nothing to replace. */
function isMergeIntoItself({ draft, id }: Bound, bound: readonly Bound[]): boolean {
  const isSurvivor = (one: Bound): boolean =>
    one.draft.follow === 'current' && one.draft.type === draft.type && one.id === id
  return draft.follow === 'exact' && bound.some(isSurvivor)
}

function withoutLinkToItself(resource: Resource, id: string): Resource {
  if (resource.resourceType !== 'Patient' || resource.link === undefined) return resource
  const link = resource.link.filter((one) => one.other.reference !== `Patient/${id}`)
  if (link.length === resource.link.length) return resource
  const { link: _link, ...rest } = resource
  const patient: Patient = link.length === 0 ? rest : { ...rest, link }
  return patient
}
