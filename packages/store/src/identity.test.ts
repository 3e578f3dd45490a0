import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Draft, type ResourceType, valueAt } from '@almoner/fhir'
import type { WrittenResource } from './contract.ts'
import {
  accept,
  commit,
  commitOf,
  draftOf,
  MRN,
  mergeDrafts,
  NHS_NUMBER,
  NURSE,
  patientDraft,
  patientsBy,
  readPatient,
  set,
  unique,
  visitDraft,
} from './testing/samples.ts'
import { type OpenStore, onEveryStore } from './testing/stores.ts'

/** A number in the shape of an NHS number that no other test uses. */
const newNhsNumber = (): string => unique('9').padStart(10, '0')

const written = async (
  store: Parameters<typeof commit>[0],
  ...drafts: readonly Draft[]
): Promise<WrittenResource> => (await commit(store, ...drafts)).resources[0]!

/** Commits drafts that must be refused with a code, and checks that nothing at all was written. */
async function refuses(
  shared: OpenStore,
  code: string,
  ...drafts: readonly Draft[]
): Promise<void> {
  const { store } = await shared()
  const message = await accept(store)
  const before = await store.counts()
  await assert.rejects(store.write('commitMessage', commitOf(message, { drafts })), { code })
  assert.deepEqual(await store.counts(), before)
}

