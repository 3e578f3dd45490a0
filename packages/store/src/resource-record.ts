/**
 * FHIR resources as records: sealed body, older versions beside it, blind keys to find it by.
 * The body holds neither id nor version; both are columns and come back on reading.
 */
import { type Identifier, type Resource, type ResourceType, valueAt } from '@almoner/fhir'
import type { Vault } from '@almoner/vault'
import { statement } from './statement.ts'
import type { Unit } from './unit.ts'

export type ResourceRecord = {
  readonly rid: number
  readonly id: string
  readonly version: number
  readonly resource: Resource
}

export type ResourceRow = {
  readonly rid: number
  readonly type: string
  readonly id: string
  readonly version: number
  readonly updated_at_ms: number
  readonly body: Uint8Array
}

const binding = (type: string, id: string, version: number): string =>
  `resource/${type}/${id}/${version}`

/** The opened body, as it was sealed: without id, versionId and lastUpdated. */
export function openBody(vault: Vault, row: Omit<ResourceRow, 'rid' | 'updated_at_ms'>): Resource {
  const plain = vault.open(row.body, binding(row.type, row.id, row.version))
  // Sealed by sealBody below and authenticated by the seal.
  return JSON.parse(Buffer.from(plain).toString('utf8')) as Resource
}

const sealBody = (vault: Vault, id: string, version: number, resource: Resource): Uint8Array =>
  vault.seal(Buffer.from(JSON.stringify(resource)), binding(resource.resourceType, id, version))

/** The resource as FHIR gives it out: its id, version and time are the store's, whatever it says. */
export function presentResource(
  resource: Resource,
  row: Pick<ResourceRow, 'id' | 'version' | 'updated_at_ms'>,
): Resource {
  const { resourceType, id: _id, meta, ...rest } = resource
  const lastUpdated = new Date(row.updated_at_ms).toISOString()
  return {
    resourceType,
    id: row.id,
    meta: { ...meta, versionId: String(row.version), lastUpdated },
    ...rest,
  } as Resource
}

// ---------------------------------------------------------------- blind keys

/**
 * What an identifier is found by. Under its system (empty: it has none) and value, or, when only
 * the value is asked for, by the value under any system.
 */
const tokenOf = (identifier: { readonly system?: string | undefined; readonly value: string }) =>
  identifier.system === undefined
    ? `value\n${identifier.value}`
    : `system\n${identifier.system}\n${identifier.value}`

export const identifierKey = (
  vault: Vault,
  identifier: { readonly system?: string | undefined; readonly value: string },
): string => vault.blind('token', tokenOf(identifier))

export const identifierParameter = (type: string): string => `${type}.identifier`
export const patientParameter = (type: string): string => `${type}.patient`

/** Not yet blind: keys are made only for what an index gains or loses. */
function tokensOf(resource: Resource | undefined): ReadonlySet<string> {
  const held = valueAt(resource, 'identifier')
  // Most types hold a list, a few (Bundle, QuestionnaireResponse) a single one.
  const list = (Array.isArray(held) ? held : [held]) as readonly (Identifier | undefined)[]
  const tokens = list.flatMap((one) => {
    if (one?.value === undefined) return []
    return [tokenOf({ system: one.system ?? '', value: one.value }), tokenOf({ value: one.value })]
  })
  return new Set(tokens)
}

/** The reference to the patient that a resource is about, if it is about one. */
export function patientReference(resource: Resource | undefined): string | undefined {
  const reference = valueAt(resource, 'subject.reference') ?? valueAt(resource, 'patient.reference')
  return typeof reference === 'string' && reference.startsWith('Patient/') ? reference : undefined
}

// ---------------------------------------------------------------- finding

/** Without the body: most records that a writer looks for are in its cache. */
type RecordHead = Omit<ResourceRow, 'body'>

/** A number that so many records carry is a placeholder of some system and means none of them. */
export const RECORDS_MAX = 50

const byToken = statement<{ tenant: number; parameter: string; key: string }, RecordHead>(
  (db, arg) =>
    db
      .selectFrom('resource_token')
      .innerJoin('resource', 'resource.rid', 'resource_token.rid')
      .select([
        'resource.rid',
        'resource.type',
        'resource.id',
        'resource.version',
        'resource.updated_at_ms',
      ])
      .where('resource_token.tenant', '=', arg('tenant'))
      .where('resource_token.parameter', '=', arg('parameter'))
      .where('resource_token.key', '=', arg('key'))
      .orderBy('resource_token.rid')
      .limit(RECORDS_MAX),
)

const bodyOf = statement<{ rid: number }, { body: Uint8Array }>((db, arg) =>
  db.selectFrom('resource').select('body').where('rid', '=', arg('rid')),
)

const byId = statement<{ tenant: number; type: string; id: string }, RecordHead>((db, arg) =>
  db
    .selectFrom('resource')
    .select(['rid', 'type', 'id', 'version', 'updated_at_ms'])
    .where('tenant', '=', arg('tenant'))
    .where('type', '=', arg('type'))
    .where('id', '=', arg('id')),
)

async function open(unit: Unit, head: RecordHead): Promise<ResourceRecord> {
  const { rid, id, version } = head
  const cached = unit.cache.get(rid, version)
  if (cached !== undefined) return { rid, id, version, resource: cached }
  // The head was read in this transaction, so the row is still there.
  const { body } = (await unit.session.first(bodyOf, { rid }))!
  const resource = openBody(unit.vault, { ...head, body })
  unit.cache.set(rid, version, { resource, sizeBytes: body.length })
  return { rid, id, version, resource }
}

