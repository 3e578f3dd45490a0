import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { DAY_MS, MINUTE_MS } from '../london-time.ts'
import { messagesOfDay, planArrivalsOf } from './day-of-arrivals.ts'
import type { JourneyEvent } from './journey.ts'
import { ARRIVALS, MESSAGES_PER_DAY } from './programme.ts'

const START_MS = Date.UTC(2026, 2, 27)

describe('a day of arrivals', () => {
  test('makes the same number of messages for any seed, season and day', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 0, max: 2_000 }), (seed, day) => {
        const planned = planArrivalsOf({ seed, startAtMs: START_MS }, day)
        assert.equal(planned.length, MESSAGES_PER_DAY)
      }),
      { numRuns: 20 },
    )
  })

  test('is in order of time, and one patient never has two messages in one minute', () => {
    const planned = planArrivalsOf({ seed: 5, startAtMs: START_MS }, 3)
    const lastOf = new Map<number, number>()
    planned.reduce((before, { event }) => {
      assert.ok(event.atMs >= before)
      assert.equal(event.atMs % MINUTE_MS, 0)
      assert.ok(event.atMs > (lastOf.get(event.patient) ?? 0))
      lastOf.set(event.patient, event.atMs)
      return event.atMs
    }, 0)
    assert.equal(lastOf.size, ARRIVALS.length)
  })

  test('ends each journey once, with its last message', () => {
    const ended = new Map<number, number>()
    for (const { event, endsJourney } of planArrivalsOf({ seed: 5, startAtMs: START_MS }, 0)) {
      assert.equal(ended.has(event.journey), false, 'nothing comes after the end')
      if (endsJourney) ended.set(event.journey, event.patient)
    }
    const twice = ARRIVALS.filter((arrival) => arrival.kind === 'unidentified').length
    assert.equal(ended.size, ARRIVALS.length + twice)
  })

  test('never has an event that was recorded before it happened', () => {
    for (const { event } of planArrivalsOf({ seed: 6, startAtMs: START_MS }, 0)) {
      const occurredAtMs = event.kind === 'adt' ? event.occurredAtMs : event.collectedAtMs
      assert.ok(occurredAtMs <= event.atMs)
    }
  })
})

describe('the course of a stay', () => {
  const journeys = Map.groupBy(
    planArrivalsOf({ seed: 8, startAtMs: START_MS }, 0).map((planned) => planned.event),
    (event) => event.journey,
  )
  const adt = (events: readonly JourneyEvent[]): readonly string[] =>
    events.flatMap((event) => (event.kind === 'adt' ? [event.trigger] : []))

  test('goes through triggers in an order that can happen', () => {
    const shapes = new Set([...journeys.values()].map((events) => adt(events).join(' ')))
    for (const shape of shapes) {
      assert.match(
        shape,
        /^(A28( A05)? )?(A04 (A40 )?)?A01( A02 A12)?( A02)*( A08)? A03( A13 A03)?$|^A28( A05)? A01 A11$|^A28( A31)?$/,
      )
    }
    // One for each trigger that the feed promises.
    for (const trigger of ['A04 A40', 'A05', 'A02 A12', 'A13 A03', 'A11', 'A31', 'A08', 'A28']) {
      assert.ok(
        [...shapes].some((shape) => shape.includes(trigger)),
        trigger,
      )
    }
  })

  test('keeps one visit number, and discharges after it admits', () => {
    for (const events of journeys.values()) {
      const visits = events.flatMap((event) => (event.visit === undefined ? [] : [event.visit]))
      assert.ok(new Set(visits.map((visit) => visit.number)).size <= 1)
      for (const { admittedAtMs, dischargedAtMs } of visits) {
        if (dischargedAtMs !== undefined) assert.ok(dischargedAtMs > (admittedAtMs ?? Infinity))
      }
    }
  })

  test('moves a patient from the bed they were in', () => {
    for (const events of journeys.values()) {
      let bed = ''
      for (const event of events) {
        if (event.kind !== 'adt' || event.visit === undefined) continue
        const { visit, trigger } = event
        if (trigger === 'A02') assert.equal(visit.priorBed?.ward.code, bed)
        bed = visit.bed.ward.code
      }
    }
  })

  test('reports an order first preliminary, then final, then corrected', () => {
    const orders = Map.groupBy(
      [...journeys.values()].flat().filter((event) => event.kind !== 'adt'),
      (event) => event.orderNumber,
    )
    const shapes = new Set([...orders.values()].map((all) => all.map((one) => one.status).join('')))
    assert.deepEqual([...shapes].sort(), ['F', 'FC', 'PF', 'PFC'])
  })

  test('brings an unidentified patient in under a temporary number, merged into the known one', () => {
    const merges = [...journeys.values()].filter((events) => adt(events).includes('A40'))
    assert.ok(merges.length > 0)
    for (const events of merges) {
      const arrived = events[0]!
      const merge = events.find((event) => event.kind === 'adt' && event.trigger === 'A40')!
      assert.equal(arrived.record.nhsNumber, '')
      assert.equal(merge.kind === 'adt' && merge.merged?.mrn, arrived.record.mrn)
      const registered = journeys.get(arrived.journey - 1)![0]!
      assert.equal(merge.record.nhsNumber, registered.record.nhsNumber)
      assert.equal(merge.record.mrn, registered.record.mrn)
    }
  })
})

test('the messages of a day hold those of earlier arrivals that are sent on it, and no others', () => {
  const plan = { seed: 2, startAtMs: START_MS }
  const arrivalsOf = (day: number) => planArrivalsOf(plan, day)
  const messages = messagesOfDay(plan, 2, arrivalsOf)
  const fromMs = START_MS + 2 * DAY_MS
  const wanted = [0, 1, 2]
    .flatMap((day) => arrivalsOf(day))
    .filter(({ event }) => event.atMs >= fromMs && event.atMs < fromMs + DAY_MS)
  assert.deepEqual(
    messages.map((one) => one.serial).toSorted((a, b) => a - b),
    wanted.map((one) => one.serial).toSorted((a, b) => a - b),
  )
  assert.ok(new Set(messages.map((one) => Math.floor(one.serial / MESSAGES_PER_DAY))).size > 1)
})
