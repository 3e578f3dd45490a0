/**
 * Patients that were merged: each names the one that replaced it (`link` of type `replaced-by`),
 * and that one may have been replaced in turn. Source: FHIR R4 patient.html, 8.1.3 and 8.1.12.
 */
import type { Resource } from '@almoner/fhir'
import { STORE_ERRORS } from './errors.ts'
import { findById, type ResourceRecord } from './resource-record.ts'
import type { Unit } from './unit.ts'

/** A chain of merges longer than this is a knot, not a history. */
const MERGES_MAX = 16

/** References to the patients that replaced this one: none or one, when all is well. */
export const survivorsOf = (resource: Resource): readonly string[] =>
  linked(resource, 'replaced-by')

function linked(resource: Resource, type: 'replaced-by' | 'replaces'): readonly string[] {
  if (resource.resourceType !== 'Patient') return []
  const links = resource.link?.filter((one) => one.type === type) ?? []
  return links.flatMap(({ other }) => (other.reference === undefined ? [] : [other.reference]))
}

/**
 * The patients that stand for this one, one after another; the last of them is the current one.
 * @throws STORE_IDENTITY_AMBIGUOUS
 */
export async function mergesAfter(
  unit: Unit,
  record: ResourceRecord,
): Promise<readonly ResourceRecord[]> {
  const chain: ResourceRecord[] = []
  for (let current: ResourceRecord | undefined = record; ; chain.push(current)) {
    const next: string | undefined = survivorsOf(current.resource)[0]
    current = next === undefined ? undefined : await findPatient(unit, next)
    if (current === undefined) return chain
    if (chain.length === MERGES_MAX) {
      throw STORE_ERRORS.error('STORE_IDENTITY_AMBIGUOUS', { where: 'a chain of merges' })
    }
  }
}

/** All patients that this one replaced, also those that they had replaced before. */
export async function mergesBefore(
  unit: Unit,
  record: ResourceRecord,
): Promise<readonly ResourceRecord[]> {
  const found = new Map<number, ResourceRecord>([[record.rid, record]])
  // A Map walks over what is added to it meanwhile, and each patient is added once.
  for (const one of found.values()) {
    for (const reference of linked(one.resource, 'replaces')) {
      const prior = await findPatient(unit, reference)
      if (prior !== undefined && !found.has(prior.rid)) found.set(prior.rid, prior)
    }
  }
  return [...found.values()].slice(1)
}

/** The patient that stands for this one after all merges. */
export async function currentPatient(unit: Unit, record: ResourceRecord): Promise<ResourceRecord> {
  return (await mergesAfter(unit, record)).at(-1) ?? record
}

/** Whether two references mean one patient after all merges. */
export async function isOnePatient(unit: Unit, left: string, right: string): Promise<boolean> {
  const [one, other] = [await findPatient(unit, left), await findPatient(unit, right)]
  if (one === undefined || other === undefined) return false
  return (await currentPatient(unit, one)).rid === (await currentPatient(unit, other)).rid
}

const findPatient = (unit: Unit, reference: string): Promise<ResourceRecord | undefined> =>
  findById(unit, 'Patient', reference.replace(/^Patient\//, ''))
