import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { inspect } from 'node:util'
import fc from 'fast-check'
import { AlmonerError, defineErrors, errorFromWire, errorToWire, isAlmonerError } from './errors.ts'

const WARD_ERRORS = defineErrors('ward', {
  WARD_FULL: {
    retry: 'later',
    http: 503,
    ack: 'AE',
    safe: 'The ward has no free bed.',
    operator: 'Wait, or choose another ward.',
  },
})

describe('an error of a room', () => {
  test('carries its whole row', () => {
    const error = WARD_ERRORS.error('WARD_FULL')
    assert.ok(error instanceof Error)
    assert.deepEqual(
      [error.code, error.retry, error.http, error.ack, error.operator, error.message],
      [
        'WARD_FULL',
        'later',
        503,
        'AE',
        'Wait, or choose another ward.',
        'The ward has no free bed.',
      ],
    )
  })

  test('shows its position behind the sentence', () => {
    const error = WARD_ERRORS.error('WARD_FULL', { where: 'PV1-3' })
    assert.equal(error.message, 'The ward has no free bed. Where: PV1-3.')
  })

  test('keeps its detail and its cause for sealed storage', () => {
    const cause = new SyntaxError('Unexpected token near SMITH')
    const error = WARD_ERRORS.error('WARD_FULL', { detail: 'SMITH^JOHN', cause })
    assert.equal(error.detail, 'SMITH^JOHN')
    assert.equal(error.cause, cause)
  })

  const printed: readonly (readonly [string, (error: AlmonerError) => string])[] = [
    ['String', (error) => String(error)],
    ['the stack', (error) => error.stack ?? ''],
    ['JSON', (error) => JSON.stringify(error)],
    ['inspect', (error) => inspect(error, { depth: null, showHidden: true, getters: false })],
    ['inspect without custom forms', (error) => inspect(error, { customInspect: false })],
    ['a copy of its members', (error) => JSON.stringify({ ...error })],
  ]
  for (const [how, print] of printed) {
    test(`gives neither detail nor cause away through ${how}`, () => {
      const cause = new Error('about SMITH')
      const error = WARD_ERRORS.error('WARD_FULL', { detail: 'SMITH', cause })
      assert.match(print(error), /WARD_FULL|no free bed/)
      assert.doesNotMatch(print(error), /SMITH/)
    })
  }

  test('is told apart from every other error', () => {
    assert.equal(isAlmonerError(WARD_ERRORS.error('WARD_FULL')), true)
    assert.equal(isAlmonerError(new Error('WARD_FULL')), false)
    assert.equal(isAlmonerError({ code: 'WARD_FULL' }), false)
    assert.equal(isAlmonerError(undefined), false)
  })
})

describe('an error that crosses a thread', () => {
  test('arrives with all that can cross, whatever its texts hold', () => {
    const sentence = fc.oneof(fc.string(), fc.constant('Odd. Where: here.'))
    fc.assert(
      fc.property(
        fc.option(sentence, { nil: undefined }),
        fc.option(sentence, { nil: undefined }),
        (where, detail) => {
          const sent = WARD_ERRORS.error('WARD_FULL', { where, detail })
          const wire = structuredClone(errorToWire(sent))
          const got = errorFromWire(wire)
          assert.ok(got instanceof AlmonerError)
          assert.deepEqual(errorToWire(got), errorToWire(sent))
          assert.equal(got.message, sent.message)
          assert.equal(got.detail, detail)
        },
      ),
    )
  })
})
