/**
 * Which stored record a draft means. Decided inside the transaction that commits the message, by
 * identifiers only, and never guessed: a draft that could mean two records, or that contradicts
 * the one it means, stops the message for a person.
 *
 * Hazards: wrong patient matched, results filed to another's record (docs/safety/notes.md).
 */
import { applyDraft, type Draft, type IdentityKey, type Resource } from '@almoner/fhir'
import { STORE_ERRORS } from './errors.ts'
import { currentPatient, isOnePatient, mergesAfter, survivorsOf } from './merge-chain.ts'
import {
  findByIdentifier,
  patientReference,
  RECORDS_MAX,
  type ResourceRecord,
} from './resource-record.ts'
import type { Unit } from './unit.ts'

/** A draft with the record it means; `id` is the record's, or the one it will get. */
export type Bound = {
  readonly draft: Draft
  readonly id: string
  readonly record: ResourceRecord | undefined
  /** The draft is known to change nothing in this version of its record. */
  readonly unchangedIn?: number
  /** Under which it is remembered when it changed nothing. */
  readonly memoryKey?: string | undefined
}

/** A record that a draft may mean: stored, or made by an earlier draft of the same message. */
type Match = Omit<Bound, 'draft'> & { readonly resource: Resource }

/**
 * What a draft means, or undefined when there is nothing yet. `earlier` are the drafts of the
 * same message before it: two that name the same new thing make it once.
 * @throws STORE_IDENTITY_AMBIGUOUS, STORE_IDENTITY_CONFLICT
 */
export async function identify(
  unit: Unit,
  draft: Draft,
  earlier: readonly Bound[],
): Promise<Omit<Bound, 'draft'> | undefined> {
  const own = await matches(unit, draft, 'own', earlier)
  if (own.length > 1) throw ambiguous(draft)
  if (own[0] !== undefined) {
    refuseOtherNumber(draft, own[0].resource)
    return own[0]
  }
  const shared = (await matches(unit, draft, 'shared', earlier)).filter(
    (match) => !holdsOtherOwnNumber(draft, match.resource),
  )
  if (shared.length > 1) throw ambiguous(draft)
  if (shared[0] !== undefined) refuseOtherBirthDate(draft, shared[0].resource)
  return shared[0]
}

async function matches(
  unit: Unit,
  draft: Draft,
  strength: IdentityKey['strength'],
  earlier: readonly Bound[],
): Promise<readonly Match[]> {
  const found = new Map<string, Match>()
  for (const key of draft.identity.filter((one) => one.strength === strength)) {
    const records = await findByIdentifier(unit, draft.type, key)
    if (records.length === RECORDS_MAX) throw ambiguous(draft)
    for (const record of records) {
      const meant = draft.follow === 'current' ? await currentPatient(unit, record) : record
      found.set(meant.id, { id: meant.id, record: meant, resource: meant.resource })
    }
    for (const { draft: other, id, record } of earlier) {
      if (other.type !== draft.type || found.has(id) || !other.identity.some(isSame(key))) continue
      found.set(id, { id, record, resource: applyDraft(record?.resource, other) })
    }
  }
  return draft.follow === 'exact' ? firstOfMerges(unit, [...found.values()]) : [...found.values()]
}

const isSame = (left: IdentityKey) => (right: IdentityKey) =>
  left.system === right.system && left.value === right.value

/**
 * Whoever replaced a patient may carry its numbers too. Of all that carry a number, the patient
 * itself is the one at the beginning of the chain.
 */
async function firstOfMerges(unit: Unit, found: readonly Match[]): Promise<readonly Match[]> {
  if (found.length < 2) return found
  const later = new Set<string>()
  for (const { record } of found) {
    if (record === undefined) continue
    for (const one of await mergesAfter(unit, record)) later.add(one.id)
  }
  return found.filter((match) => !later.has(match.id))
}

const ambiguous = (draft: Draft): Error =>
  STORE_ERRORS.error('STORE_IDENTITY_AMBIGUOUS', { where: `${draft.type} (${draft.name})` })

const conflict = (draft: Draft, why: string): Error =>
  STORE_ERRORS.error('STORE_IDENTITY_CONFLICT', { where: `${draft.type} (${draft.name}): ${why}` })

/** The sender numbers its patients itself: another number of the same kind is another patient. */
function holdsOtherOwnNumber(draft: Draft, resource: Resource): boolean {
  if (resource.resourceType !== 'Patient') return false
  const own = draft.identity.filter((one) => one.strength === 'own')
  return own.some((key) =>
    resource.identifier?.some((one) => one.system === key.system && one.value !== key.value),
  )
}

/** Found by the sender's own number, but under another shared number: perhaps another person. */
function refuseOtherNumber(draft: Draft, resource: Resource): void {
  if (resource.resourceType !== 'Patient' || draft.follow === 'exact') return
  for (const key of draft.identity.filter((one) => one.strength === 'shared')) {
    const held = resource.identifier?.filter((one) => one.system === key.system) ?? []
    if (held.length > 0 && !held.some((one) => one.value === key.value)) {
      throw conflict(draft, 'the record holds another NHS number')
    }
  }
}

/** Found by a shared number alone: the birth date must not contradict it. */
function refuseOtherBirthDate(draft: Draft, resource: Resource): void {
  if (resource.resourceType !== 'Patient') return
  const given = draft.slots.find((slot) => slot.path === 'birthDate')?.value
  const held = resource.birthDate
  if (typeof given !== 'string' || held === undefined) return
  // Either may be partial (1975-06): they contradict when neither begins with the other.
  if (!given.startsWith(held) && !held.startsWith(given)) {
    throw conflict(draft, 'the record holds another birth date')
  }
}

/**
 * A visit, report or result never moves to another patient, nor to none, unseen.
 * @throws STORE_IDENTITY_CONFLICT unless both stand for one patient after merges
 */
export async function refuseOtherSubject(
  unit: Unit,
  draft: Draft,
  before: Resource,
  after: Resource,
): Promise<void> {
  const [held, given] = [patientReference(before), patientReference(after)]
  if (held === undefined || held === given) return
  if (given !== undefined && (await isOnePatient(unit, held, given))) return
  throw conflict(draft, 'it belongs to another patient')
}

/**
 * A patient is replaced by one other. A second merge into someone else contradicts the first.
 * @throws STORE_IDENTITY_CONFLICT
 */
export async function refuseOtherSurvivor(
  unit: Unit,
  draft: Draft,
  before: Resource,
  after: Resource,
): Promise<void> {
  const [first, ...others] = [...survivorsOf(before), ...survivorsOf(after)]
  for (const other of others) {
    if (first === other || (await isOnePatient(unit, first!, other))) continue
    throw conflict(draft, 'it was merged into another patient before')
  }
}
