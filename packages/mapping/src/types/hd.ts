/**
 * HD ⇄ the system of an identifier. An OID or UUID that the sender states identifies the authority
 * in the world; a namespace alone only within the site.
 * Source: v2-to-FHIR IG, HD[uri]; HL7 v2.5.1 chapter 2A.33; table 0301.
 */
import { authoritySystem, ownSystem } from '../rule/names.ts'
import type { Sender } from '../rule/sender.ts'

export type AssigningAuthority = {
  readonly namespace: string
  readonly universalId: string
  readonly universalIdType: string
}

const OID = /^[0-2](?:\.(?:0|[1-9]\d*))+$/
const UUID = /^[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$/
const URI_TYPES: ReadonlySet<string> = new Set(['URI', 'URL'])

/** The URI that a universal id says by itself; undefined when it is none. */
export function universalSystem(authority: AssigningAuthority): string | undefined {
  const { universalId, universalIdType } = authority
  if (universalId === '') return undefined
  if (OID.test(universalId) && (universalIdType === 'ISO' || universalIdType === '')) {
    return `urn:oid:${universalId}`
  }
  if (UUID.test(universalId) && universalIdType === 'UUID') {
    return `urn:uuid:${universalId.toLowerCase()}`
  }
  return URI_TYPES.has(universalIdType) && /^[A-Za-z][A-Za-z0-9+.-]*:\S+$/.test(universalId)
    ? universalId
    : undefined
}

/** Which part of the authority the system was made from. */
export type AuthoritySystem = {
  readonly system: string
  readonly from: 'universal' | 'namespace' | 'sender'
}

export function systemOf(sender: Sender, authority: AssigningAuthority): AuthoritySystem {
  const universal = universalSystem(authority)
  if (universal !== undefined) return { system: universal, from: 'universal' }
  if (authority.namespace !== '') {
    return { system: authoritySystem(sender, authority.namespace), from: 'namespace' }
  }
  return { system: ownSystem(sender), from: 'sender' }
}
