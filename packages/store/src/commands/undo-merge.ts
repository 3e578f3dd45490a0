/** Takes a merge back: the replaced patient stands for itself again. */
import type { Patient } from '@almoner/fhir'
import type { Commands, MergeUndo } from '../contract.ts'
import { STORE_ERRORS } from '../errors.ts'
import { replacedBy } from '../identity.ts'
import { findById, type ResourceRecord, updateRecord } from '../resource-record.ts'
import type { Unit } from '../unit.ts'

const NHS_NUMBER = 'https://fhir.nhs.uk/Id/nhs-number'

/**
 * Both patients are active again and the links are gone. The survivor also gives back the local
 * numbers that are the other's, so that a later message finds one patient by them and not two.
 * @throws STORE_NOT_A_MERGE
 */
export async function undoMerge(
  unit: Unit,
  undo: MergeUndo,
): Promise<ReturnType<Commands['undoMerge']>> {
  const prior = await findById(unit, 'Patient', undo.patientId)
  const survivorId = prior === undefined ? undefined : replacedBy(prior.resource)
  const survivor =
    survivorId === undefined ? undefined : await findById(unit, 'Patient', survivorId)
  if (prior === undefined || survivor === undefined) {
    throw STORE_ERRORS.error('STORE_NOT_A_MERGE', { where: `Patient/${undo.patientId}` })
  }
  const changed = [
    await updateRecord(unit, prior, unmerged(prior), undo.atMs),
    await updateRecord(unit, survivor, withoutPrior(survivor, prior), undo.atMs),
  ]
  unit.audit({
    atMs: undo.atMs,
    actor: undo.by,
    action: 'merge.undo',
    outcome: 'success',
    purpose: 'operations',
    subjects: changed.map((one) => `Patient/${one.id}/_history/${one.version}`),
    note: undo.why,
  })
  return { restored: changed.map((one) => one.id) }
}

function unmerged(prior: ResourceRecord): Patient {
  const { link, ...rest } = prior.resource as Patient
  const others = link?.filter((one) => one.type !== 'replaced-by') ?? []
  return { ...rest, active: true, ...(others.length > 0 ? { link: others } : {}) }
}

function withoutPrior(survivor: ResourceRecord, prior: ResourceRecord): Patient {
  const { link, identifier, ...rest } = survivor.resource as Patient
  const links = link?.filter((one) => one.other.reference !== `Patient/${prior.id}`) ?? []
  const theirs = (prior.resource as Patient).identifier ?? []
  const kept =
    identifier?.filter(
      (one) =>
        one.system === NHS_NUMBER ||
        !theirs.some((other) => other.system === one.system && other.value === one.value),
    ) ?? []
  return {
    ...rest,
    ...(kept.length > 0 ? { identifier: kept } : {}),
    ...(links.length > 0 ? { link: links } : {}),
  }
}
