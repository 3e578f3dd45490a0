import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createZone } from '../types/zone.ts'
import { authoritySystem, derivedSystem, localCodes, ownSystem, urnPart } from './names.ts'
import type { Sender } from './sender.ts'

const sender: Sender = {
  organisation: 'RXX',
  isItk: false,
  zone: createZone('Europe/London'),
  authorities: { PAS: 'https://pas.example' },
  codeSystems: { TFC: 'https://codes.example' },
}

describe('a URN part', () => {
  for (const [text, part] of [
    ['RXX-1.2_3', 'RXX-1.2_3'],
    ['a b', 'a%20b'],
    ['a/b:c', 'a%2Fb%3Ac'],
    ['é', '%C3%A9'],
    ['\ud800', '%EF%BF%BD'],
    ['', ''],
  ] as const) {
    test(`of ${JSON.stringify(text)} is ${part}`, () => {
      assert.equal(urnPart(text), part)
    })
  }
})

describe('a system', () => {
  test('is what the site says, where it says', () => {
    assert.equal(authoritySystem(sender, 'PAS'), 'https://pas.example')
    assert.equal(localCodes(sender, 'TFC'), 'https://codes.example')
  })

  test('is a URN of this engine otherwise', () => {
    assert.equal(authoritySystem(sender, 'RYY'), 'urn:almoner:authority:RYY')
    assert.equal(ownSystem(sender), 'urn:almoner:authority:RXX')
    assert.equal(localCodes(sender, 'LIMS'), 'urn:almoner:codes:RXX:LIMS')
  })

  test('is never taken from what every object has', () => {
    assert.equal(authoritySystem(sender, 'constructor'), 'urn:almoner:authority:constructor')
  })

  test('of a word for a kind of number belongs to the sender', () => {
    assert.equal(authoritySystem(sender, 'VISITID'), 'urn:almoner:authority:RXX:VISITID')
  })

  test('of a report is made from that of its order number', () => {
    assert.equal(derivedSystem('report', 'urn:almoner:authority:LAB'), 'urn:almoner:report:LAB')
    assert.equal(
      derivedSystem('observation', 'urn:oid:1.2'),
      'urn:almoner:observation:urn%3Aoid%3A1.2',
    )
  })
})