/** At most RECORDS_MAX resources of a type that carry this identifier, oldest first. */
export async function findByIdentifier(
  unit: Unit,
  type: ResourceType,
  identifier: { readonly system: string; readonly value: string },
): Promise<readonly ResourceRecord[]> {
  const key = identifierKey(unit.vault, identifier)
  const parameter = identifierParameter(type)
  const heads = await unit.session.all(byToken, { tenant: unit.tenant, parameter, key })
  const records: ResourceRecord[] = []
  for (const head of heads) records.push(await open(unit, head))
  return records
}

export async function findById(
  unit: Unit,
  type: ResourceType,
  id: string,
): Promise<ResourceRecord | undefined> {
  const row = await unit.session.first(byId, { tenant: unit.tenant, type, id })
  return row === undefined ? undefined : await open(unit, row)
}

// ---------------------------------------------------------------- writing

const insertResource = statement<
  {
    tenant: number
    type: string
    id: string
    updatedAtMs: number
    body: Uint8Array
  },
  { rid: number }
>((db, arg) =>
  db
    .insertInto('resource')
    .values({
      tenant: arg('tenant'),
      type: arg('type'),
      id: arg('id'),
      version: 1,
      updated_at_ms: arg('updatedAtMs'),
      body: arg('body'),
    })
    .returning('rid'),
)

const keepHistory = statement<{ rid: number }>((db, arg) =>
  db
    .insertInto('resource_history')
    .columns(['rid', 'version', 'tenant', 'updated_at_ms', 'body'])
    .expression(
      db
        .selectFrom('resource')
        .select(['rid', 'version', 'tenant', 'updated_at_ms', 'body'])
        .where('rid', '=', arg('rid')),
    ),
)

const updateResource = statement<{
  rid: number
  version: number
  updatedAtMs: number
  body: Uint8Array
}>((db, arg) =>
  db
    .updateTable('resource')
    .set({ version: arg('version'), updated_at_ms: arg('updatedAtMs'), body: arg('body') })
    .where('rid', '=', arg('rid')),
)

const insertToken = statement<{ tenant: number; parameter: string; key: string; rid: number }>(
  (db, arg) =>
    db.insertInto('resource_token').values({
      tenant: arg('tenant'),
      parameter: arg('parameter'),
      key: arg('key'),
      rid: arg('rid'),
    }),
)

const deleteToken = statement<{ tenant: number; parameter: string; key: string; rid: number }>(
  (db, arg) =>
    db
      .deleteFrom('resource_token')
      .where('tenant', '=', arg('tenant'))
      .where('parameter', '=', arg('parameter'))
      .where('key', '=', arg('key'))
      .where('rid', '=', arg('rid')),
)

const insertReference = statement<{
  tenant: number
  parameter: string
  target: string
  rid: number
}>((db, arg) =>
  db.insertInto('resource_reference').values({
    tenant: arg('tenant'),
    parameter: arg('parameter'),
    target: arg('target'),
    rid: arg('rid'),
  }),
)

const deleteReference = statement<{
  tenant: number
  parameter: string
  target: string
  rid: number
}>((db, arg) =>
  db
    .deleteFrom('resource_reference')
    .where('tenant', '=', arg('tenant'))
    .where('parameter', '=', arg('parameter'))
    .where('target', '=', arg('target'))
    .where('rid', '=', arg('rid')),
)

/** Writes the difference of two sets of index rows. */
async function changeIndexes(
  unit: Unit,
  rid: number,
  before: Resource | undefined,
  after: Resource,
): Promise<void> {
  const { session, tenant, vault } = unit
  const type = after.resourceType
  const [oldTokens, newTokens] = [tokensOf(before), tokensOf(after)]
  const parameter = identifierParameter(type)
  for (const token of newTokens.difference(oldTokens)) {
    await session.run(insertToken, { tenant, parameter, key: vault.blind('token', token), rid })
  }
  for (const token of oldTokens.difference(newTokens)) {
    await session.run(deleteToken, { tenant, parameter, key: vault.blind('token', token), rid })
  }
  const [oldTarget, newTarget] = [patientReference(before), patientReference(after)]
  if (oldTarget === newTarget) return
  const reference = { tenant, parameter: patientParameter(type), rid }
  if (newTarget !== undefined) {
    await session.run(insertReference, { ...reference, target: newTarget })
  }
  if (oldTarget !== undefined) {
    await session.run(deleteReference, { ...reference, target: oldTarget })
  }
}

export async function createRecord(
  unit: Unit,
  id: string,
  resource: Resource,
  atMs: number,
): Promise<ResourceRecord> {
  const type = resource.resourceType
  const body = sealBody(unit.vault, id, 1, resource)
  const row = await unit.session.first(insertResource, {
    tenant: unit.tenant,
    type,
    id,
    updatedAtMs: atMs,
    body,
  })
  // `returning` on an insert that did not throw gives its row.
  const { rid } = row!
  await changeIndexes(unit, rid, undefined, resource)
  unit.count(`resource.${type}`, 1)
  unit.cache.set(rid, 1, { resource, sizeBytes: body.length })
  return { rid, id, version: 1, resource }
}

/** The next version of a resource; the one before stays in the history. */
export async function updateRecord(
  unit: Unit,
  record: ResourceRecord,
  resource: Resource,
  atMs: number,
): Promise<ResourceRecord> {
  const { rid, id } = record
  const version = record.version + 1
  await unit.session.run(keepHistory, { rid })
  const body = sealBody(unit.vault, id, version, resource)
  await unit.session.run(updateResource, { rid, version, updatedAtMs: atMs, body })
  await changeIndexes(unit, rid, record.resource, resource)
  unit.cache.set(rid, version, { resource, sizeBytes: body.length })
  return { rid, id, version, resource }
}
