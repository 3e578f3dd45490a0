import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type AgreementText, defineAgreement } from './agreement.ts'

const text: AgreementText = {
  id: 'DSA-2026-014',
  parties: [
    { ods: 'RVR', name: 'Riverside NHS Trust', role: 'controller' },
    { ods: 'RXX', name: 'Hillside NHS Trust', role: 'recipient' },
  ],
  purpose: 'direct-care',
  recipients: ['RXX01'],
  categories: ['demographics', 'encounters'],
  lawfulBasis: { article6: '6(1)(e)', article9: '9(2)(h)', confidentiality: 'implied-consent' },
  validFrom: '2026-01-01',
  validTo: '2028-12-31',
  signed: [
    { party: 'RVR', name: 'A. Reed', role: 'Caldicott Guardian', on: '2025-12-01' },
    { party: 'RXX', name: 'B. Hill', role: 'Caldicott Guardian', on: '2025-12-02' },
  ],
}
const [first, second] = text.parties
const [signature] = text.signed

describe('defineAgreement', () => {
  test('takes an agreement that is written as it must be', () => {
    assert.deepEqual({ ...defineAgreement(text) }, text)
    assert.equal(defineAgreement({ ...text, suspended: true }).suspended, true)
  })

  test('takes one that nobody has signed yet: it is not live, but it is an agreement', () => {
    assert.deepEqual(defineAgreement({ ...text, signed: [] }).signed, [])
  })

  test('cannot be changed afterwards, neither itself nor through what it was made of', () => {
    const recipients = ['RXX01']
    const agreement = defineAgreement({ ...text, recipients })
    recipients.push('X99')
    assert.deepEqual(agreement.recipients, ['RXX01'])
    assert.throws(() => (agreement.recipients as string[]).push('X99'), TypeError)
    assert.throws(() => Object.assign(agreement.lawfulBasis, { article6: '6(1)(f)' }), TypeError)
  })

  // One row per way to be wrong: what is changed, and the place that the error names.
  const wrong: readonly (readonly [string, Readonly<Record<string, unknown>>, RegExp])[] = [
    ['has an unknown part', { suspend: true }, /DSA-2026-014: suspend is not a part/],
    ['has no id', { id: undefined }, /agreement: id is missing/],
    ['has an id of small letters', { id: 'dsa 1' }, /agreement: id must be capitals/],
    ['has a suspension that is no flag', { suspended: 'no' }, /suspended must be true or false/],
    ['lacks its purpose', { purpose: undefined }, /purpose is missing/],
    ['has an unknown purpose', { purpose: 'marketing' }, /purpose must be one of direct-care/],
    ['has no list of parties', { parties: undefined }, /parties must be a list/],
    ['has one party', { parties: [first] }, /parties must be two or more/],
    ['has a party of nothing', { parties: [first, null] }, /parties\[1\]\.ods is missing/],
    ['has a party twice', { parties: [first, first] }, /parties\[1\]\.ods is there twice/],
    [
      'has a party without a name',
      { parties: [first, { ...second, name: ' ' }] },
      /parties\[1\]\.name/,
    ],
    [
      'has a party with a bad ODS code',
      { parties: [first, { ...second, ods: 'r-1' }] },
      /parties\[1\]\.ods must/,
    ],
    [
      'has a party in no known role',
      { parties: [first, { ...second, role: 'friend' }] },
      /parties\[1\]\.role must/,
    ],
    [
      'has no controller',
      { parties: [{ ...first, role: 'processor' }, second] },
      /include a controller/,
    ],
    ['names no recipient', { recipients: [] }, /recipients must name somebody/],
    ['has a text for recipients', { recipients: 'RXX01' }, /recipients must be a list of texts/],
    ['has a bad recipient', { recipients: ['RXX01', '*'] }, /recipients\[1\] must be an ODS code/],
    ['has a recipient twice', { recipients: ['RXX01', 'RXX01'] }, /recipients\[1\] is there twice/],
    ['covers nothing', { categories: [] }, /categories must name something/],
    ['covers an unknown category', { categories: ['all'] }, /categories\[0\] must be one of/],
    ['covers what nobody classified', { categories: ['unclassified'] }, /categories\[0\] must be/],
    ['covers a category twice', { categories: ['results', 'results'] }, /categories\[1\] is there/],
    ['has no lawful basis', { lawfulBasis: undefined }, /lawfulBasis\.article6 is missing/],
    [
      'has an unknown article 6',
      { lawfulBasis: { ...text.lawfulBasis, article6: 'e' } },
      /article6 must/,
    ],
    [
      'has an unknown article 9',
      { lawfulBasis: { ...text.lawfulBasis, article9: 'h' } },
      /article9 must/,
    ],
    [
      'has no ground of confidence',
      { lawfulBasis: { ...text.lawfulBasis, confidentiality: 'none' } },
      /confidentiality must/,
    ],
    [
      'implies consent to research',
      { purpose: 'research' },
      /implied consent holds for direct care/,
    ],
    ['starts on a day that does not exist', { validFrom: '2026-02-29' }, /validFrom must be a day/],
    ['ends on something else than a day', { validTo: '31/12/2028' }, /validTo must be a day/],
    ['ends before it starts', { validTo: '2025-12-31' }, /validTo is before validFrom/],
    ['has no list of signatures', { signed: undefined }, /signed must be a list/],
    [
      'is signed by a stranger',
      { signed: [{ ...signature, party: 'X99' }] },
      /signed\[0\]\.party is no/,
    ],
    [
      'is signed twice for a party',
      { signed: [signature, signature] },
      /signed\[1\]\.party has signed/,
    ],
    [
      'is signed without a name',
      { signed: [{ ...signature, name: '' }] },
      /signed\[0\]\.name is missing/,
    ],
    [
      'is signed in no office',
      { signed: [{ ...signature, role: '' }] },
      /signed\[0\]\.role is missing/,
    ],
    [
      'is signed on no day',
      { signed: [{ ...signature, on: 'soon' }] },
      /signed\[0\]\.on must be a day/,
    ],
  ]
  for (const [why, change, where] of wrong) {
    test(`refuses an agreement that ${why}`, () => {
      // The types would not let these through; a site runs without them.
      const bad = { ...text, ...change } as unknown as AgreementText
      assert.throws(() => defineAgreement(bad), {
        name: 'AlmonerError',
        code: 'GOVERNANCE_AGREEMENT_INVALID',
        message: where,
      })
    })
  }
})
