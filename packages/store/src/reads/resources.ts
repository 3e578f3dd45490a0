/** Reads of FHIR resources. Called through the audited view only. */
import type { ResourceType } from '@almoner/fhir'
import type { ResourceQuery, StoredResource } from '../contract.ts'
import {
  identifierKey,
  identifierParameter,
  openBody,
  patientParameter,
  presentResource,
  type ResourceRow,
} from '../resource-record.ts'
import type { ReadContext } from './journal.ts'

const COLUMNS = ['rid', 'type', 'id', 'version', 'updated_at_ms', 'body'] as const

function present(context: ReadContext, row: ResourceRow): StoredResource {
  return {
    type: row.type as ResourceType,
    id: row.id,
    version: row.version,
    updatedAtMs: row.updated_at_ms,
    resource: presentResource(openBody(context.vault, row), row),
  }
}

export async function readResource(
  context: ReadContext,
  type: ResourceType,
  id: string,
): Promise<StoredResource | undefined> {
  const [row] = await context.session.query<ResourceRow>(
    context.session.db
      .selectFrom('resource')
      .select(COLUMNS)
      .where('tenant', '=', context.tenant)
      .where('type', '=', type)
      .where('id', '=', id),
  )
  return row === undefined ? undefined : present(context, row)
}

export async function readVersion(
  context: ReadContext,
  type: ResourceType,
  id: string,
  version: number,
): Promise<StoredResource | undefined> {
  const current = await readResource(context, type, id)
  if (current === undefined || current.version === version) return current
  const [row] = await context.session.query<ResourceRow>(
    context.session.db
      .selectFrom('resource_history')
      .innerJoin('resource', 'resource.rid', 'resource_history.rid')
      .select([
        'resource.rid',
        'resource.type',
        'resource.id',
        'resource_history.version',
        'resource_history.updated_at_ms',
        'resource_history.body',
      ])
      .where('resource.tenant', '=', context.tenant)
      .where('resource.type', '=', type)
      .where('resource.id', '=', id)
      .where('resource_history.version', '=', version),
  )
  return row === undefined ? undefined : present(context, row)
}

/** Resources for which every given criterion holds, by id; see ResourceQuery. */
export async function searchResources(
  context: ReadContext,
  wanted: ResourceQuery,
): Promise<readonly StoredResource[]> {
  const { session, tenant, vault } = context
  const { type, identifier = [], id, patient } = wanted
  // "Any of none" holds for nothing, and SQL has no empty list.
  if ([...identifier, id, patient].some((any) => any?.length === 0)) return []
  let query = session.db
    .selectFrom('resource')
    .select(COLUMNS)
    .where('resource.tenant', '=', tenant)
    .where('resource.type', '=', type)
    .orderBy('resource.id')
    .limit(wanted.countMax)
  if (wanted.afterId !== undefined) query = query.where('resource.id', '>', wanted.afterId)
  if (id !== undefined) query = query.where('resource.id', 'in', id)
  for (const any of identifier) {
    const keys = any.map((one) => identifierKey(vault, one))
    query = query.where('resource.rid', 'in', (eb) =>
      eb
        .selectFrom('resource_token')
        .select('resource_token.rid')
        .where('resource_token.tenant', '=', tenant)
        .where('resource_token.parameter', '=', identifierParameter(type))
        .where('resource_token.key', 'in', keys),
    )
  }
  if (patient !== undefined) {
    const targets = patient.map((one) => `Patient/${one}`)
    query = query.where('resource.rid', 'in', (eb) =>
      eb
        .selectFrom('resource_reference')
        .select('resource_reference.rid')
        .where('resource_reference.tenant', '=', tenant)
        .where('resource_reference.parameter', '=', patientParameter(type))
        .where('resource_reference.target', 'in', targets),
    )
  }
  const rows = await session.query<ResourceRow>(query)
  return rows.map((row) => present(context, row))
}
