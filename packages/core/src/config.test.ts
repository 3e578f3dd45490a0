import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  choice,
  describeConfig,
  flag,
  integer,
  optional,
  readConfig,
  text,
  textList,
} from './config.ts'

const schema = {
  host: text({ doc: 'Where to listen.', example: '127.0.0.1' }),
  port: integer({ doc: 'Port.', min: 0, max: 65_535, fallback: 2575 }),
  tls: flag({ doc: 'Use TLS.', fallback: true }),
  version: choice(['2.3', '2.4'], { doc: 'HL7 version.', fallback: '2.4' }),
  accepts: textList({ doc: 'Message types.', fallback: ['ADT'] }),
  note: optional(text({ doc: 'A note.' })),
}

describe('readConfig', () => {
  test('fills in what has a default', () => {
    assert.deepEqual(readConfig('link', schema, { host: 'localhost' }), {
      host: 'localhost',
      port: 2575,
      tls: true,
      version: '2.4',
      accepts: ['ADT'],
    })
  })

  test('takes what is given before a default, also what is false or zero', () => {
    const raw = {
      host: 'a',
      port: 0,
      tls: false,
      version: '2.3',
      accepts: [],
      note: 'by the door',
    }
    assert.deepEqual(readConfig('link', schema, raw), raw)
  })

  test('leaves out an optional setting that nobody gave', () => {
    assert.equal(Object.hasOwn(readConfig('link', schema, { host: 'a' }), 'note'), false)
  })

  // One row per way a configuration can be wrong; the position names the setting, not the value.
  const wrong: readonly (readonly [string, Record<string, unknown>, RegExp])[] = [
    ['lacks a required setting', {}, /link\.host is missing: expected text/],
    ['has null for a required setting', { host: null }, /link\.host is missing/],
    ['has an empty text', { host: '' }, /link\.host is wrong: expected text/],
    ['has a number for a text', { host: 5 }, /link\.host is wrong/],
    ['has a text for a number', { host: 'a', port: '80' }, /link\.port is wrong: .* 0 to 65535/],
    ['has a fraction', { host: 'a', port: 1.5 }, /link\.port/],
    ['has a number below the bound', { host: 'a', port: -1 }, /link\.port/],
    ['has a number above the bound', { host: 'a', port: 65_536 }, /link\.port/],
    ['has a number that is none', { host: 'a', port: Number.NaN }, /link\.port/],
    ['has a text for a flag', { host: 'a', tls: 'true' }, /link\.tls is wrong: expected true or/],
    ['has an unknown choice', { host: 'a', version: '2.9' }, /link\.version .* one of 2\.3, 2\.4/],
    ['has a text for a list', { host: 'a', accepts: 'ADT' }, /link\.accepts .* list of texts/],
    ['has a list of other things', { host: 'a', accepts: [1] }, /link\.accepts/],
    ['has a wrong optional setting', { host: 'a', note: 3 }, /link\.note is wrong: expected text/],
    [
      'has a misspelt setting',
      { host: 'a', prot: 1 },
      /link\.prot: no such setting; known are host/,
    ],
    [
      'has a setting that every object inherits',
      { host: 'a', constructor: 1 },
      /link\.constructor/,
    ],
  ]
  for (const [why, raw, where] of wrong) {
    test(`refuses a configuration that ${why}`, () => {
      assert.throws(() => readConfig('link', schema, raw), {
        name: 'AlmonerError',
        code: 'CORE_CONFIG_INVALID',
        message: where,
      })
    })
  }

  test('does not repeat the wrong value', () => {
    assert.throws(
      () => readConfig('link', schema, { host: 'a', version: 'hunter2' }),
      (thrown: Error) => !thrown.message.includes('hunter2'),
    )
  })
})

describe('describeConfig', () => {
  test('prints one row for each setting', () => {
    assert.equal(
      describeConfig({ host: schema.host, port: schema.port }),
      [
        '| setting | value | default | meaning |',
        '|---|---|---|---|',
        '| `host` | text | – | Where to listen. Example: `127.0.0.1`. |',
        '| `port` | whole number from 0 to 65535 | `2575` | Port. |',
        '',
      ].join('\n'),
    )
  })
})
