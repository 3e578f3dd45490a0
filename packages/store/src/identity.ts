/**
 * Which stored record a draft means. Decided inside the transaction that commits the message, by
 * identifiers only, and never guessed: a draft that could mean two records, or that contradicts
 * the one it means, stops the message for a person.
 *
 * Hazards: wrong patient matched, results filed to another's record (docs/safety/notes.md).
 */
import type { Draft, Patient, Resource } from '@almoner/fhir'
import { valueAt } from '@almoner/fhir'
import { STORE_ERRORS } from './errors.ts'
import { findById, findByIdentifier, type ResourceRecord } from './resource-record.ts'
import type { Unit } from './unit.ts'

/** A chain of merges longer than this is a knot, not a history. */
const MERGES_MAX = 16

/**
 * The record that a draft means, or undefined when there is none yet.
 * @throws STORE_IDENTITY_AMBIGUOUS, STORE_IDENTITY_CONFLICT
 */
export async function identify(unit: Unit, draft: Draft): Promise<ResourceRecord | undefined> {
  const own = await matches(unit, draft, 'own')
  if (own.length > 1) throw ambiguous(draft)
  if (own[0] !== undefined) {
    refuseOtherNumber(draft, own[0])
    return own[0]
  }
  const shared = (await matches(unit, draft, 'shared')).filter(
    (record) => !holdsOtherOwnNumber(draft, record.resource),
  )
  if (shared.length > 1) throw ambiguous(draft)
  if (shared[0] !== undefined) refuseOtherBirthDate(draft, shared[0].resource)
  return shared[0]
}

async function matches(
  unit: Unit,
  draft: Draft,
  strength: 'own' | 'shared',
): Promise<readonly ResourceRecord[]> {
  const found = new Map<number, ResourceRecord>()
  for (const key of draft.identity.filter((one) => one.strength === strength)) {
    for (const record of await findByIdentifier(unit, draft.type, key)) {
      const meant = draft.follow === 'current' ? await currentPatient(unit, record) : record
      found.set(meant.rid, meant)
    }
  }
  // A merged patient keeps its numbers, and the one that replaced it may carry them too.
  if (draft.follow === 'exact' && found.size > 1) {
    const merged = [...found.values()].filter((record) => replacedBy(record.resource) !== undefined)
    if (merged.length === 1) return merged
  }
  return [...found.values()]
}

/** The patient that stands for this one after all merges. */
export async function currentPatient(unit: Unit, record: ResourceRecord): Promise<ResourceRecord> {
  let current = record
  for (let step = 0; step < MERGES_MAX; step += 1) {
    const next = replacedBy(current.resource)
    if (next === undefined) return current
    const found = await findById(unit, 'Patient', next)
    if (found === undefined) return current
    current = found
  }
  throw STORE_ERRORS.error('STORE_IDENTITY_AMBIGUOUS', { where: 'a chain of merges without end' })
}

/** Logical id of the patient that replaced this one. */
export function replacedBy(resource: Resource): string | undefined {
  if (resource.resourceType !== 'Patient') return undefined
  const link = resource.link?.find((one) => one.type === 'replaced-by')
  return link?.other.reference?.replace(/^Patient\//, '')
}

const ambiguous = (draft: Draft): Error =>
  STORE_ERRORS.error('STORE_IDENTITY_AMBIGUOUS', { where: `${draft.type} (${draft.name})` })

/** The sender numbers its patients itself: another number of the same kind is another patient. */
function holdsOtherOwnNumber(draft: Draft, resource: Resource): boolean {
  if (resource.resourceType !== 'Patient') return false
  const own = draft.identity.filter((one) => one.strength === 'own')
  return own.some((key) =>
    resource.identifier?.some((one) => one.system === key.system && one.value !== key.value),
  )
}

/** Found by the sender's own number, but under another shared number: perhaps another person. */
function refuseOtherNumber(draft: Draft, record: ResourceRecord): void {
  const { resource } = record
  if (resource.resourceType !== 'Patient' || draft.follow === 'exact') return
  for (const key of draft.identity.filter((one) => one.strength === 'shared')) {
    const held = resource.identifier?.filter((one) => one.system === key.system) ?? []
    if (held.length > 0 && !held.some((one) => one.value === key.value)) {
      throw STORE_ERRORS.error('STORE_IDENTITY_CONFLICT', {
        where: `Patient (${draft.name}): the record holds another NHS number`,
      })
    }
  }
}

/** Found by a shared number alone: the birth date must not contradict it. */
function refuseOtherBirthDate(draft: Draft, resource: Resource): void {
  if (resource.resourceType !== 'Patient') return
  const given = draft.slots.find((slot) => slot.path === 'birthDate')?.value
  const held = (resource as Patient).birthDate
  if (typeof given !== 'string' || held === undefined) return
  // Either may be partial (1975-06): they contradict when neither begins with the other.
  if (!given.startsWith(held) && !held.startsWith(given)) {
    throw STORE_ERRORS.error('STORE_IDENTITY_CONFLICT', {
      where: `Patient (${draft.name}): the record holds another birth date`,
    })
  }
}

/**
 * A visit, report or result never moves to another patient unseen.
 * `isSame` tells whether two patient ids stand for one patient after merges.
 */
export async function refuseOtherSubject(
  before: Resource,
  after: Resource,
  name: string,
  isSame: (leftId: string, rightId: string) => Promise<boolean>,
): Promise<void> {
  const [held, given] = [before, after].map((one) => valueAt(one, 'subject.reference'))
  if (typeof held !== 'string' || typeof given !== 'string' || held === given) return
  if (await isSame(held.replace('Patient/', ''), given.replace('Patient/', ''))) return
  throw STORE_ERRORS.error('STORE_IDENTITY_CONFLICT', {
    where: `${after.resourceType} (${name}): it belongs to another patient`,
  })
}
