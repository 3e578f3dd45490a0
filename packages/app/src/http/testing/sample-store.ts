/** A store that holds some hours of an invented hospital. */
import type {
  Actor,
  AuditRow,
  DeliveryRow,
  MessageDetail,
  MessageRow,
  StoredResource,
} from '@almoner/store'
import { createFakeStore, type FakeStore } from './fake-store.ts'
import {
  ACKNOWLEDGEMENT,
  ADMISSION,
  HEADLESS,
  REFUSAL,
  RESULT,
  TRANSFER,
} from './sample-messages.ts'

/** Sunday 22 November 2026, 14:01:07 UTC. */
export const NOON_MS = Date.UTC(2026, 10, 22, 14, 1, 7)

export const ADMISSION_ID = '01932f7c-8a10-7000-8000-000000048213'
export const HELD_ID = '01932f7c-8a10-7000-8000-000000048212'
export const HEADLESS_ID = '01932f7c-8a10-7000-8000-000000000666'
export const RESULT_ID = '01932f7c-8a10-7000-8000-000000771204'
export const REFUSED_DELIVERY_ID = '01932f7c-8a11-7000-8000-000000000002'

const ENGINE: Actor = { kind: 'system', id: 'pas-adt', name: 'route pas-adt' }
const OPERATOR: Actor = { kind: 'person', id: 'op-1', name: 'Sam Hartley' }
const encode = (text: string): Uint8Array => new TextEncoder().encode(text)

type Given = Partial<MessageRow> & { readonly id: string; readonly seq: number }

const row = (given: Given): MessageRow => ({
  source: 'pas',
  route: 'pas-adt',
  state: 'done',
  messageType: 'ADT^A01',
  version: '2.4',
  sender: 'PAS|RVR01',
  sizeBytes: 1_021,
  receivedAtMs: NOON_MS,
  finishedAtMs: NOON_MS + 41,
  attempts: 1,
  code: undefined,
  where: undefined,
  flags: [],
  ledger: { mapped: 36, ignored: 6, unmapped: 0, unmappedPaths: [] },
  deliveries: [],
  ...given,
})

const delivery = (
  given: Partial<DeliveryRow> & Pick<DeliveryRow, 'seq' | 'messageId'>,
): DeliveryRow => ({
  id: `01932f7c-8a11-7000-8000-${String(given.seq).padStart(12, '0')}`,
  destination: 'epr',
  state: 'delivered',
  attempts: 1,
  maybeRepeat: false,
  code: undefined,
  dueAtMs: NOON_MS + 42,
  settledAtMs: NOON_MS + 97,
  agreement: 'DSA-2026-014',
  ...given,
})

const auditRow = (seq: number, given: Partial<AuditRow>): AuditRow => ({
  seq,
  hash: '9f3a'.repeat(16),
  atMs: NOON_MS + seq - 91_201,
  actor: ENGINE,
  action: 'message.process',
  outcome: 'success',
  purpose: 'direct-care',
  subjects: [ADMISSION_ID],
  ...given,
})

const detail = (
  given: Partial<MessageDetail> & { readonly row: MessageRow; readonly text: string },
): MessageDetail => {
  const { text, ...rest } = given
  return {
    controlId: text.split('|')[9] ?? '',
    charset: 'iso-8859-1',
    routeVersion: '7c1e4a90',
    peer: '10.20.4.17:49210 (CN=pas.riverside)',
    body: encode(text),
    ack: encode(ACKNOWLEDGEMENT),
    failure: undefined,
    replies: new Map(),
    resources: [],
    audit: [],
    ...rest,
  }
}

export function createSampleStore(): FakeStore {
  const fake = createFakeStore()
  fake.messages.push(admission(), held(), headless(), result(), ...earlier())
  fake.resources.push(...patientVersions())
  return fake
}

function admission(): MessageDetail {
  const deliveries = [
    delivery({ seq: 1, messageId: ADMISSION_ID, destination: 'warehouse' }),
    delivery({
      seq: 2,
      id: REFUSED_DELIVERY_ID,
      messageId: ADMISSION_ID,
      destination: 'epr',
      state: 'dead',
      attempts: 3,
      maybeRepeat: true,
      code: 'AE',
    }),
  ]
  return detail({
    text: ADMISSION,
    row: row({
      id: ADMISSION_ID,
      seq: 48_213,
      flags: ['CHARSET_MISMATCH'],
      ledger: { mapped: 38, ignored: 5, unmapped: 21, unmappedPaths: ['ZU1-2', 'ZU1-4'] },
      deliveries,
    }),
    replies: new Map([[REFUSED_DELIVERY_ID, encode(REFUSAL)]]),
    resources: [
      { name: 'patient', type: 'Patient', id: 'p-4471902', version: 2, change: 'updated' },
      { name: 'encounter', type: 'Encounter', id: 'e-0099124', version: 1, change: 'created' },
    ],
    audit: [
      auditRow(91_201, { action: 'message.accept' }),
      auditRow(91_202, { action: 'message.process', note: '38 mapped, 5 ignored, 21 unmapped' }),
      auditRow(91_207, { action: 'delivery.settle', outcome: 'failed', note: 'epr AE' }),
      auditRow(91_260, { action: 'message.read', actor: OPERATOR, purpose: 'operations' }),
    ],
  })
}

