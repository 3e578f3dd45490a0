import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { MessageFilter, ResourceQuery, Store, View } from './contract.ts'
import {
  accept,
  commit,
  commitOf,
  MRN,
  NURSE,
  newDelivery,
  patientDraft,
  unique,
} from './testing/samples.ts'
import { type OpenedStore, onEveryStore, START_MS } from './testing/stores.ts'

const lastAudit = ({ sql }: OpenedStore) => {
  const [row] = sql('select body from audit order by seq desc limit 1')
  return JSON.parse(String(row?.['body']))
}

/** A patient and a message about it. */
async function known(store: Store) {
  const mrn = unique('M')
  const message = await accept(store, { controlId: unique('control-') })
  const drafts = [patientDraft({ mrn })]
  const patientKeys = [store.patientKey(mrn)]
  const deliveries = [newDelivery()]
  const { resources } = await store.write(
    'commitMessage',
    commitOf(message, { drafts, patientKeys, deliveries }),
  )
  return { mrn, message, patientId: resources[0]!.id }
}

type Known = Awaited<ReturnType<typeof known>>

const LIST = { countMax: 10 }

/** Every way to look, with what the audit says of it. */
const LOOKS: readonly {
  readonly how: string
  readonly look: (view: View, one: Known) => Promise<unknown>
  readonly entry: (one: Known, key: (value: string) => string) => object
}[] = [
  {
    how: 'a list of messages',
    look: (view) => view.messages({ state: 'held', messageType: 'ADT^A99' }, LIST),
    entry: () => ({
      action: 'message.list',
      outcome: 'success',
      subjects: [],
      note: '0 rows; held, an unknown message type',
    }),
  },
  {
    how: 'a list of the messages of one patient',
    look: (view, { mrn }) => view.messages({ patient: mrn, source: 'pas', state: 'done' }, LIST),
    entry: ({ mrn }, key) => ({
      action: 'message.list',
      outcome: 'success',
      subjects: [key(mrn)],
      note: '1 rows; done, pas, one patient',
    }),
  },
  {
    how: 'a message',
    look: (view, { message }) => view.message(message.id),
    entry: ({ message }) => ({
      action: 'message.read',
      outcome: 'success',
      subjects: [message.id],
    }),
  },
  {
    how: 'a message that is not there',
    look: (view) => view.message('9434765919'),
    entry: (_one, key) => ({
      action: 'message.read',
      outcome: 'failed',
      subjects: [key('9434765919')],
    }),
  },
  {
    how: 'a resource',
    look: (view, { patientId }) => view.resource('Patient', patientId),
    entry: ({ patientId }) => ({
      action: 'resource.read',
      outcome: 'success',
      subjects: [`Patient/${patientId}/_history/1`],
    }),
  },
  {
    how: 'a resource that is not there',
    look: (view) => view.resource('Patient', '9434765919'),
    entry: (_one, key) => ({
      action: 'resource.read',
      outcome: 'failed',
      subjects: [`Patient/${key('9434765919')}`],
    }),
  },
  {
    how: 'a version of a resource',
    look: (view, { patientId }) => view.resourceVersion('Patient', patientId, 1),
    entry: ({ patientId }) => ({
      action: 'resource.read',
      outcome: 'success',
      subjects: [`Patient/${patientId}/_history/1`],
    }),
  },
  {
    how: 'a version of a resource that is not there',
    look: (view, { patientId }) => view.resourceVersion('Patient', patientId, 2),
    entry: ({ patientId }, key) => ({
      action: 'resource.read',
      outcome: 'failed',
      subjects: [`Patient/${key(patientId)}`],
    }),
  },
  {
    how: 'a search by identifier',
    look: (view, { mrn }) =>
      view.search({ type: 'Patient', identifier: [[{ system: MRN, value: mrn }]], ...LIST }),
    entry: ({ mrn, patientId }, key) => ({
      action: 'resource.search',
      outcome: 'success',
      subjects: [key(mrn), `Patient/${patientId}/_history/1`],
      note: 'Patient by identifier',
    }),
  },
  {
    how: 'a search by id and patient that finds nothing',
    look: (view) =>
      view.search({ type: 'Encounter', id: ['e'], patient: ['943-476-5919'], ...LIST }),
    entry: (_one, key) => ({
      action: 'resource.search',
      outcome: 'success',
      subjects: [key('9434765919'), key('e')],
      note: 'Encounter by id, patient',
    }),
  },
]

