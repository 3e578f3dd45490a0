/** Messages, drafts and commits for tests: each call gives one that no other test has used. */
import assert from 'node:assert/strict'
import {
  type Draft,
  draftReference,
  type IdentityKey,
  type Patient,
  type ResourceType,
  type Slot,
} from '@almoner/fhir'
import type {
  Actor,
  CommitResult,
  MessageCommit,
  NewDelivery,
  NewMessage,
  Store,
} from '../contract.ts'
import { START_MS } from './stores.ts'

export const NHS_NUMBER = 'https://fhir.nhs.uk/Id/nhs-number'
export const MRN = 'https://fhir.rxx.nhs.uk/Id/patient'
export const VISIT = 'https://fhir.rxx.nhs.uk/Id/visit'

export const NURSE: Actor = { kind: 'person', id: 'u-17', name: 'A. Nurse' }

let made = 0
/** A text that is used once: `m12`. */
export const unique = (prefix: string): string => {
  made += 1
  return `${prefix}${made}`
}

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)
export const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)

export function newMessage(given: Partial<NewMessage> = {}): NewMessage {
  const id = unique('message-')
  return {
    id,
    source: 'pas',
    route: 'pas-adt',
    routeVersion: 'v1',
    receivedAtMs: START_MS,
    messageType: 'ADT^A01',
    version: '2.4',
    sender: 'PAS|RXX',
    controlId: `C-${id}`,
    charset: 'utf-8',
    peer: '10.0.0.1:4711',
    body: bytesOf(`MSH|^~\\&|PAS|RXX|||||ADT^A01|C-${id}|P|2.4\rPID|1||${id}\r`),
    ack: bytesOf(`MSH|^~\\&|ALMONER|||||ACK\rMSA|AA|C-${id}\r`),
    flags: [],
    ...given,
  }
}

export type Accepted = { readonly seq: number; readonly id: string }

export async function accept(store: Store, given: Partial<NewMessage> = {}): Promise<Accepted> {
  const message = newMessage(given)
  const result = await store.write('acceptMessage', message)
  assert(result.kind === 'accepted', 'the message was meant to be new')
  return { seq: result.seq, id: message.id }
}

export function newDelivery(given: Partial<NewDelivery> = {}): NewDelivery {
  return {
    id: unique('delivery-'),
    destination: 'lab',
    laneKeys: ['lane'],
    payload: 'original',
    agreement: 'DSA-1',
    ...given,
  }
}

export function commitOf(
  message: Accepted,
  given: Partial<Omit<MessageCommit, 'seq' | 'id'>> = {},
): MessageCommit {
  const drafts = given.drafts ?? []
  return {
    ...message,
    route: 'pas-adt',
    routeVersion: 'v1',
    purpose: 'direct-care',
    atMs: START_MS,
    patientKeys: [],
    drafts,
    newIds: drafts.map(() => unique('r')),
    ledger: { mapped: 3, ignored: 2, unmapped: 1, unmappedPaths: ['PV1-18'] },
    deliveries: [],
    ...given,
  }
}

/** Accepts a message that means these drafts and commits it. */
export async function commit(store: Store, ...drafts: readonly Draft[]): Promise<CommitResult> {
  const message = await accept(store)
  return await store.write('commitMessage', commitOf(message, { drafts }))
}

export type Number = readonly [system: string, value: string]

export type DraftParts = {
  readonly name?: string
  /** Numbers of the sender's own, in identity and resource. */
  readonly own?: readonly Number[]
  /** Numbers that others give too. */
  readonly shared?: readonly Number[]
  readonly slots?: readonly Slot[]
  readonly follow?: Draft['follow']
  readonly ifUnidentified?: Draft['ifUnidentified']
}

export function draftOf(type: ResourceType, parts: DraftParts = {}): Draft {
  const { own = [], shared = [] } = parts
  const keysOf = (numbers: readonly Number[], strength: IdentityKey['strength']): IdentityKey[] =>
    numbers.map(([system, value]) => ({ system, value, strength }))
  const identity = [...keysOf(own, 'own'), ...keysOf(shared, 'shared')]
  const identifier = identity.map(({ system, value }) => ({ system, value }))
  const carried: readonly Slot[] =
    identifier.length === 0 ? [] : [{ path: 'identifier', mode: 'union', value: identifier }]
  return {
    name: parts.name ?? type.toLowerCase(),
    type,
    identity,
    ifUnidentified: parts.ifUnidentified ?? 'hold',
    follow: parts.follow ?? 'current',
    slots: [...carried, ...(parts.slots ?? [])],
  }
}

export const set = (path: string, value: unknown): Slot => ({ path, mode: 'replace', value })

export type PatientParts = Omit<DraftParts, 'own' | 'shared'> & {
  readonly mrn?: string
  readonly nhsNumber?: string
  readonly birthDate?: string
}

export function patientDraft({ mrn, nhsNumber, birthDate, ...parts }: PatientParts): Draft {
  return draftOf('Patient', {
    ...parts,
    own: mrn === undefined ? [] : [[MRN, mrn]],
    shared: nhsNumber === undefined ? [] : [[NHS_NUMBER, nhsNumber]],
    slots: [
      ...(birthDate === undefined ? [] : [set('birthDate', birthDate)]),
      ...(parts.slots ?? []),
    ],
  })
}

export async function readPatient(store: Store, id: string): Promise<Patient> {
  const found = await store.view(NURSE, 'direct-care').resource('Patient', id)
  assert(found?.resource.resourceType === 'Patient', 'the patient is there')
  return found.resource
}

/** Ids of the patients that a search by one number finds. */
export async function patientsBy(store: Store, value: string): Promise<readonly string[]> {
  const query = { type: 'Patient', identifier: [[{ value }]], countMax: 10 } as const
  const found = await store.view(NURSE, 'direct-care').search(query)
  return found.map((one) => one.id)
}

/** The two drafts of a merge (ADT^A40): one patient stays, the other is replaced by it. */
export function mergeDrafts(stays: string, goes: string): readonly Draft[] {
  const replaces = { other: { reference: draftReference('prior') }, type: 'replaces' }
  const replacedBy = { other: { reference: draftReference('patient') }, type: 'replaced-by' }
  return [
    patientDraft({ mrn: stays, slots: [{ path: 'link', mode: 'union', value: [replaces] }] }),
    patientDraft({
      name: 'prior',
      mrn: goes,
      follow: 'exact',
      slots: [set('active', false), { path: 'link', mode: 'union', value: [replacedBy] }],
    }),
  ]
}

/** A visit of the patient of the same message. */
export const visitDraft = (number: string, ...slots: readonly Slot[]): Draft =>
  draftOf('Encounter', {
    own: [[VISIT, number]],
    slots: [set('subject', { reference: draftReference('patient') }), ...slots],
  })
