import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Log, type LogFields, seededPorts, silentLog, virtualClock } from '@almoner/core'
import { createFakeStore } from '../http/testing/fake-store.ts'
import { createRefusals, type Refusal } from './refusals.ts'

const refusal: Refusal = {
  actor: undefined,
  outcome: 'refused',
  purpose: 'direct-care',
  code: 'APP_UNAUTHENTICATED',
  endpoint: 'GET /fhir/R4/:type/:id',
  peer: '10.0.0.9',
  requestId: 'r-1',
}

function start(options: { readonly perMinuteMax?: number; readonly log?: Log } = {}) {
  const clock = virtualClock(1_000)
  const fake = createFakeStore()
  const { log = silentLog, ...rest } = options
  const refusals = createRefusals({ store: fake.store, ports: seededPorts(1, clock), log, ...rest })
  return { clock, fake, refusals }
}

describe('createRefusals', () => {
  test('writes an entry with who, where from and why, and no address', async () => {
    const { fake, refusals } = start()
    await refusals.note(refusal)
    assert.deepEqual(fake.audit, [
      {
        atMs: 1_000,
        actor: { kind: 'token', id: 'unknown', name: 'unknown caller' },
        action: 'access.refuse',
        outcome: 'refused',
        purpose: 'direct-care',
        subjects: [],
        note: 'APP_UNAUTHENTICATED at GET /fhir/R4/:type/:id from 10.0.0.9, request r-1',
      },
    ])
  })

  test('counts what is beyond the minute’s limit and writes one entry for the rest', async () => {
    const { clock, fake, refusals } = start({ perMinuteMax: 2 })
    for (let count = 0; count < 5; count++) await refusals.note(refusal)
    await refusals.note({ ...refusal, code: 'APP_FORBIDDEN' })
    assert.equal(fake.audit.length, 2)
    clock.advance(60_000)
    await Promise.resolve()
    assert.equal(fake.audit.length, 3)
    assert.equal(
      fake.audit[2]?.note,
      '4 more refusals within one minute: APP_UNAUTHENTICATED 3, APP_FORBIDDEN 1',
    )
    await refusals.note(refusal)
    assert.equal(fake.audit.length, 4)
  })

  test('loses no count when the server stops', async () => {
    const { fake, refusals } = start({ perMinuteMax: 1 })
    await refusals.note(refusal)
    await refusals.note(refusal)
    await refusals.close()
    assert.match(fake.audit[1]?.note ?? '', /^1 more refusals/)
  })

  test('does not fail when the audit fails: it says so in the log', async () => {
    const events: [string, LogFields | undefined][] = []
    const log: Log = { ...silentLog, error: (event, fields) => void events.push([event, fields]) }
    const { fake, refusals } = start({ log })
    fake.failAudit = true
    await refusals.note(refusal)
    assert.equal(events[0]?.[0], 'refusal.audit_failed')
  })
})
