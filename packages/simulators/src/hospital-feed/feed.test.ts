import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Message } from '@almoner/hl7v2'
import {
  decodeBytes,
  get,
  parseMessage,
  readHeader,
  segmentsNamed,
  serialise,
} from '@almoner/hl7v2'
import fc from 'fast-check'
import { isNhsNumber, PERSONS_MAX } from './cast/nhs-number.ts'
import { ARRIVALS, MESSAGES_PER_DAY } from './course/programme.ts'
import type { FeedMessage } from './feed.ts'
import { createFeed, fixedDay, supplyOf } from './feed.ts'
import { londonStamp } from './london-time.ts'

const OPTIONS = { seed: 11, startAtMs: Date.UTC(2026, 2, 27), organisation: 'RZZ' } as const

const take = (count: number, from = 0): readonly FeedMessage[] => {
  const feed = createFeed({ ...OPTIONS, from })
  return Array.from({ length: count }, () => feed.next())
}

describe('createFeed', () => {
  const first = take(1_500)

  test('gives the same messages every time', () => {
    assert.deepEqual(take(50), first.slice(0, 50))
  })

  test('gives other patients for another seed', () => {
    const other = createFeed({ ...OPTIONS, seed: 12 }).next()
    assert.notEqual(other.text, first[0]!.text)
  })

  test('can be taken up at any message', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: first.length - 5 }), (from) => {
        assert.deepEqual(take(5, from), first.slice(from, from + 5))
      }),
      { numRuns: 12 },
    )
  })

  test('can be taken up far on, where there are no NHS numbers left for new patients', () => {
    const from = Math.ceil((PERSONS_MAX / ARRIVALS.length + 5) * MESSAGES_PER_DAY)
    const [one, two] = take(2, from)
    assert.equal(one!.index, from)
    assert.deepEqual(two, take(1, from + 1)[0])
    assert.ok(one!.patient >= PERSONS_MAX)
    assert.equal(get(parseMessage(one!.text), 'PID-3[2]'), undefined)
  })

  test('counts messages, goes on in time and never repeats a control id', () => {
    const ids = new Set(first.map((one) => one.controlId))
    assert.equal(ids.size, first.length)
    first.forEach((one, at) => {
      assert.equal(one.index, at)
      assert.equal(get(parseMessage(one.text), 'MSH-10'), one.controlId)
      if (at > 0) assert.ok(one.atMs >= first[at - 1]!.atMs)
    })
  })

  test('writes messages that parse without leniency, in the bytes that they declare', () => {
    for (const one of first) {
      const message = parseMessage(one.text)
      assert.deepEqual(message.leniencies, [])
      assert.equal(serialise(message), one.text)
      const { text, charset, problems } = decodeBytes(one.bytes)
      assert.equal(text, one.text)
      assert.deepEqual(problems, [])
      assert.equal(charset, one.source === 'lab' ? 'iso-8859-1' : 'utf-8')
      assert.equal(readHeader(message).timestamp, londonStamp(one.atMs, 'second'))
    }
  })

  test('speaks the dialect of each system', () => {
    const dialects = new Set(
      first.map(({ source, text }) => {
        const { version, messageType, sendingApplication } = readHeader(parseMessage(text))
        return `${source} ${sendingApplication} ${version} ${messageType}`
      }),
    )
    assert.deepEqual([...dialects].sort(), [
      'epr EPR 2.5.1 ADT',
      'epr EPR 2.5.1 ORU',
      'lab LIMS 2.3.1 ORU',
      'pas PAS 2.4 ADT',
    ])
  })

  test('gives each patient one valid NHS number of the test range, and no other patient the same', () => {
    const owners = new Map<string, number>()
    for (const { text, patient } of first) {
      for (const number of nhsNumbersIn(parseMessage(text))) {
        assert.ok(isNhsNumber(number) && number.startsWith('999'), number)
        assert.equal(owners.get(number) ?? patient, patient)
        owners.set(number, patient)
      }
    }
    assert.ok(owners.size > 100)
  })

  test('tells in titles what happened and nothing about whom', () => {
    for (const { title, text } of first) {
      const message = parseMessage(text)
      for (const path of ['PID-5.1', 'PID-5.2', 'PID-3.1', 'PID-11.1']) {
        const value = get(message, path) ?? ''
        assert.ok(value === '' || value === 'UNKNOWN' || !title.includes(value), title)
      }
    }
  })
})

