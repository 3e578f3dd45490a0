import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  component,
  components,
  field,
  parseMessage,
  type Region,
  raw,
  repetitions,
  subcomponent,
  subcomponents,
} from './index.ts'

const message = parseMessage('MSH|^~\\&|PAS\rPID|1||a^b&c^^d~~e||\r')
const pid = message.segments[1]!
const text = (region: Region | undefined): string | undefined => region && raw(message, region)
const texts = (regions: readonly Region[]): readonly string[] =>
  regions.map((region) => raw(message, region))

describe('pieces of a field', () => {
  const whole = field(message, pid, 3)!
  const [first, second, third] = repetitions(message, whole)

  test('are repetitions, components and subcomponents', () => {
    assert.deepEqual(texts(repetitions(message, whole)), ['a^b&c^^d', '', 'e'])
    assert.deepEqual(texts(components(message, first!)), ['a', 'b&c', '', 'd'])
    assert.deepEqual(texts(subcomponents(message, component(message, first!, 2)!)), ['b', 'c'])
  })

  test('are found by number: empty when nothing is there, absent beyond the last', () => {
    assert.equal(text(component(message, first!, 4)), 'd')
    assert.equal(text(component(message, first!, 3)), '')
    assert.equal(component(message, first!, 5), undefined)
    assert.equal(text(subcomponent(message, component(message, first!, 2)!, 2)), 'c')
    assert.equal(subcomponent(message, component(message, first!, 1)!, 2), undefined)
    assert.equal(component(message, first!, 0), undefined)
  })

  test('of something that is not split are the thing itself', () => {
    assert.deepEqual(component(message, third!, 1), third)
    assert.deepEqual(subcomponent(message, third!, 1), third)
    assert.deepEqual(components(message, second!), [second])
  })

  test('of an empty field are one empty repetition', () => {
    const empty = field(message, pid, 4)!
    assert.deepEqual(repetitions(message, empty), [empty])
  })

  test('do not exist in MSH-1 and MSH-2: these hold the delimiters themselves', () => {
    const header = message.segments[0]!
    for (const n of [1, 2]) {
      const region = field(message, header, n)!
      for (const split of [repetitions, components, subcomponents]) {
        assert.deepEqual(split(message, region), [region])
      }
      assert.deepEqual(component(message, region, 1), region)
      assert.equal(component(message, region, 2), undefined)
    }
  })
})
