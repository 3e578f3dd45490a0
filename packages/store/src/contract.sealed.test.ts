import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Store } from './contract.ts'
import {
  accept,
  bytesOf,
  commit,
  commitOf,
  MRN,
  NURSE,
  newDelivery,
  patientDraft,
  set,
  unique,
} from './testing/samples.ts'
import { onEveryStore, START_MS } from './testing/stores.ts'

/** What would identify this patient, or betray a secret, wherever it were found. */
const PATIENT = {
  family: 'Quackenbéush',
  given: 'Zephyrine',
  line: '17 Throckmorton Passage',
  postcode: 'ZZ99 3VZ',
  phone: '07700900482',
  nhsNumber: '9449305552',
  spacedNhsNumber: '944 930 5552',
  mrn: 'RXX-5550173',
  controlId: 'CTRL-88213-XQ',
  visit: 'VISIT-66102-K',
  detail: 'two codes for Bartholomew',
  secret: 'open-sesame-4711',
} as const

const text = Object.values(PATIENT).join('|')

/** Does everything that a store can be asked to do, with all of these values. */
async function live(store: Store): Promise<string> {
  const { mrn, nhsNumber, controlId } = PATIENT
  const about = { controlId, body: bytesOf(`PID|${text}\r`), ack: bytesOf(`MSA|AA|${text}`) }
  const message = await accept(store, { ...about, peer: PATIENT.family })
  await store.write('acceptMessage', {
    ...about,
    ...(await sameAs(store, message.id)),
    id: unique('message-'),
  })
  const failure = {
    route: 'pas-adt',
    atMs: START_MS,
    patientKeys: [store.patientKey(mrn), store.patientKey(nhsNumber)],
    code: 'MAP_NEEDS_PERSON',
    where: 'PID-5',
    detail: PATIENT.detail,
  }
  await store.write('failMessage', { ...message, ...failure, state: 'held' })
  const person = { by: NURSE, why: 'corrected', atMs: START_MS }
  await store.write('releaseMessage', { id: message.id, decision: 'retry', ...person })
  await store.write('releaseMessage', { id: nhsNumber, decision: 'retry', ...person })
  const drafts = [
    patientDraft({
      mrn,
      nhsNumber,
      birthDate: '1931-08-14',
      slots: [
        set('name', [{ family: PATIENT.family, given: [PATIENT.given] }]),
        set('address', [{ line: [PATIENT.line], postalCode: PATIENT.postcode }]),
        set('telecom', [{ system: 'phone', value: PATIENT.phone }]),
      ],
    }),
  ]
  const deliveries = [newDelivery(), newDelivery({ payload: bytesOf(text) })]
  const { patientKeys } = failure
  await store.write('commitMessage', commitOf(message, { drafts, deliveries, patientKeys }))
  await commit(store, patientDraft({ mrn, slots: [set('address', [{ text }])] }))
  const dead = await accept(store, { body: bytesOf(text) })
  await store.write('failMessage', { ...dead, ...failure, state: 'dead' })
  await send(store)
  await look(store)
  const access = {
    id: unique('access-'),
    kind: 'link',
    actor: NURSE,
    scopes: ['desk'],
    expiresAtMs: START_MS + 1,
  } as const
  const { secret } = PATIENT
  await store.write('grantAccess', { access, secret, by: NURSE, atMs: START_MS })
  await store.write('redeemLink', { secret, atMs: START_MS })
  await store.write('redeemLink', { secret: PATIENT.family, atMs: START_MS })
  return message.id
}

async function sameAs(store: Store, id: string) {
  const { source, sender } = (await store.view(NURSE, 'operations').message(id))!.row
  return {
    source,
    sender,
    route: 'pas-adt',
    routeVersion: 'v1',
    receivedAtMs: START_MS,
    messageType: 'ADT^A01',
    version: '2.4',
    charset: 'utf-8',
    peer: PATIENT.given,
    flags: [],
  }
}

async function send(store: Store): Promise<void> {
  const [entry] = await store.nextDeliveries('lab', 0, 1)
  const { seq, id, messageId, destination, agreement, purpose } = entry!
  await store.write('turnDelivery', { settle: undefined, claim: { seq, atMs: START_MS } })
  const settle = {
    seq,
    id,
    messageId,
    destination,
    agreement,
    purpose,
    recipient: 'RYY',
    atMs: START_MS,
    attempt: 1,
    state: 'held' as const,
    code: 'AE',
    dueAtMs: START_MS,
    maybeSent: true,
    reply: bytesOf(text),
  }
  await store.write('turnDelivery', { settle, claim: undefined })
}

async function look(store: Store): Promise<void> {
  const view = store.view(NURSE, 'direct-care')
  for (const value of Object.values(PATIENT)) {
    await view.messages(
      { patient: value, controlId: value, source: value, messageType: value },
      { countMax: 5 },
    )
    await view.message(value)
    await view.resource('Patient', value)
    await view.search({
      type: 'Patient',
      identifier: [[{ system: MRN, value }, { value }]],
      patient: [value],
      id: [value],
      countMax: 5,
    })
  }
  const found = await view.search({
    type: 'Patient',
    identifier: [[{ value: PATIENT.nhsNumber }]],
    countMax: 5,
  })
  for (const { id, version } of found) await view.resourceVersion('Patient', id, version)
}