onEveryStore('a view', ({ open, shared }) => {
  describe('audits who looked at what, and why', () => {
    for (const { how, look, entry } of LOOKS) {
      test(how, async () => {
        const opened = await shared()
        const one = await known(opened.store)
        const { auditEntries } = await opened.store.counts()
        await look(opened.store.view(NURSE, 'direct-care'), one)
        assert.equal((await opened.store.counts()).auditEntries, auditEntries + 1)
        assert.deepEqual(lastAudit(opened), {
          v: 1,
          atMs: START_MS,
          actor: NURSE,
          purpose: 'direct-care',
          ...entry(one, opened.store.patientKey),
        })
      })
    }
  })

  test('repeats nothing of a filter that no row confirms', async () => {
    const opened = await shared()
    const view = opened.store.view(NURSE, 'operations')
    const filter: MessageFilter = {
      source: 'Jane Doe',
      messageType: 'Jane Doe',
      controlId: 'Jane Doe',
      patient: 'Jane Doe',
      delivery: 'dead',
    }
    assert.deepEqual(await view.messages(filter, LIST), [])
    assert.doesNotMatch(JSON.stringify(lastAudit(opened)), /Jane|Doe/)
    assert.equal(
      lastAudit(opened).note,
      '0 rows; an unknown source, an unknown message type, delivery dead, one patient, one control id',
    )
  })

  test('says in the audit when a search asks for everything', async () => {
    const opened = await shared()
    const view = opened.store.view(NURSE, 'operations')
    await view.search({ type: 'Medication', countMax: 1 } satisfies ResourceQuery)
    assert.equal(lastAudit(opened).note, 'Medication by type')
    await view.messages({}, { countMax: 1 })
    assert.match(lastAudit(opened).note, /^\d rows; all$/)
  })

  test('audits a look that fails, and says only why', async () => {
    const opened = await open()
    const { store, sql } = opened
    const { message, patientId } = await known(store)
    sql("update resource set body = x'01020304'")
    sql("update journal_envelope set envelope = x'01020304'")
    const view = store.view(NURSE, 'direct-care')
    await assert.rejects(view.resource('Patient', patientId), { code: 'VAULT_TAMPERED' })
    assert.deepEqual(
      [lastAudit(opened).outcome, lastAudit(opened).note, lastAudit(opened).subjects],
      ['failed', 'VAULT_TAMPERED', [`Patient/${store.patientKey(patientId)}`]],
    )
    await assert.rejects(view.message(message.id), { code: 'VAULT_TAMPERED' })
    assert.equal(lastAudit(opened).action, 'message.read')
  })

  test('gives nothing out that it cannot audit', async () => {
    const opened = await open()
    const { store } = opened
    const one = await known(store)
    await store.write('appendAudit', [])
    // Whoever forges the end of the log stops the store: nothing can be audited from then on.
    opened.sql("update audit_head set seal = 'forged'")
    for (const { look } of LOOKS) {
      await assert.rejects(look(store.view(NURSE, 'direct-care'), one), {
        code: /^STORE_(BROKEN|CLOSED)$/,
      })
    }
  })

  test('gives nothing out once the store is closed', async () => {
    const opened = await open()
    const one = await known(opened.store)
    const view = opened.store.view(NURSE, 'direct-care')
    await opened.store.close()
    for (const { look } of LOOKS) await assert.rejects(look(view, one), { code: 'STORE_CLOSED' })
  })
})

onEveryStore('the patient key', ({ open }) => {
  test('is the same however a number is written, after a restart too, and says nothing of it', async () => {
    const opened = await open()
    const key = opened.store.patientKey('9434765919')
    for (const written of ['943 476 5919', '943-476-5919', ' 9434765919 ']) {
      assert.equal(opened.store.patientKey(written), key)
    }
    assert.equal(opened.store.patientKey('ab12'), opened.store.patientKey('AB12'))
    assert.notEqual(opened.store.patientKey('9434765918'), key)
    assert.doesNotMatch(key, /\s|9434765919/)
    await opened.reopen()
    assert.equal(opened.store.patientKey('9434765919'), key)
    await commit(opened.store)
  })
})
