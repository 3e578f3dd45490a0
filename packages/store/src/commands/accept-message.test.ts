import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { accept, bytesOf, NURSE, newMessage, textOf, unique } from '../testing/samples.ts'
import { onEveryStore, START_MS } from '../testing/stores.ts'
import { SAME_ID_OTHER_BYTES } from './accept-message.ts'

const HOUR_MS = 3_600_000

onEveryStore('acceptMessage', ({ open, shared }) => {
  test('keeps every byte of a message', async () => {
    const { store } = await shared()
    const view = store.view(NURSE, 'direct-care')
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.uint8Array(), async (body, ack) => {
        const { id, seq } = await accept(store, { body, ack })
        const [entry] = await store.nextMessages('received', seq - 1, 1)
        assert.deepEqual([...entry!.body], [...body])
        const detail = await view.message(id)
        assert.deepEqual([[...detail!.body], [...detail!.ack]], [[...body], [...ack]])
      }),
      { numRuns: 20 },
    )
  })

  test('keeps a message of ten megabytes', async () => {
    const { store } = await shared()
    const body = Buffer.alloc(10 * 1024 * 1024, 'OBX|1|ED|')
    const { seq } = await accept(store, { body })
    const [entry] = await store.nextMessages('received', seq - 1, 1)
    assert.equal(Buffer.compare(entry!.body, body), 0)
  })

  test('gives numbers in order of arrival, and all that the engine needs to go on', async () => {
    const { store } = await shared()
    const message = newMessage({ charset: 'iso-8859-1', routeVersion: 'v9' })
    const { seq } = await accept(store, message)
    const later = await accept(store)
    assert.ok(later.seq > seq)
    const { body, ...entry } = (await store.nextMessages('received', seq - 1, 1))[0]!
    assert.deepEqual(entry, {
      seq,
      id: message.id,
      source: 'pas',
      route: 'pas-adt',
      routeVersion: 'v9',
      receivedAtMs: START_MS,
      attempts: 0,
      charset: 'iso-8859-1',
    })
    assert.equal(textOf(body), textOf(message.body))
  })

  test('answers a repeat with the first acknowledgement and journals it no second time', async () => {
    const { store } = await shared()
    const message = newMessage()
    const first = await accept(store, message)
    const before = await store.counts()
    const repeat = { ...message, id: unique('message-'), ack: bytesOf('another') }
    const result = await store.write('acceptMessage', repeat)
    assert.equal(result.kind, 'repeat')
    assert.equal(result.id, message.id)
    assert.equal(textOf(result.ack), textOf(message.ack))
    assert.equal((await store.nextMessages('received', first.seq, 100)).length, 0)
    const after = await store.counts()
    assert.deepEqual(
      [after.messages, after.repeats, after.auditEntries],
      [before.messages, before.repeats + 1, before.auditEntries + 1],
    )
  })

  test('answers a repeat after a restart', async () => {
    const opened = await open()
    const message = newMessage()
    const first = await accept(opened.store, message)
    await opened.reopen()
    const result = await opened.store.write('acceptMessage', { ...message, id: 'again' })
    assert.equal(result.kind, 'repeat')
    assert.equal(textOf(result.ack), textOf(message.ack))
    const entries = await opened.store.nextMessages('received', 0, 10)
    assert.deepEqual(
      entries.map((entry) => [entry.seq, entry.id, textOf(entry.body)]),
      [[first.seq, message.id, textOf(message.body)]],
    )
  })

  test('makes one entry of identical messages that arrive at once', async () => {
    const { store } = await shared()
    const message = newMessage()
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        store.write('acceptMessage', { ...message, id: `${message.id}-${index}` }),
      ),
    )
    assert.deepEqual(
      results.map((result) => result.kind),
      ['accepted', ...Array.from({ length: 19 }, () => 'repeat')],
    )
    const ids = results.flatMap((result) => (result.kind === 'repeat' ? [result.id] : []))
    assert.deepEqual([...new Set(ids)], [`${message.id}-0`])
  })

  test('journals and flags other bytes under an id that was used', async () => {
    const { store } = await shared()
    const message = newMessage({ flags: ['CHARSET_MISMATCH'] })
    await accept(store, message)
    const changed = { ...message, id: unique('message-'), body: bytesOf('other bytes') }
    const result = await store.write('acceptMessage', changed)
    assert.deepEqual(
      [result.kind, result.kind === 'accepted' && result.flags],
      ['accepted', ['CHARSET_MISMATCH', SAME_ID_OTHER_BYTES]],
    )
    const detail = await store.view(NURSE, 'direct-care').message(changed.id)
    assert.deepEqual(detail?.row.flags, ['CHARSET_MISMATCH', SAME_ID_OTHER_BYTES])
    // Each of the two is known from now on.
    for (const one of [message, changed]) {
      const again = await store.write('acceptMessage', { ...one, id: unique('message-') })
      assert.deepEqual([again.kind, again.kind === 'repeat' && again.id], ['repeat', one.id])
    }
  })

  // One row per part of what makes a repeat: a difference in any of them makes a new message.
  for (const [what, change] of [
    ['source', { source: 'lab' }],
    ['sender', { sender: 'LAB|RXX' }],
  ] as const) {
    test(`takes the same id and bytes from another ${what} as a new message`, async () => {
      const { store } = await shared()
      const message = newMessage()
      await accept(store, message)
      const result = await store.write('acceptMessage', {
        ...message,
        id: unique('message-'),
        ...change,
      })
      assert.deepEqual([result.kind, result.kind === 'accepted' && result.flags], ['accepted', []])
    })
  }

  test('never takes a message without control id for a repeat', async () => {
    const { store } = await shared()
    const message = newMessage({ controlId: '' })
    await accept(store, message)
    const result = await store.write('acceptMessage', { ...message, id: unique('message-') })
    assert.deepEqual([result.kind, result.kind === 'accepted' && result.flags], ['accepted', []])
  })

  test('takes a repeat for new once its window was swept, and knows the new one then', async () => {
    const { store } = await open()
    const old = newMessage({ receivedAtMs: START_MS })
    const recent = newMessage({ receivedAtMs: START_MS + HOUR_MS })
    await accept(store, old)
    await accept(store, recent)
    await store.write('sweep', { atMs: START_MS, repeatsBeforeMs: START_MS + 1 })
    // A sweep with an earlier mark brings nothing back.
    await store.write('sweep', { atMs: START_MS, repeatsBeforeMs: START_MS - 1 })
    const kindOf = async (message: typeof old, receivedAtMs: number): Promise<string> => {
      const again = { ...message, id: unique('message-'), receivedAtMs }
      const result = await store.write('acceptMessage', again)
      return result.kind === 'accepted' ? result.flags.join() || 'accepted' : result.kind
    }
    assert.equal(await kindOf(recent, START_MS + 2 * HOUR_MS), 'repeat')
    assert.equal(await kindOf(old, START_MS + 2 * HOUR_MS), 'accepted')
    assert.equal(await kindOf(old, START_MS + 3 * HOUR_MS), 'repeat')
  })

  test('keeps what can never be processed as a dead letter, with its reason', async () => {
    const { store } = await shared()
    const before = (await store.counts()).messages
    const refusal = { code: 'HL7_NO_MSH', where: 'line 1' }
    const { id, seq } = await accept(store, { refusal })
    const detail = await store.view(NURSE, 'operations').message(id)
    assert.deepEqual(
      [detail?.row.state, detail?.row.code, detail?.row.where, detail?.row.finishedAtMs],
      ['dead', 'HL7_NO_MSH', 'line 1', START_MS],
    )
    assert.deepEqual(
      detail?.audit.map(({ action, outcome, note }) => [action, outcome, note]),
      [['message.accept', 'refused', 'HL7_NO_MSH']],
    )
    assert.deepEqual((await store.counts()).messages, { ...before, dead: before.dead + 1 })
    assert.deepEqual(await store.nextMessages('received', seq - 1, 1), [])
  })

  test('notes in the audit who sent, and nothing of what was sent', async () => {
    const { store } = await shared()
    const { id } = await accept(store)
    const detail = await store.view(NURSE, 'operations').message(id)
    assert.deepEqual(
      detail?.audit.map(({ seq: _seq, hash: _hash, ...entry }) => entry),
      [
        {
          atMs: START_MS,
          actor: { kind: 'system', id: 'pas-adt', name: 'source pas' },
          action: 'message.accept',
          outcome: 'success',
          purpose: 'transport',
          subjects: [id],
        },
      ],
    )
  })
})