/** The ways in which bytes may stand for a text. */
function spellings(value: string): readonly Buffer[] {
  const utf8 = Buffer.from(value)
  const base64 = [0, 1, 2].map((shift) => {
    const encoded = Buffer.concat([Buffer.alloc(shift), utf8]).toString('base64')
    // Only the groups that hold nothing but the value.
    return encoded.slice(shift === 0 ? 0 : 4, 4 * Math.floor((shift + utf8.length) / 3))
  })
  const texts = [...base64, utf8.toString('hex'), utf8.toString('hex').toUpperCase()]
  return [
    utf8,
    Buffer.from(value, 'latin1'),
    Buffer.from(value, 'utf16le'),
    Buffer.from(value, 'utf16le').swap16(),
    ...texts.map((one) => Buffer.from(one)),
    Buffer.from(JSON.stringify(value).slice(1, -1)),
    Buffer.from(encodeURIComponent(value)),
  ]
}

onEveryStore('what lies on the disk', ({ open }) => {
  test('names no patient and no secret, in any spelling', async () => {
    const opened = await open()
    const messageId = await live(opened.store)
    const whileOpen = opened.bytes()
    await opened.store.close()
    const whenClosed = opened.bytes()
    for (const bytes of [whileOpen, whenClosed]) {
      const found = Object.entries(PATIENT).filter(([, value]) =>
        spellings(value).some((one) => bytes.includes(one)),
      )
      assert.deepEqual(found, [])
      assert.ok(bytes.includes(messageId), 'the search finds what is there')
    }
  })

  test('would be found in each spelling', () => {
    for (const spelling of spellings(PATIENT.family)) {
      assert.ok(Buffer.concat([Buffer.from('x'), spelling]).includes(spelling))
      assert.ok(spelling.length > 8)
    }
    const wrapped = Buffer.from(`PID|1||${PATIENT.nhsNumber}||`)
    for (const shift of [0, 1, 2]) {
      const encoded = Buffer.from(wrapped.subarray(shift).toString('base64'))
      assert.ok(spellings(PATIENT.nhsNumber).some((one) => encoded.includes(one)))
    }
  })

  describe('shows when a sealed record was put in the place of another', () => {
    /** Two patients with two versions each, and two messages with two deliveries each. */
    async function filled() {
      const opened = await open()
      const { store } = opened
      for (const mrn of ['M1', 'M2']) {
        for (const gender of ['male', 'female']) {
          await commit(store, patientDraft({ mrn, slots: [set('gender', gender)] }))
        }
        const message = await accept(store, { controlId: mrn })
        const deliveries = [newDelivery({ payload: bytesOf(mrn) })]
        await store.write('commitMessage', commitOf(message, { deliveries }))
        const failed = await accept(store)
        await store.write('failMessage', {
          ...failed,
          route: 'pas-adt',
          atMs: START_MS,
          state: 'dead',
          patientKeys: [],
          code: 'MAP_NEEDS_PERSON',
          where: undefined,
          detail: mrn,
        })
      }
      return opened
    }

    const idOf = async (store: Store, mrn: string): Promise<string> => {
      const query = { type: 'Patient', identifier: [[{ value: mrn }]], countMax: 1 } as const
      return (await store.view(NURSE, 'operations').search(query))[0]!.id
    }
    const messageWith = async (store: Store, state: 'dead' | 'done'): Promise<string> => {
      const rows = await store.view(NURSE, 'operations').messages({ state }, { countMax: 1 })
      return rows[0]!.id
    }

    for (const [what, table, column, where, reading] of [
      [
        'a patient in the place of another',
        'resource',
        'body',
        '1 = 1',
        async (store: Store) => {
          const id = await idOf(store, 'M1')
          return () => store.view(NURSE, 'operations').resource('Patient', id)
        },
      ],
      [
        'a version in the place of another',
        'resource_history',
        'body',
        '1 = 1',
        async (store: Store) => {
          const id = await idOf(store, 'M1')
          return () => store.view(NURSE, 'operations').resourceVersion('Patient', id, 1)
        },
      ],
      [
        'a message in the place of another',
        'journal_envelope',
        'envelope',
        '1 = 1',
        async (store: Store) => {
          const id = await messageWith(store, 'done')
          return () => store.view(NURSE, 'operations').message(id)
        },
      ],
      [
        'a reason in the place of another',
        'journal',
        'detail',
        'detail is not null',
        async (store: Store) => {
          const id = await messageWith(store, 'dead')
          return () => store.view(NURSE, 'operations').message(id)
        },
      ],
      [
        'a payload in the place of another',
        'outbox_payload',
        'payload',
        '1 = 1',
        async (store: Store) => () => store.nextDeliveries('lab', 0, 9),
      ],
    ] as const) {
      test(what, async () => {
        const { store, sql } = await filled()
        const read = await reading(store)
        await read()
        const rows = sql(`select rowid as place, ${column} as sealed from ${table} where ${where}`)
        assert.ok(rows.length >= 2)
        for (const [at, { place }] of rows.entries()) {
          const { sealed } = rows[(at + 1) % rows.length]!
          // The columns are a number and bytes.
          sql(
            `update ${table} set ${column} = ? where rowid = ?`,
            sealed as Uint8Array,
            place as number,
          )
        }
        await assert.rejects(read(), { code: 'VAULT_TAMPERED' })
      })
    }

    test('an older version in the place of the current one', async () => {
      const opened = await filled()
      const { store, sql } = opened
      const id = await idOf(store, 'M1')
      sql(
        'update resource set body = (select body from resource_history as old where old.rid = resource.rid)',
      )
      await assert.rejects(store.view(NURSE, 'operations').resource('Patient', id), {
        code: 'VAULT_TAMPERED',
      })
      // Nor does the writer go on from it once it has to open it.
      await opened.reopen()
      await assert.rejects(
        commit(opened.store, patientDraft({ mrn: 'M1', slots: [set('gender', 'other')] })),
        { code: 'VAULT_TAMPERED' },
      )
    })
  })
})
