import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, test } from 'node:test'
import { accept, commitOf, NURSE, newMessage, patientDraft } from './testing/samples.ts'
import { onEveryStore, START_MS } from './testing/stores.ts'
import { startWriter, type Writer } from './writer.ts'

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

/** A writer whose thread fails while it starts: its keyring is not there. */
function failingWriter(): { readonly writer: Writer; readonly fatal: readonly unknown[] } {
  const folder = mkdtempSync(join(tmpdir(), 'almoner-writer-'))
  folders.push(folder)
  const fatal: unknown[] = []
  const config = {
    file: join(folder, 'almoner.db'),
    keyringFile: join(folder, 'keyring.json'),
    tenant: 1,
    pagesMax: undefined,
  }
  return { writer: startWriter(config, (error) => void fatal.push(error)), fatal }
}

describe('a writer whose thread crashed', () => {
  test('rejects what waits and what comes, and tells once', async () => {
    const { writer, fatal } = failingWriter()
    const waiting = [1, 2, 3].map(() => writer.write('appendAudit', []))
    const results = await Promise.allSettled(waiting)
    assert.deepEqual(
      results.map((one) => one.status === 'rejected' && one.reason.code),
      ['STORE_CLOSED', 'STORE_CLOSED', 'STORE_CLOSED'],
    )
    await assert.rejects(writer.write('appendAudit', []), { code: 'STORE_CLOSED' })
    await writer.close()
    assert.equal(fatal.length, 1)
  })

  test('closes when it is asked to close before that is known', async () => {
    const { writer } = failingWriter()
    const waiting = assert.rejects(writer.write('appendAudit', []), { code: 'STORE_CLOSED' })
    await Promise.all([writer.close(), waiting])
  })
})

onEveryStore('the writer', ({ open, shared }) => {
  test('gives each caller the result of its own command', async () => {
    const { store } = await shared()
    const messages = Array.from({ length: 600 }, () => newMessage())
    const results = await Promise.all(messages.map((one) => store.write('acceptMessage', one)))
    const seqs = results.map((one) => (one.kind === 'accepted' ? one.seq : 0))
    assert.deepEqual(
      seqs,
      seqs.toSorted((left, right) => left - right),
    )
    const entries = await store.nextMessages('received', seqs[0]! - 1, 600)
    assert.deepEqual(
      entries.map((entry) => [entry.seq, entry.id]),
      messages.map((message, at) => [seqs[at], message.id]),
    )
  })

  test('keeps apart what fails and what does not', async () => {
    const { store, fatal } = await shared()
    const message = await accept(store)
    const results = await Promise.allSettled([
      accept(store),
      store.write('commitMessage', commitOf(message, { drafts: [patientDraft({})] })),
      accept(store),
      store.write('undoMerge', { patientId: 'nobody', by: NURSE, why: '', atMs: START_MS }),
      store.write('commitMessage', commitOf(message)),
    ])
    assert.deepEqual(
      results.map((one) => (one.status === 'rejected' ? one.reason.code : 'done')),
      ['done', 'STORE_IDENTITY_MISSING', 'done', 'STORE_NOT_A_MERGE', 'done'],
    )
    assert.deepEqual(fatal, [])
  })

  test('gives an expected failure whole: its code, its position, its retry class', async () => {
    const { store } = await shared()
    const message = await accept(store)
    const drafts = [patientDraft({ name: 'the-patient' })]
    await assert.rejects(store.write('commitMessage', commitOf(message, { drafts })), {
      name: 'AlmonerError',
      code: 'STORE_IDENTITY_MISSING',
      retry: 'operator',
      http: 422,
      where: 'Patient (the-patient)',
      message: 'The message does not say which record it belongs to. Where: Patient (the-patient).',
    })
  })

  test('gives a bug to the caller whose command has it, and goes on', async () => {
    const { store, fatal } = await shared()
    const message = await accept(store)
    // A rule that puts a single value where a list belongs.
    const slots = [{ path: 'identifier', mode: 'union', value: 'one' }] as const
    const results = await Promise.allSettled([
      accept(store),
      store.write(
        'commitMessage',
        commitOf(message, { drafts: [patientDraft({ mrn: 'M1', slots })] }),
      ),
      accept(store),
    ])
    assert.deepEqual(
      results.map((one) => (one.status === 'rejected' ? one.reason.message : 'done')),
      ['done', 'a list belongs at identifier', 'done'],
    )
    assert.deepEqual(fatal, [])
  })

  test('refuses arguments that cannot cross to its thread, and takes those beside them', async () => {
    const { store, fatal } = await shared()
    const message = await accept(store)
    const slots = [{ path: 'gender', mode: 'replace', value: () => 'a function' }] as const
    const impossible = () =>
      store.write(
        'commitMessage',
        commitOf(message, { drafts: [patientDraft({ mrn: 'M2', slots })] }),
      )
    await assert.rejects(impossible(), { name: 'DataCloneError' })
    const results = await Promise.allSettled([accept(store), impossible(), accept(store)])
    assert.deepEqual(
      results.map((one) => one.status),
      ['fulfilled', 'rejected', 'fulfilled'],
    )
    assert.deepEqual(fatal, [])
  })

  test('does not change the bytes that it was given', async () => {
    const { store } = await open()
    // Part of a larger buffer, as a socket gives it.
    const chunk = Buffer.from('before MSH|the message after')
    const body = chunk.subarray(7, 22)
    const { seq } = await accept(store, { body })
    assert.equal(chunk.toString(), 'before MSH|the message after')
    const [entry] = await store.nextMessages('received', seq - 1, 1)
    assert.equal(Buffer.from(entry!.body).toString(), 'MSH|the message')
  })
})
