import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { describe, test } from 'node:test'
import { defineErrors } from '@almoner/core'
import { readAck } from '@almoner/hl7v2'
import type { Actor } from '@almoner/store'
import { adtText, newFolder, startUnderTest, type UnderTest } from './testing/engine-under-test.ts'
import { agreement, handDestination } from './testing/stand-ins.ts'

const operator: Actor = { kind: 'person', id: 'op', name: 'Operator' }
const look = (under: UnderTest) => under.store.view(operator, 'operations')

const FAILURES = defineErrors('test', {
  TEST_NEVER: { retry: 'never', http: 422, ack: 'AR', safe: 'Never.', operator: 'Nothing.' },
  TEST_PERSON: { retry: 'operator', http: 409, ack: 'AE', safe: 'Person.', operator: 'Look.' },
  TEST_LATER: { retry: 'later', http: 503, ack: 'AE', safe: 'Later.', operator: 'Wait.' },
})

const codeOf = (ack: string): string | undefined => readAck(ack)?.code

async function release(
  under: UnderTest,
  id: string,
  what: 'releaseMessage' | 'releaseDelivery',
  decision: 'retry' | 'dismiss',
  routeVersion?: string,
): Promise<void> {
  await under.store.write(what, {
    id,
    decision,
    by: operator,
    why: 'tested',
    atMs: 1,
    routeVersion,
  })
  under.engine.released(id)
}

describe('a message', () => {
  test('is acknowledged, mapped, stored, forwarded as it came and audited', async () => {
    const under = await startUnderTest()
    const ack = await under.adt('1', 'c1')
    assert.deepEqual([codeOf(ack), readAck(ack)?.controlId], ['AA', 'c1'])
    await under.idle()
    const [row] = await look(under).messages({}, { countMax: 5 })
    assert.equal(row?.state, 'done')
    assert.deepEqual(row?.ledger, { mapped: 2, ignored: 1, unmapped: 0, unmappedPaths: [] })
    assert.equal(row?.deliveries[0]?.state, 'delivered')
    assert.equal(Buffer.from(under.hub.delivered[0]!.bytes).toString(), adtText('1', 'c1'))
    const detail = await look(under).message(row!.id)
    assert.deepEqual(
      detail?.audit.map((one) => one.action),
      [
        'message.accept',
        'message.process',
        'delivery.send',
        'delivery.settle',
        'message.read',
      ].slice(0, detail?.audit.length),
    )
    assert.equal(Buffer.from([...detail!.replies.values()][0]!).toString(), 'reply')
    await under.stop()
  })

  test('sent twice gets the first acknowledgement again and is processed once', async () => {
    const under = await startUnderTest()
    const [first, second] = [await under.adt('1', 'c1'), await under.adt('1', 'c1')]
    assert.equal(second, first)
    await under.idle()
    assert.equal(under.hub.delivered.length, 1)
    assert.equal((await under.store.counts()).repeats, 1)
    await under.stop()
  })

  test('with a used control id and other bytes is accepted and flagged', async () => {
    const under = await startUnderTest()
    await under.adt('1', 'c1', 'ONE')
    assert.equal(codeOf(await under.adt('1', 'c1', 'TWO')), 'AA')
    await under.idle()
    const rows = await look(under).messages({}, { countMax: 5 })
    assert.deepEqual(rows[0]?.flags, ['SAME_ID_OTHER_BYTES'])
    assert.equal(under.hub.delivered.length, 2)
    await under.stop()
  })

  for (const [why, text, code] of [
    ['is not HL7', 'hello', 'HL7_NO_MSH'],
    ['is empty', '', 'HL7_NO_MSH'],
    ['has no control id', adtText('1', ''), 'ENGINE_NO_CONTROL_ID'],
    [
      'is of a type no route takes',
      adtText('1', 'c1').replace('ADT^A31', 'BAR^P01'),
      'ENGINE_NO_ROUTE',
    ],
  ] as const) {
    test(`that ${why} gets AR and is kept as a dead letter`, async () => {
      const under = await startUnderTest()
      const ack = await under.source.send(text)
      assert.equal(codeOf(ack), 'AR')
      assert.equal(codeOf(await under.adt('2', 'good')), 'AA')
      await under.idle()
      const [, row] = await look(under).messages({}, { countMax: 5 })
      assert.deepEqual([row?.state, row?.code], ['dead', code])
      const detail = await look(under).message(row!.id)
      assert.equal(Buffer.from(detail!.body).toString(), text)
      await under.stop()
    })
  }

  test('of a sender that the route does not know gets AR and is kept as a dead letter', async () => {
    const under = await startUnderTest({ senders: ['PAS|RZZ'] })
    assert.equal(
      codeOf(await under.source.send(adtText('1', 'c1').replace('|PAS|', '|XXX|'))),
      'AR',
    )
    assert.equal(codeOf(await under.adt('1', 'c2')), 'AA')
    await under.idle()
    const [, row] = await look(under).messages({}, { countMax: 5 })
    assert.deepEqual([row?.state, row?.code], ['dead', 'ENGINE_UNKNOWN_SENDER'])
    await under.stop()
  })

  test('that asks for commit acknowledgements gets CA, or none when it wants none', async () => {
    const under = await startUnderTest()
    const wanting = (accept: string, id: string): string =>
      adtText('1', id).replace('|P|2.4', `|P|2.4|||${accept}`)
    assert.equal(codeOf(await under.source.send(wanting('AL', 'c1'))), 'CA')
    assert.equal(await under.source.send(wanting('NE', 'c2')), '')
    assert.equal((await under.store.counts()).messages.received >= 0, true)
    await under.idle()
    assert.equal((await under.store.counts()).messages.done, 2)
    await under.stop()
  })
})