onEveryStore('identity of a draft', ({ shared }) => {
  describe('by a number of the sender', () => {
    test('finds the record, whatever else it says', async () => {
      const { store } = await shared()
      const mrn = unique('M')
      const first = await written(store, patientDraft({ mrn, birthDate: '1970-01-01' }))
      const second = await written(store, patientDraft({ mrn, birthDate: '1971-02-02' }))
      assert.deepEqual([second.id, second.change], [first.id, 'updated'])
    })

    test('does not find the same number of another authority or type of resource', async () => {
      const { store } = await shared()
      const number = unique('M')
      const first = await written(store, patientDraft({ mrn: number }))
      const elsewhere = draftOf('Patient', { own: [['https://other.example/Id', number]] })
      assert.notEqual((await written(store, elsewhere)).id, first.id)
      const visit = draftOf('Encounter', { own: [[MRN, number]] })
      assert.equal((await written(store, visit)).change, 'created')
    })

    test('learns an NHS number, and finds the record by it from then on', async () => {
      const { store } = await shared()
      const [mrn, nhsNumber] = [unique('M'), newNhsNumber()]
      const first = await written(store, patientDraft({ mrn }))
      await commit(store, patientDraft({ mrn, nhsNumber }))
      assert.equal((await written(store, patientDraft({ nhsNumber }))).id, first.id)
    })

    test('stops at a record that holds another NHS number', async () => {
      const { store } = await shared()
      const mrn = unique('M')
      await commit(store, patientDraft({ mrn, nhsNumber: newNhsNumber() }))
      const contradicting = patientDraft({ mrn, nhsNumber: newNhsNumber() })
      await refuses(shared, 'STORE_IDENTITY_CONFLICT', contradicting)
    })

    test('accepts a record that holds the given NHS number beside another', async () => {
      const { store } = await shared()
      const [mrn, one, other] = [unique('M'), newNhsNumber(), newNhsNumber()]
      const both = draftOf('Patient', {
        own: [[MRN, mrn]],
        shared: [
          [NHS_NUMBER, one],
          [NHS_NUMBER, other],
        ],
      })
      const first = await written(store, both)
      assert.equal((await written(store, patientDraft({ mrn, nhsNumber: other }))).id, first.id)
    })

    test('stops when its numbers are of two records', async () => {
      const { store } = await shared()
      const [one, other] = [unique('M'), unique('M')]
      await commit(store, patientDraft({ mrn: one }))
      await commit(store, patientDraft({ mrn: other }))
      const both = draftOf('Patient', {
        own: [
          [MRN, one],
          [MRN, other],
        ],
      })
      await refuses(shared, 'STORE_IDENTITY_AMBIGUOUS', both)
    })
  })

  describe('by an NHS number alone', () => {
    test('finds the record when nothing contradicts', async () => {
      const { store } = await shared()
      const nhsNumber = newNhsNumber()
      const first = await written(store, patientDraft({ mrn: unique('M'), nhsNumber }))
      assert.equal((await written(store, patientDraft({ nhsNumber }))).id, first.id)
      // Another sender, whose own numbers are of another authority.
      const elsewhere = draftOf('Patient', {
        own: [['https://other.example/Id', unique('X')]],
        shared: [[NHS_NUMBER, nhsNumber]],
      })
      assert.equal((await written(store, elsewhere)).id, first.id)
    })

    // Dates may be partial: what is less exact does not contradict.
    for (const [held, given, isSame] of [
      ['1970-01-01', '1970-01-01', true],
      ['1970-01', '1970-01-01', true],
      ['1970-01-01', '1970', true],
      ['1970-01-01', undefined, true],
      [undefined, '1970-01-01', true],
      ['1970-01-01', '', true],
      ['1970-01-01', '1970-01-02', false],
      ['1970', '1971-01-01', false],
    ] as const) {
      test(`${isSame ? 'finds' : 'stops at'} a record born ${held} for one born ${given}`, async () => {
        const { store } = await shared()
        const nhsNumber = newNhsNumber()
        const born = (birthDate: string | undefined): Draft =>
          patientDraft({ nhsNumber, ...(birthDate === undefined ? {} : { birthDate }) })
        const first = await written(store, born(held))
        if (isSame) assert.equal((await written(store, born(given))).id, first.id)
        else await refuses(shared, 'STORE_IDENTITY_CONFLICT', born(given))
      })
    }

    test('makes a second record when the first holds another number of the same sender', async () => {
      const { store } = await shared()
      const nhsNumber = newNhsNumber()
      const first = await written(store, patientDraft({ mrn: unique('M'), nhsNumber }))
      const second = await written(store, patientDraft({ mrn: unique('M'), nhsNumber }))
      assert.equal(second.change, 'created')
      assert.notEqual(second.id, first.id)
      // Now the NHS number alone could mean either.
      await refuses(shared, 'STORE_IDENTITY_AMBIGUOUS', patientDraft({ nhsNumber }))
    })

    test('stops at a number that very many records carry', async () => {
      const { store } = await shared()
      const nhsNumber = newNhsNumber()
      const placeholder = () => patientDraft({ mrn: unique('M'), nhsNumber })
      await Promise.all(Array.from({ length: 50 }, () => commit(store, placeholder())))
      await refuses(shared, 'STORE_IDENTITY_AMBIGUOUS', placeholder())
    })
  })

  describe('without any number', () => {
    test('stops when the draft says so', async () => {
      await refuses(
        shared,
        'STORE_IDENTITY_MISSING',
        draftOf('Patient', { ifUnidentified: 'hold' }),
      )
    })

    test('makes a new record each time when the draft says so', async () => {
      const { store } = await shared()
      const draft = () => draftOf('Observation', { ifUnidentified: 'create' })
      const [one, other] = [await written(store, draft()), await written(store, draft())]
      assert.deepEqual([one.change, other.change], ['created', 'created'])
      assert.notEqual(one.id, other.id)
    })

    test('leaves the draft out when it says so, and with it what refers to it', async () => {
      const { store } = await shared()
      const mrn = unique('M')
      const doctor = { reference: 'urn:draft:doctor' }
      const result = await commit(
        store,
        patientDraft({ mrn, slots: [set('generalPractitioner', [doctor])] }),
        draftOf('Practitioner', { name: 'doctor', ifUnidentified: 'skip' }),
      )
      assert.deepEqual(
        result.resources.map((one) => one.name),
        ['patient'],
      )
      const patient = await readPatient(store, result.resources[0]!.id)
      assert.equal(patient.generalPractitioner, undefined)
    })
  })

  describe('of several drafts in one message', () => {
    test('makes a new thing that two drafts name once', async () => {
      const { store } = await shared()
      const mrn = unique('M')
      const { resources } = await commit(
        store,
        patientDraft({ name: 'one', mrn, slots: [set('gender', 'female')] }),
        patientDraft({ name: 'two', mrn, slots: [set('birthDate', '1970-01-01')] }),
      )
      assert.deepEqual(
        resources.map((one) => `${one.name} ${one.change} ${one.version}`),
        ['one created 1', 'two updated 2'],
      )
      const patient = await readPatient(store, resources[0]!.id)
      assert.deepEqual([patient.gender, patient.birthDate], ['female', '1970-01-01'])
      assert.equal((await patientsBy(store, mrn)).length, 1)
    })

    test('finds by a number that an earlier draft of the message brings', async () => {
      const { store } = await shared()
      const [mrn, nhsNumber] = [unique('M'), newNhsNumber()]
      const known = await written(store, patientDraft({ mrn }))
      const { resources } = await commit(
        store,
        patientDraft({ name: 'one', mrn, nhsNumber }),
        patientDraft({ name: 'two', nhsNumber }),
      )
      assert.deepEqual(
        resources.map((one) => one.id),
        [known.id, known.id],
      )
    })

    test('keeps two new patients apart who share only an NHS number', async () => {
      const { store } = await shared()
      const nhsNumber = newNhsNumber()
      const { resources } = await commit(
        store,
        patientDraft({ name: 'one', mrn: unique('M'), nhsNumber }),
        patientDraft({ name: 'two', mrn: unique('M'), nhsNumber }),
      )
      assert.equal(new Set(resources.map((one) => one.id)).size, 2)
    })

    test('stops when two new patients contradict each other', async () => {
      const [mrn, nhsNumber] = [unique('M'), newNhsNumber()]
      await refuses(
        shared,
        'STORE_IDENTITY_CONFLICT',
        patientDraft({ name: 'one', mrn, nhsNumber }),
        patientDraft({ name: 'two', mrn, nhsNumber: newNhsNumber() }),
      )
      await refuses(
        shared,
        'STORE_IDENTITY_CONFLICT',
        patientDraft({ name: 'one', nhsNumber, birthDate: '1970-01-01' }),
        patientDraft({ name: 'two', nhsNumber, birthDate: '1980-01-01' }),
      )
    })
  })

  describe('of what belongs to a patient', () => {
    const about = (type: ResourceType, member: string, number: string): Draft =>
      draftOf(type, {
        own: [[`https://fhir.rxx.nhs.uk/Id/${type}`, number]],
        slots: [set(member, { reference: 'urn:draft:patient' })],
      })

    // One row per way in which FHIR says whom a resource is about.
    for (const [type, member] of [
      ['Encounter', 'subject'],
      ['Observation', 'subject'],
      ['AllergyIntolerance', 'patient'],
    ] as const) {
      test(`never moves ${type} to another patient`, async () => {
        const { store } = await shared()
        const number = unique('N')
        await commit(store, patientDraft({ mrn: unique('M') }), about(type, member, number))
        const known = patientDraft({ mrn: unique('M') })
        await commit(store, known)
        await refuses(shared, 'STORE_IDENTITY_CONFLICT', known, about(type, member, number))
        // Nor to a patient whom the message itself makes.
        const fresh = patientDraft({ mrn: unique('M') })
        await refuses(shared, 'STORE_IDENTITY_CONFLICT', fresh, about(type, member, number))
      })

      test(`never takes ${type} away from its patient`, async () => {
        const { store } = await shared()
        const draft = about(type, member, unique('N'))
        await commit(store, patientDraft({ mrn: unique('M') }), draft)
        const without = { ...draft, slots: [set(member, undefined)] }
        await refuses(shared, 'STORE_IDENTITY_CONFLICT', without)
      })
    }

    test('gives a patient to what had none', async () => {
      const { store } = await shared()
      const draft = about('Observation', 'subject', unique('N'))
      await commit(store, { ...draft, slots: draft.slots.slice(0, 1) })
      const { resources } = await commit(store, patientDraft({ mrn: unique('M') }), draft)
      assert.deepEqual(
        resources.map((one) => one.change),
        ['created', 'updated'],
      )
    })

    test('moves it when both patients were merged into one', async () => {
      const { store } = await shared()
      const [stays, goes, visit] = [unique('M'), unique('M'), unique('V')]
      await commit(store, patientDraft({ mrn: goes }), visitDraft(visit))
      await commit(store, ...mergeDrafts(stays, goes))
      const { resources } = await commit(store, patientDraft({ mrn: stays }), visitDraft(visit))
      const [patient, encounter] = resources
      assert.equal(encounter?.change, 'updated')
      const stored = await store.view(NURSE, 'direct-care').resource('Encounter', encounter!.id)
      assert.equal(valueAt(stored?.resource, 'subject.reference'), `Patient/${patient?.id}`)
    })
  })
})
