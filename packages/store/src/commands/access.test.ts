import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Access, AccessKind, Store } from '../contract.ts'
import { NURSE, unique } from '../testing/samples.ts'
import { type OpenedStore, onEveryStore, START_MS } from '../testing/stores.ts'

const DUE_MS = START_MS + 60_000

async function grant(store: Store, kind: AccessKind, expiresAtMs = DUE_MS) {
  const access: Access = {
    id: unique('access-'),
    kind,
    actor: { kind: 'token', id: 'app-1', name: 'ward board' },
    scopes: ['system/Patient.read', 'desk'],
    expiresAtMs,
  }
  const secret = unique('secret-that-nobody-guesses-')
  await store.write('grantAccess', { access, secret, by: NURSE, atMs: START_MS })
  return { access, secret }
}

const lastAudit = ({ sql }: OpenedStore) => {
  const [row] = sql('select body from audit order by seq desc limit 1')
  const { v: _version, atMs: _atMs, ...entry } = JSON.parse(String(row?.['body']))
  return entry
}

onEveryStore('access', ({ open, shared }) => {
  for (const kind of ['session', 'token', 'link'] as const) {
    test(`of kind ${kind} opens with its secret until it expires`, async () => {
      const { store } = await shared()
      const { access, secret } = await grant(store, kind)
      assert.deepEqual(await store.access(kind, secret, DUE_MS - 1), access)
      assert.equal(await store.access(kind, secret, DUE_MS), undefined)
    })

    test(`of kind ${kind} opens nothing of another kind, nor with another secret`, async () => {
      const { store } = await shared()
      const { secret } = await grant(store, kind)
      for (const other of (['session', 'token', 'link'] as const).filter((one) => one !== kind)) {
        assert.equal(await store.access(other, secret, START_MS), undefined)
      }
      assert.equal(await store.access(kind, `${secret}x`, START_MS), undefined)
      assert.equal(await store.access(kind, '', START_MS), undefined)
    })

    test(`of kind ${kind} ends when someone ends it, once`, async () => {
      const opened = await shared()
      const { store } = opened
      const { access, secret } = await grant(store, kind)
      await store.write('endAccess', { id: access.id, by: NURSE, atMs: START_MS })
      assert.equal(await store.access(kind, secret, START_MS), undefined)
      const entry = { actor: NURSE, action: 'access.end', purpose: 'operations' }
      const subjects = [access.id]
      assert.deepEqual(lastAudit(opened), { ...entry, outcome: 'success', subjects })
      await store.write('endAccess', { id: access.id, by: NURSE, atMs: START_MS })
      assert.equal(lastAudit(opened).outcome, 'failed')
    })
  }

  test('is granted under the name of who grants it', async () => {
    const opened = await shared()
    const { access } = await grant(opened.store, 'token')
    assert.deepEqual(lastAudit(opened), {
      actor: NURSE,
      action: 'access.grant',
      outcome: 'success',
      purpose: 'operations',
      subjects: [access.id],
      note: 'token for ward board: system/Patient.read desk',
    })
  })

  test('stays after a restart', async () => {
    const opened = await open()
    const { access, secret } = await grant(opened.store, 'token')
    await opened.reopen()
    assert.deepEqual(await opened.store.access('token', secret, START_MS), access)
  })

  test('is swept once it expired, and not before', async () => {
    const { store, sql } = await open()
    const [gone, kept] = [
      await grant(store, 'session', START_MS),
      await grant(store, 'session', START_MS + 1),
    ]
    await store.write('sweep', { atMs: START_MS + 1, repeatsBeforeMs: 0 })
    assert.deepEqual(
      sql('select id from access').map((row) => row['id']),
      [kept.access.id],
    )
    assert.equal(await store.access('session', gone.secret, START_MS - 1), undefined)
  })

  test('leaves no secret behind', async () => {
    const { store, bytes } = await open()
    const made = [await grant(store, 'link'), await grant(store, 'token')]
    await store.write('redeemLink', { secret: made[0]!.secret, atMs: START_MS })
    for (const { secret, access } of made) {
      assert.equal(bytes().includes(secret), false)
      assert.equal(bytes().includes(access.id), true, 'the search finds what is there')
    }
  })

  test('that nobody knows is ended without a word of it', async () => {
    const opened = await shared()
    const id = '943 476 5919'
    await opened.store.write('endAccess', { id, by: NURSE, atMs: START_MS })
    const { subjects, outcome } = lastAudit(opened)
    assert.deepEqual([outcome, subjects], ['failed', [opened.store.patientKey('9434765919')]])
  })
})

onEveryStore('redeemLink', ({ shared }) => {
  const redeem = (store: Store, secret: string, atMs = START_MS) =>
    store.write('redeemLink', { secret, atMs })

  test('opens once', async () => {
    const opened = await shared()
    const { access, secret } = await grant(opened.store, 'link')
    assert.deepEqual(await redeem(opened.store, secret), access)
    assert.deepEqual(lastAudit(opened), {
      actor: access.actor,
      action: 'access.use',
      outcome: 'success',
      purpose: 'operations',
      subjects: [access.id],
      note: 'link for ward board: system/Patient.read desk',
    })
    assert.equal(await redeem(opened.store, secret), undefined)
    assert.equal(await opened.store.access('link', secret, START_MS), undefined)
  })

  test('opens once for two who use it at the same time', async () => {
    const { store } = await shared()
    const { access, secret } = await grant(store, 'link')
    const results = await Promise.all([redeem(store, secret), redeem(store, secret)])
    assert.deepEqual(results, [access, undefined])
  })

  for (const [what, kind, atMs] of [
    ['an expired link', 'link', DUE_MS],
    ['a session', 'session', START_MS],
    ['a token', 'token', START_MS],
  ] as const) {
    test(`does not open with ${what}`, async () => {
      const { store } = await shared()
      const { secret } = await grant(store, kind)
      const before = await store.counts()
      assert.equal(await redeem(store, secret, atMs), undefined)
      assert.deepEqual(await store.counts(), before)
    })
  }

  test('does not open with a link that was ended or never was', async () => {
    const { store } = await shared()
    const { access, secret } = await grant(store, 'link')
    await store.write('endAccess', { id: access.id, by: NURSE, atMs: START_MS })
    assert.equal(await redeem(store, secret), undefined)
    assert.equal(await redeem(store, unique('never-')), undefined)
  })
})