describe('a full store', () => {
  test('is answered with AE, never with AA, and what was ACKed is still processed', async () => {
    const under = await startUnderTest({ pagesMax: 140 })
    const codes: (string | undefined)[] = []
    for (let i = 0; i < 60; i += 1) {
      codes.push(codeOf(await under.adt(`${i}`, `c${i}`, 'X'.repeat(20_000))))
      if (codes.at(-1) === 'AE') break
    }
    assert.equal(codes.at(-1), 'AE')
    const ackedCount = codes.filter((code) => code === 'AA').length
    const rows = await look(under)
      .messages({}, { countMax: 100 })
      .catch(() => [])
    assert.ok(rows.length === ackedCount || rows.length === 0)
    await under.engine.stop()
    await under.store.close()
  })
})

describe('a step that fails', () => {
  test('for good makes a dead letter and the lane goes on', async () => {
    const under = await startUnderTest({
      onMap: (text) => {
        if (text.includes('BAD')) throw FAILURES.error('TEST_NEVER')
      },
    })
    await under.adt('1', 'c1', 'BAD')
    await under.adt('1', 'c2')
    await under.idle()
    const rows = await look(under).messages({}, { countMax: 5 })
    assert.deepEqual(
      rows.map((row) => [row.state, row.code]),
      [
        ['done', undefined],
        ['dead', 'TEST_NEVER'],
      ],
    )
    await under.stop()
  })

  test('for a person holds its lane alone, until a person decides', async () => {
    let isFixed = false
    const under = await startUnderTest({
      onMap: (text) => {
        if (text.includes('BAD') && !isFixed) throw FAILURES.error('TEST_PERSON')
      },
    })
    await under.adt('1', 'c1', 'BAD')
    await under.adt('1', 'c2', 'AFTER')
    await under.adt('2', 'c3', 'OTHER')
    await under.idle()
    const states = async () =>
      (await look(under).messages({}, { countMax: 5 })).map((row) => row.state).toReversed()
    assert.deepEqual(await states(), ['held', 'received', 'done'])
    isFixed = true
    const [held] = await look(under).messages({ state: 'held' }, { countMax: 5 })
    await release(under, held!.id, 'releaseMessage', 'retry')
    await under.idle()
    assert.deepEqual(await states(), ['done', 'done', 'done'])
    const order = under.hub.delivered.map(
      (one) => /c\d/.exec(Buffer.from(one.bytes).toString())![0],
    )
    assert.deepEqual(order, ['c3', 'c1', 'c2'])
    await under.stop()
  })

  test('can be dismissed, and the lane moves on without it', async () => {
    const under = await startUnderTest({
      onMap: (text) => {
        if (text.includes('BAD')) throw FAILURES.error('TEST_PERSON')
      },
    })
    await under.adt('1', 'c1', 'BAD')
    await under.adt('1', 'c2')
    await under.idle()
    const [held] = await look(under).messages({ state: 'held' }, { countMax: 5 })
    await release(under, held!.id, 'releaseMessage', 'dismiss')
    await under.idle()
    const { messages } = await under.store.counts()
    assert.deepEqual([messages.dead, messages.done, messages.held], [1, 1, 0])
    await under.stop()
  })

  test('for now is tried again until it works', async () => {
    let failures = 3
    const under = await startUnderTest({
      onMap: () => {
        failures -= 1
        if (failures >= 0) throw FAILURES.error('TEST_LATER')
      },
    })
    await under.adt('1', 'c1')
    await under.idle()
    const [row] = await look(under).messages({}, { countMax: 1 })
    assert.deepEqual([row?.state, row?.attempts, row?.code], ['done', 4, undefined])
    await under.stop()
  })

  test('through a bug is tried three times, then held for a person', async () => {
    let calls = 0
    const under = await startUnderTest({
      onMap: () => {
        calls += 1
        throw new TypeError('a bug')
      },
    })
    await under.adt('1', 'c1')
    await under.idle()
    const [row] = await look(under).messages({}, { countMax: 1 })
    assert.deepEqual([row?.state, row?.code, calls], ['held', 'ENGINE_STEP_CRASHED', 3])
    await under.stop()
  })

  test('leaves a held lane held over a restart', async () => {
    const folder = newFolder()
    const onMap = (text: string): void => {
      if (text.includes('BAD')) throw FAILURES.error('TEST_PERSON')
    }
    const before = await startUnderTest({ folder, onMap })
    await before.adt('1', 'c1', 'BAD')
    await before.idle()
    await before.stop()
    const after = await startUnderTest({ folder, onMap })
    await after.adt('1', 'c2')
    await after.idle()
    const { messages } = await after.store.counts()
    assert.deepEqual([messages.held, messages.received], [1, 1])
    await after.stop()
    rmSync(folder, { recursive: true })
  })
})

