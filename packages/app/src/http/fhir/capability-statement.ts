/**
 * What the FHIR API does, and nothing that it does not. Source: FHIR R4 CapabilityStatement. A
 * test asks for every interaction and parameter that is listed here, and for others that are not.
 */
import type { Resource, ResourceType } from '@almoner/fhir'
import { patientParameters, servedTypes } from './resource-types.ts'

type CapabilityStatement = Extract<Resource, { resourceType: 'CapabilityStatement' }>

export function capabilityStatement(facts: {
  readonly baseUrl: string
  readonly startedAtMs: number
  readonly softwareVersion: string
  readonly siteName: string
}): CapabilityStatement {
  return {
    resourceType: 'CapabilityStatement',
    status: 'active',
    date: new Date(facts.startedAtMs).toISOString(),
    kind: 'instance',
    software: { name: 'Almoner', version: facts.softwareVersion },
    implementation: { description: facts.siteName, url: facts.baseUrl },
    fhirVersion: '4.0.1',
    format: ['application/fhir+json', 'json'],
    rest: [
      {
        mode: 'server',
        documentation: DOCUMENTATION,
        security: {
          description:
            'Every request but this one needs `Authorization: Bearer` with a token that carries ' +
            'SMART system scopes (system/Patient.rs, system/*.r). Every read is audited before ' +
            'it is answered.',
        },
        resource: servedTypes.map(typeCapability),
      },
    ],
  }
}

const DOCUMENTATION =
  'Read-only. Identifiers are patient data: search by POST to [type]/_search, so that they stay ' +
  'out of addresses. A comma means or, a repeated parameter means and. Unknown parameters are ' +
  'refused unless Prefer: handling=lenient. _count is at most 200. Pages follow by the next ' +
  'link; its _page value is opaque and does not expire. Bundle.total is never given.'

type RestResource = NonNullable<
  NonNullable<CapabilityStatement['rest']>[number]['resource']
>[number]

function typeCapability(type: ResourceType): RestResource {
  return {
    type,
    interaction: [{ code: 'read' }, { code: 'vread' }, { code: 'search-type' }],
    versioning: 'versioned',
    readHistory: true,
    updateCreate: false,
    conditionalCreate: false,
    conditionalRead: 'not-match',
    conditionalUpdate: false,
    conditionalDelete: 'not-supported',
    searchParam: [
      { name: '_id', type: 'token' },
      { name: 'identifier', type: 'token', documentation: 'system|value, |value or value' },
      ...patientParameters(type).map((name) => ({ name, type: 'reference' as const })),
    ],
  }
}
