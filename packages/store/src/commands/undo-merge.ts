/** Takes a merge back: the replaced patient stands for itself again. */
import { type Identifier, type Patient, sameJson, withValueAt } from '@almoner/fhir'
import type { Commands, MergeUndo } from '../contract.ts'
import { STORE_ERRORS } from '../errors.ts'
import { mergesAfter, mergesBefore } from '../merge-chain.ts'
import { findById, type ResourceRecord, updateRecord } from '../resource-record.ts'
import type { Unit } from '../unit.ts'

const NHS_NUMBER = 'https://fhir.nhs.uk/Id/nhs-number'

/**
 * Both patients are active again and the links are gone. The survivor, and whoever replaced it in
 * turn, also give back the local numbers that are the other's, so that a later message finds one
 * patient by them and not two. What was filed to the survivor meanwhile stays with it: a person
 * must look.
 * @throws STORE_NOT_A_MERGE
 */
export async function undoMerge(
  unit: Unit,
  undo: MergeUndo,
): Promise<ReturnType<Commands['undoMerge']>> {
  const prior = await findById(unit, 'Patient', undo.patientId)
  const chain = prior === undefined ? [] : await mergesAfter(unit, prior)
  const [survivor, ...later] = chain
  if (prior === undefined || survivor === undefined) {
    throw STORE_ERRORS.error('STORE_NOT_A_MERGE')
  }
  const theirs = [prior, ...(await mergesBefore(unit, prior))].flatMap(
    (record) => patientOf(record).identifier ?? [],
  )
  const changed = [
    await updateRecord(unit, prior, unmerged(prior), undo.atMs),
    await updateRecord(unit, survivor, withoutPrior(survivor, prior, theirs), undo.atMs),
  ]
  for (const record of later) {
    const after = withoutPrior(record, prior, theirs)
    if (sameJson(after, record.resource)) continue
    changed.push(await updateRecord(unit, record, after, undo.atMs))
  }
  unit.audit({
    atMs: undo.atMs,
    actor: undo.by,
    action: 'merge.undo',
    outcome: 'success',
    purpose: 'operations',
    subjects: changed.map((one) => `Patient/${one.id}/_history/${one.version}`),
    note: undo.why,
  })
  return { restored: changed.slice(0, 2).map((one) => one.id) }
}

/** Only patients are found by id of a patient and by links of patients. */
const patientOf = (record: ResourceRecord): Patient => record.resource as Patient

function unmerged(prior: ResourceRecord): Patient {
  const others = patientOf(prior).link?.filter((one) => one.type !== 'replaced-by')
  return withValueAt(withValueAt(patientOf(prior), 'active', true), 'link', others)
}

/** `theirs`: the numbers of the prior and of all whom it replaced before. */
function withoutPrior(
  survivor: ResourceRecord,
  prior: ResourceRecord,
  theirs: readonly Identifier[],
): Patient {
  const { link, identifier } = patientOf(survivor)
  const links = link?.filter((one) => one.other.reference !== `Patient/${prior.id}`)
  const kept = identifier?.filter(
    (one) =>
      one.system === NHS_NUMBER ||
      !theirs.some((other) => other.system === one.system && other.value === one.value),
  )
  return withValueAt(withValueAt(patientOf(survivor), 'identifier', kept), 'link', links)
}