describe('a changed route', () => {
  test('holds what the old version accepted until a person names the new one', async () => {
    const folder = newFolder()
    let isStuck = true
    const before = await startUnderTest({
      folder,
      onMap: () => {
        if (isStuck) throw FAILURES.error('TEST_PERSON')
      },
    })
    await before.adt('1', 'c1')
    await before.idle()
    await before.stop()
    isStuck = false
    const after = await startUnderTest({ folder, mapperVersion: '2' })
    const [held] = await look(after).messages({}, { countMax: 1 })
    await release(after, held!.id, 'releaseMessage', 'retry')
    await after.idle()
    const [still] = await look(after).messages({}, { countMax: 1 })
    assert.deepEqual([still?.state, still?.code], ['held', 'ENGINE_ROUTE_CHANGED'])
    const version = after.site.routes[0]!.version
    await release(after, held!.id, 'releaseMessage', 'retry', version)
    await after.idle()
    const [done] = await look(after).messages({}, { countMax: 1 })
    assert.equal(done?.state, 'done')
    await after.stop()
    rmSync(folder, { recursive: true })
  })
})

describe('a delivery', () => {
  test('that could not be taken is tried again with the same key and in order', async () => {
    const under = await startUnderTest()
    under.hub.answers.push({ kind: 'transient', code: 'PEER_BUSY', scope: 'message' })
    await under.adt('1', 'c1')
    await under.idle()
    await under.adt('1', 'c2')
    await under.idle()
    const [first, second, third] = under.hub.delivered
    assert.equal(second?.idempotencyKey, first?.idempotencyKey)
    assert.deepEqual([first?.attempt, second?.attempt, third?.attempt], [1, 2, 1])
    assert.equal(second?.maybeRepeat, false)
    await under.stop()
  })

  test('whose end is unknown is repeated under a flag', async () => {
    const under = await startUnderTest()
    under.hub.answers.push({ kind: 'ambiguous', code: 'NO_ANSWER', scope: 'message' })
    await under.adt('1', 'c1')
    await under.idle()
    assert.deepEqual(
      under.hub.delivered.map((one) => one.maybeRepeat),
      [false, true],
    )
    const [row] = await look(under).messages({}, { countMax: 1 })
    assert.equal(row?.deliveries[0]?.maybeRepeat, true)
    await under.stop()
  })

  test('waits however long the link is down, without ever giving up', async () => {
    const under = await startUnderTest({ policy: { attemptsMax: 2 } })
    for (let i = 0; i < 25; i += 1) {
      under.hub.answers.push({ kind: 'transient', code: 'DOWN', scope: 'link' })
    }
    await under.adt('1', 'c1')
    await under.adt('2', 'c2')
    await under.idle()
    assert.equal((await under.store.counts()).deliveries.delivered, 2)
    await under.stop()
  })

  test('that is refused holds its lane, and only its lane', async () => {
    const under = await startUnderTest()
    under.hub.answers.push({ kind: 'rejected', code: 'AR' })
    await under.adt('1', 'c1')
    await under.idle()
    await under.adt('1', 'c2')
    await under.adt('2', 'c3')
    await under.idle()
    const { deliveries } = await under.store.counts()
    assert.deepEqual([deliveries.held, deliveries.waiting, deliveries.delivered], [1, 1, 1])
    const [, , first] = await look(under).messages({}, { countMax: 5 })
    await release(under, first!.deliveries[0]!.id, 'releaseDelivery', 'retry')
    await under.idle()
    assert.equal((await under.store.counts()).deliveries.delivered, 3)
    await under.stop()
  })

  test('given up becomes a dead letter where the policy says so', async () => {
    const under = await startUnderTest({ policy: { attemptsMax: 2, onGivingUp: 'dead' } })
    for (let i = 0; i < 2; i += 1) {
      under.hub.answers.push({ kind: 'transient', code: 'AE', scope: 'message' })
    }
    await under.adt('1', 'c1')
    await under.idle()
    await under.adt('1', 'c2')
    await under.idle()
    const { deliveries } = await under.store.counts()
    assert.deepEqual([deliveries.dead, deliveries.delivered], [1, 1])
    await under.stop()
  })

  test('without a live agreement never leaves, and waits for a person', async () => {
    const ended = { ...agreement, validTo: '2020-12-31' }
    const under = await startUnderTest({ agreements: [ended] })
    await under.adt('1', 'c1')
    await under.idle()
    assert.equal(under.hub.delivered.length, 0)
    const [row] = await look(under).messages({}, { countMax: 1 })
    assert.deepEqual([row?.state, row?.deliveries[0]?.state], ['done', 'held'])
    assert.match(row?.deliveries[0]?.code ?? '', /^GOVERNANCE_/)
    await under.stop()
  })

  test('under way at a stop is sent again, flagged, by the next start', async () => {
    const folder = newFolder()
    const silent = handDestination('hub')
    const before = await startUnderTest({ folder, hub: silent })
    silent.answers.push('until stopped')
    await before.adt('1', 'c1')
    while (silent.delivered.length === 0) await new Promise((resolve) => setImmediate(resolve))
    await before.stop()
    const after = await startUnderTest({ folder })
    await after.idle()
    const [first, again] = [silent.delivered[0]!, after.hub.delivered[0]!]
    assert.equal(again.idempotencyKey, first.idempotencyKey)
    assert.deepEqual([first.maybeRepeat, again.maybeRepeat, again.attempt], [false, true, 2])
    await after.stop()
    rmSync(folder, { recursive: true })
  })
})