const held = (): MessageDetail =>
  detail({
    text: TRANSFER,
    row: row({
      id: HELD_ID,
      seq: 48_212,
      state: 'held',
      messageType: 'ADT^A02',
      receivedAtMs: NOON_MS - 85_000,
      finishedAtMs: undefined,
      attempts: 3,
      code: 'STORE_IDENTITY_AMBIGUOUS',
      where: 'PID-3',
      ledger: undefined,
    }),
    routeVersion: '5b0d2213',
    failure: 'R4469001 belongs to Patient/p-119 and Patient/p-2044',
    audit: [
      auditRow(91_188, { action: 'message.accept', subjects: [HELD_ID], atMs: NOON_MS - 85_000 }),
      auditRow(91_190, {
        action: 'message.fail',
        outcome: 'failed',
        subjects: [HELD_ID],
        note: 'STORE_IDENTITY_AMBIGUOUS',
      }),
    ],
  })

const headless = (): MessageDetail =>
  detail({
    text: HEADLESS,
    controlId: '',
    row: row({
      id: HEADLESS_ID,
      seq: 48_190,
      state: 'dead',
      messageType: '',
      version: '',
      sender: '',
      receivedAtMs: NOON_MS - 1_900_000,
      code: 'HL7_NO_MSH',
      ledger: undefined,
    }),
  })

const result = (): MessageDetail =>
  detail({
    text: RESULT,
    charset: 'utf-8',
    row: row({
      id: RESULT_ID,
      seq: 48_211,
      source: 'pathology',
      route: 'pathology-oru',
      state: 'received',
      messageType: 'ORU^R01',
      version: '2.5.1',
      sender: 'LIMS|PATH',
      receivedAtMs: NOON_MS - 146_000,
      finishedAtMs: undefined,
      attempts: 0,
      ledger: undefined,
    }),
  })

/** Enough of the morning for three pages. */
const earlier = (): readonly MessageDetail[] =>
  Array.from({ length: 120 }, (_, index) => {
    const seq = 48_000 + index
    const id = `01932f70-0000-7000-8000-${String(seq).padStart(12, '0')}`
    const type = ['ADT^A08', 'ADT^A03', 'ADT^A31', 'ORM^O01'][index % 4]!
    const state = index % 17 === 0 ? 'waiting' : 'delivered'
    return detail({
      text: TRANSFER.replace('PAS00048212', `PAS000${seq}`).replace('ADT^A02^ADT_A02', type),
      row: row({
        id,
        seq,
        messageType: type,
        receivedAtMs: NOON_MS - 14_400_000 + index * 97_000,
        ledger: {
          mapped: 20 + (index % 9),
          ignored: 4,
          unmapped: index % 5 === 0 ? 2 : 0,
          unmappedPaths: [],
        },
        deliveries: [
          delivery({ seq: seq * 10, messageId: id, destination: 'warehouse' }),
          delivery({ seq: seq * 10 + 1, messageId: id, state }),
        ],
      }),
    })
  })

function patientVersions(): readonly StoredResource[] {
  const identifier = [
    { system: 'https://fhir.nhs.uk/Id/nhs-number', value: '9000000009' },
    { system: 'urn:riverside:patient', value: 'R4471902' },
  ]
  const id = 'p-4471902'
  const before: StoredResource = {
    type: 'Patient',
    id,
    version: 1,
    updatedAtMs: NOON_MS - 86_400_000,
    resource: { resourceType: 'Patient', id, identifier, birthDate: '1948-03-17' },
  }
  const after: StoredResource = {
    ...before,
    version: 2,
    updatedAtMs: NOON_MS,
    resource: {
      resourceType: 'Patient',
      id,
      identifier,
      name: [{ family: "ASHWORTH-O'NEILL", given: ['Margaret', 'Rose'] }],
      gender: 'female',
      birthDate: '1948-03-17',
    },
  }
  return [before, after]
}
