import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { isEmpty, isObject, sameJson, valueAt, withValueAt } from './json.ts'

const patient = {
  resourceType: 'Patient',
  active: false,
  name: [{ family: 'Jones', given: ['Ann', 'Mary'] }],
  maritalStatus: { coding: [{ code: 'M' }] },
}

describe('sameJson', () => {
  const rows: readonly (readonly [string, unknown, unknown, boolean])[] = [
    ['the same text', 'a', 'a', true],
    ['a number and its text', 1, '1', false],
    ['null and nothing', null, undefined, false],
    ['members in another order', { a: 1, b: 2 }, { b: 2, a: 1 }, true],
    ['items in another order', [1, 2], [2, 1], false],
    ['a list and the start of it', [1, 2], [1], false],
    ['a list and an object of the same members', ['a'], { 0: 'a' }, false],
    ['an object and one with a member more', { a: 1 }, { a: 1, b: 2 }, false],
    ['an undefined member and none', { a: 1, b: undefined }, { a: 1 }, true],
    ['undefined members of other names', { a: undefined }, { b: undefined }, true],
    ['null and an undefined member', { a: null }, { a: undefined }, false],
    ['an inherited member and none', { toString: Object.prototype.toString }, { x: 1 }, false],
    ['deep differences', { a: [{ b: { c: 1 } }] }, { a: [{ b: { c: 2 } }] }, false],
  ]
  for (const [what, left, right, expected] of rows) {
    test(`${expected ? 'takes as equal' : 'tells apart'}: ${what}`, () => {
      assert.equal(sameJson(left, right), expected)
      assert.equal(sameJson(right, left), expected)
    })
  }

  test('agrees with writing and reading', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        assert.equal(sameJson(value, JSON.parse(JSON.stringify(value))), true)
      }),
    )
  })
})

describe('isEmpty', () => {
  for (const value of [undefined, null, '', [], {}, { a: undefined }]) {
    test(`holds for ${JSON.stringify(value) ?? 'undefined'}`, () => {
      assert.equal(isEmpty(value), true)
    })
  }
  for (const value of [0, false, ' ', [undefined], { a: null }]) {
    test(`does not hold for ${JSON.stringify(value)}`, () => {
      assert.equal(isEmpty(value), false)
    })
  }
})

describe('isObject', () => {
  test('takes neither null nor a list for an object', () => {
    assert.deepEqual([{}, null, [], 'a', undefined].map(isObject), [
      true,
      false,
      false,
      false,
      false,
    ])
  })
})

describe('valueAt', () => {
  const rows: readonly (readonly [string, unknown])[] = [
    ['active', false],
    ['name.0.family', 'Jones'],
    ['name.0.given.1', 'Mary'],
    ['maritalStatus.coding.0.code', 'M'],
    ['name.1.family', undefined],
    ['birthDate', undefined],
    ['active.code', undefined],
  ]
  for (const [path, expected] of rows) {
    test(`finds ${JSON.stringify(expected) ?? 'nothing'} at ${path}`, () => {
      assert.equal(valueAt(patient, path), expected)
    })
  }
})

describe('withValueAt', () => {
  test('keeps the order of the members when it changes one of them', () => {
    const changed = withValueAt(patient, 'name.0.family', 'Smith')
    assert.equal(JSON.stringify(changed), JSON.stringify(patient).replace('Jones', 'Smith'))
  })

  test('writes the same bytes when it sets what is there', () => {
    for (const path of ['active', 'name', 'name.0.given.1', 'maritalStatus.coding.0.code']) {
      const same = withValueAt(patient, path, valueAt(patient, path))
      assert.equal(JSON.stringify(same), JSON.stringify(patient))
    }
  })

  test('leaves the given object as it was', () => {
    const before = JSON.stringify(patient)
    withValueAt(patient, 'name.0.family', 'Smith')
    withValueAt(patient, 'maritalStatus', undefined)
    assert.equal(JSON.stringify(patient), before)
  })

  test('makes the objects on the way', () => {
    assert.deepEqual(withValueAt({ a: 1 }, 'b.c.d', 2), { a: 1, b: { c: { d: 2 } } })
  })

  test('goes through a list by position, and may add at its end', () => {
    assert.deepEqual(withValueAt({ a: [{ b: 1 }, { b: 2 }] }, 'a.1.b', 3), {
      a: [{ b: 1 }, { b: 3 }],
    })
    assert.deepEqual(withValueAt({ a: ['x'] }, 'a.1', 'y'), { a: ['x', 'y'] })
  })

  for (const empty of [undefined, null, '', [], {}]) {
    test(`takes a member away for ${JSON.stringify(empty) ?? 'undefined'}`, () => {
      assert.deepEqual(withValueAt({ a: 1, b: 2 }, 'a', empty), { b: 2 })
      assert.deepEqual(withValueAt({ b: 2 }, 'a.c', empty), { b: 2 })
    })
  }

  test('takes away with a member the objects and lists that it leaves empty', () => {
    assert.deepEqual(withValueAt({ a: { b: { c: 1 } }, d: 1 }, 'a.b.c', undefined), { d: 1 })
    assert.deepEqual(withValueAt({ a: [{ b: 1 }], d: 1 }, 'a.0.b', undefined), { d: 1 })
    assert.deepEqual(withValueAt({ a: [{ b: 1 }, { b: 2 }] }, 'a.0.b', undefined), {
      a: [{ b: 2 }],
    })
  })

  test('keeps false and zero', () => {
    assert.deepEqual(withValueAt({ a: true }, 'a', false), { a: false })
    assert.deepEqual(withValueAt({ a: 1 }, 'a', 0), { a: 0 })
  })

  const destructive: readonly (readonly [string, object, string])[] = [
    ['leads through a text', { a: 'text' }, 'a.b'],
    ['leads beyond the end of a list', { a: [1] }, 'a.2'],
    ['names a member of a list', { a: [{ b: 1 }] }, 'a.b'],
  ]
  for (const [why, object, path] of destructive) {
    test(`refuses a path that ${why}`, () => {
      assert.throws(() => withValueAt(object, path, 'x'), { name: 'AssertionError' })
    })
  }

  test('gives back what it was given', () => {
    const name = fc.stringMatching(/^[a-z]{1,3}$/)
    const tree = fc.dictionary(name, fc.dictionary(name, fc.integer(), { minKeys: 1 }))
    fc.assert(
      fc.property(tree, name, name, fc.integer(), (object, outer, inner, value) => {
        const path = `${outer}.${inner}`
        assert.equal(valueAt(withValueAt(object, path, value), path), value)
      }),
    )
  })
})
