import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { parseMessage } from '@almoner/hl7v2'
import type { Explained, ExplainedEntry } from './explained.ts'
import { renderFhirSide } from './fhir-side.ts'
import { ledgerGroups } from './ledger-view.ts'
import { linkSides, targetNames } from './linked-sides.ts'
import { renderMessageSide } from './message-side.ts'

const TEXT = "MSH|^~\\&|A<B\rPID|1||77^^^X||O'NEIL&Eve^Ann"

const entry = (path: string, value: string, more: Partial<ExplainedEntry>): ExplainedEntry => ({
  path,
  start: TEXT.indexOf(value),
  end: TEXT.indexOf(value) + value.length,
  fate: 'mapped',
  rule: 'r',
  ...more,
})

const explained: Explained = {
  message: parseMessage(TEXT),
  bundle: { resourceType: 'Bundle', type: 'collection' },
  entries: [
    entry('PID-5.2', 'Ann', { target: 'patient.name[0].given[0]', rule: 'XPN.2' }),
    entry('MSH-3', 'A<B', { fate: 'unmapped', rule: '' }),
    entry('PID-3.1', '77', { target: 'patient.identifier[0].value', rule: 'CX.1' }),
    entry('PID-3.1', '77', { target: 'patient.identifier[0]', rule: 'PID.3' }),
    entry('PID-3.4', 'X', { fate: 'ignored', rule: 'CX.4', why: 'no authority <known>' }),
    entry('PID-5.1.1', "O'NEIL", { target: 'patient.name[0].missing', rule: 'FN.1' }),
  ],
  drafts: [
    {
      name: 'patient',
      resource: {
        resourceType: 'Patient',
        identifier: [{ value: '77' }],
        name: [{ given: ['Ann'], text: '</div><script>' }],
      },
    },
  ],
  sameVersion: true,
}

function render() {
  const nameOf = targetNames(explained)
  const sides = linkSides(explained)
  const fhir = renderFhirSide(explained, sides, nameOf)
  const options = { sides, elementOfTarget: fhir.elementOfTarget, nameOf }
  return { sides, fhir, segments: renderMessageSide(explained, options), nameOf }
}

describe('both sides of a message', () => {
  test('join what one leaf became, in order of the text', () => {
    const { sides } = render()
    assert.deepEqual(
      sides.leaves.map(({ path, fate, entries }) => [path, fate, entries.length]),
      [
        ['MSH-3', 'unmapped', 1],
        ['PID-3.1', 'mapped', 2],
        ['PID-3.4', 'ignored', 1],
        ['PID-5.1.1', 'mapped', 1],
        ['PID-5.2', 'mapped', 1],
      ],
    )
  })

  test('point at each other, also from a list item and from a whole element', () => {
    const { fhir, segments } = render()
    const json = fhir.resources[0]?.html ?? ''
    const value = fhir.elementOfTarget.get('patient.identifier[0].value')
    const given = fhir.elementOfTarget.get('patient.name[0].given[0]')
    assert.match(json, new RegExp(`id="${value}" href="#leaf-1"[^>]*>&quot;77&quot;`))
    assert.match(json, new RegExp(`id="${given}" href="#leaf-4"[^>]*>&quot;Ann&quot;`))
    assert.match(segments[1] ?? '', new RegExp(`id="leaf-1" href="#${value}"`))
    assert.match(
      segments[1] ?? '',
      /data-told="PID-5\.2 → Patient\.name\[0\]\.given\[0\] by rule XPN\.2"/,
    )
  })

  test('a leaf without an element goes to its line of the ledger', () => {
    const { segments } = render()
    assert.match(segments[0] ?? '', /id="leaf-0" href="#ledger-leaf-0"/)
    assert.match(segments[1] ?? '', /id="leaf-3" href="#ledger-leaf-3"/)
  })

  test('show the message exactly as it came', () => {
    const { segments } = render()
    const shown = segments
      .map((html) => html.replace(/<[^>]*>/g, ''))
      .join('\r')
      .replaceAll('&lt;', '<')
      .replaceAll('&#39;', "'")
      .replaceAll('&amp;', '&')
    assert.equal(shown, TEXT)
  })

  test('let nothing of a message act as markup', () => {
    const { fhir, segments } = render()
    const html = [...segments, fhir.resources[0]?.html].join('')
    assert.doesNotMatch(html, /<script|A<B|<known>/)
  })

  test('say how many leaves have no room', () => {
    const sides = linkSides(explained, 2)
    assert.equal(sides.leaves.length, 2)
    assert.equal(sides.leftOutCount, 3)
  })

  test('number the resources of a type when a message makes several', () => {
    const drafts = ['observation-a', 'observation-b'].map((name) => ({
      name,
      resource: { resourceType: 'Observation', status: 'final', code: {} } as const,
    }))
    const nameOf = targetNames({ ...explained, drafts })
    assert.equal(nameOf('observation-b.valueQuantity.value'), 'Observation 2.valueQuantity.value')
    assert.equal(nameOf('unknown.x'), 'unknown.x')
  })
})

describe('the ledger', () => {
  test('has every leaf once, unmapped first, with reason or target', () => {
    const { sides, nameOf } = render()
    const groups = ledgerGroups(explained, sides, nameOf)
    assert.deepEqual(
      groups.map(({ fate, count }) => [fate, count]),
      [
        ['unmapped', 1],
        ['ignored', 1],
        ['mapped', 3],
      ],
    )
    assert.equal(groups[1]?.rows[0]?.why, 'no authority <known>')
    assert.equal(groups[2]?.rows[0]?.target, 'Patient.identifier[0].value, Patient.identifier[0]')
    assert.equal(groups[2]?.rows[0]?.value, '77')
  })
})