const nhsNumbersIn = (message: Message): readonly string[] =>
  [1, 2].flatMap((repetition) =>
    get(message, `PID-3[${repetition}].4.1`) === 'NHS'
      ? [get(message, `PID-3[${repetition}].1`) ?? '']
      : [],
  )

describe('fixedDay', () => {
  const day = fixedDay(OPTIONS)

  test('is one day of arrivals, all journeys whole, with every trigger', () => {
    assert.equal(day.length, MESSAGES_PER_DAY)
    const types = new Set(day.map(({ text }) => parseMessageType(text)))
    const wanted = 'A01 A02 A03 A04 A05 A08 A11 A12 A13 A28 A31 A40'.split(' ')
    assert.deepEqual([...types].sort(), [...wanted.map((trigger) => `ADT^${trigger}`), 'ORU^R01'])
    const journeys = new Set(day.map((one) => one.journey))
    assert.equal(day.filter((one) => one.endsJourney).length, journeys.size)
  })

  test('holds messages of the feed, byte for byte', () => {
    const feed = new Map(take(1_500).map((one) => [one.controlId, one]))
    for (const one of day) {
      const same = feed.get(one.controlId)
      assert.equal(same?.text, one.text)
    }
  })

  test('holds what makes messages hard to carry', () => {
    const all = day.map((one) => one.text).join('')
    for (const [what, expected] of [
      ['formatted lines', /\|FT\|[^\r]*\\\.br\\/],
      ['indented text', /\|TX\|[^\r]*\|\|\s{3}\S/],
      ['an escaped component separator', /\|10\\S\\9\/L\|/],
      ['an escaped subcomponent separator', /\\T\\/],
      ['an escaped field separator', /\\F\\/],
      ['structured numbers', /\|SN\|[^\r]*\|[<>]\^\d/],
      ['coded values', /\|CE\|/],
      ['comments', /\rNTE\|1\|L\|/],
      ['corrections', /\rOBR\|[^\r]*\|C(\||\r)/],
      ['abnormal flags', /\|(HH|LL|H|L)\|\|\|[FPC]\|/],
      ['deletions', /\rPID\|[^\r]*\|""\|/],
      ['Welsh letters', /[ŵŷ]/],
      ['Polish letters', /ł/],
      ['a death', /\|Y\|\|NSTS/],
    ] as const) {
      assert.match(all, expected, what)
    }
    const latin = Buffer.concat(day.filter((one) => one.source === 'lab').map((one) => one.bytes))
    assert.ok(latin.includes(0xb5), 'a micro sign as one byte')
    assert.ok(latin.includes(0xa3), 'a pound sign as one byte')
  })

  test('fills about twenty-five fields of PID, PD1, NK1, PV1 and PV2 on admission', () => {
    for (const { text } of day) {
      const message = parseMessage(text)
      if (parseMessageType(text) !== 'ADT^A01') continue
      const filled = ['PID', 'PD1', 'NK1', 'PV1', 'PV2']
        .flatMap((name) => segmentsNamed(message, name))
        .flatMap(({ start, end }) => message.text.slice(start, end).split('|').slice(1))
        .filter((value) => value !== '')
      assert.ok(filled.length >= 25, String(filled.length))
    }
  })
})

const parseMessageType = (text: string): string => {
  const { messageType, trigger } = readHeader(parseMessage(text))
  return `${messageType}^${trigger}`
}

test('a supply of messages ends', () => {
  const messages = take(2)
  const supply = supplyOf(messages)
  assert.deepEqual([supply.next(), supply.next(), supply.next()], [...messages, undefined])
})

describe('options', () => {
  for (const [why, wrong] of [
    ['a seed below zero', { seed: -1 }],
    ['a seed that is no whole number', { seed: 1.5 }],
    ['a start that is no time', { startAtMs: Number.NaN }],
    ['a start beyond this century', { startAtMs: Date.UTC(2101, 0, 1) }],
    ['an organisation that could be read as delimiters', { organisation: 'R|Z' }],
    ['a position below zero', { from: -1 }],
    ['a position beyond the calendar', { from: 1_000_000_001 }],
  ] as const) {
    test(`are refused for ${why}`, () => {
      assert.throws(() => createFeed({ ...OPTIONS, ...wrong }), { code: 'SIM_OPTION_INVALID' })
    })
  }
})
