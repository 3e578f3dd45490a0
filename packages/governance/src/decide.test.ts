import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { type Agreement, type AgreementText, defineAgreement, PURPOSES } from './agreement.ts'
import { CATEGORIES } from './category.ts'
import { type DecisionRequest, decide, isLive } from './decide.ts'
import { describeAgreement } from './describe.ts'
import { GOVERNANCE_ERRORS } from './errors.ts'

const text: AgreementText = {
  id: 'DSA-2026-014',
  parties: [
    { ods: 'RVR', name: 'Riverside NHS Trust', role: 'controller' },
    { ods: 'RXX', name: 'Hillside NHS Trust', role: 'recipient' },
  ],
  purpose: 'direct-care',
  recipients: ['RXX01', 'RXX02'],
  categories: ['demographics', 'encounters', 'results'],
  lawfulBasis: { article6: '6(1)(e)', article9: '9(2)(h)', confidentiality: 'implied-consent' },
  validFrom: '2026-01-01',
  validTo: '2026-06-30',
  signed: [
    { party: 'RVR', name: 'A. Reed', role: 'Caldicott Guardian', on: '2025-12-01' },
    { party: 'RXX', name: 'B. Hill', role: 'Medical Director', on: '2026-03-01' },
  ],
}

const request: DecisionRequest = {
  agreement: 'DSA-2026-014',
  purpose: 'direct-care',
  recipient: 'RXX01',
  categories: ['demographics', 'results'],
  atMs: Date.parse('2026-04-15T12:00:00Z'),
}

const research: AgreementText = {
  ...text,
  purpose: 'research',
  lawfulBasis: { article6: '6(1)(e)', article9: '9(2)(j)', confidentiality: 'section-251' },
}

describe('decide', () => {
  test('permits what the agreement covers', () => {
    assert.deepEqual(decide([defineAgreement(text)], request), {
      permit: true,
      agreement: 'DSA-2026-014',
      obligations: [],
    })
  })

  test('permits a use beyond direct care that everybody agreed to', () => {
    const lawfulBasis = { ...research.lawfulBasis, confidentiality: 'explicit-consent' as const }
    const agreement = defineAgreement({ ...research, lawfulBasis })
    assert.equal(decide([agreement], { ...request, purpose: 'research' }).permit, true)
  })

  // Every way to be refused: what differs from the permitted request, the code, and what it names.
  const denied: readonly (readonly [
    string,
    readonly Partial<AgreementText>[],
    Partial<DecisionRequest>,
    string,
    RegExp,
  ])[] = [
    ['there is no agreement at all', [], {}, 'GOVERNANCE_AGREEMENT_UNKNOWN', /DSA-2026-014/],
    [
      'the named one is not there',
      [{}],
      { agreement: 'DSA-1' },
      'GOVERNANCE_AGREEMENT_UNKNOWN',
      /DSA-1/,
    ],
    ['no agreement is named', [{}], { agreement: '' }, 'GOVERNANCE_AGREEMENT_UNKNOWN', /^$/],
    ['two have the name', [{}, {}], {}, 'GOVERNANCE_AGREEMENT_DUPLICATE', /DSA-2026-014/],
    ['it is suspended', [{ suspended: true }], {}, 'GOVERNANCE_AGREEMENT_SUSPENDED', /DSA/],
    [
      'one party has not signed',
      [{ signed: [text.signed[0]!] }],
      {},
      'GOVERNANCE_AGREEMENT_UNSIGNED',
      /: RXX$/,
    ],
    ['nobody has signed', [{ signed: [] }], {}, 'GOVERNANCE_AGREEMENT_UNSIGNED', /: RVR, RXX$/],
    [
      'a party signs only later',
      [{}],
      { atMs: Date.parse('2026-02-01T12:00Z') },
      'GOVERNANCE_AGREEMENT_UNSIGNED',
      /: RXX$/,
    ],
    [
      'it begins later',
      [{ validFrom: '2026-05-01' }],
      {},
      'GOVERNANCE_AGREEMENT_NOT_YET',
      /from 2026-05-01/,
    ],
    [
      'it has ended',
      [{ validTo: '2026-04-14' }],
      {},
      'GOVERNANCE_AGREEMENT_EXPIRED',
      /until 2026-04-14/,
    ],
    [
      'the purpose is another',
      [{}],
      { purpose: 'research' },
      'GOVERNANCE_PURPOSE_NOT_COVERED',
      /research/,
    ],
    [
      'the recipient is not named',
      [{}],
      { recipient: 'RXX' },
      'GOVERNANCE_RECIPIENT_NOT_COVERED',
      /: RXX$/,
    ],
    [
      'a category is not covered',
      [{}],
      { categories: ['results', 'medications'] },
      'GOVERNANCE_CATEGORY_NOT_COVERED',
      /: medications$/,
    ],
    [
      'the content is not classified',
      [{}],
      { categories: ['results', 'unclassified'] },
      'GOVERNANCE_CONTENT_UNCLASSIFIED',
      /DSA/,
    ],
    ['no category is named', [{}], { categories: [] }, 'GOVERNANCE_CONTENT_UNCLASSIFIED', /DSA/],
    [
      'the opt-out is owed',
      [research],
      { purpose: 'research' },
      'GOVERNANCE_OPT_OUT_NOT_APPLIED',
      /DSA/,
    ],
  ]
  for (const [why, changes, change, code, where] of denied) {
    test(`refuses when ${why}`, () => {
      const agreements = changes.map((one) => defineAgreement({ ...text, ...one }))
      const decision = decide(agreements, { ...request, ...change })
      assert.ok(!decision.permit)
      assert.equal(decision.code, code)
      assert.match(decision.where, where)
      assert.ok(decision.why.startsWith(GOVERNANCE_ERRORS.table[decision.code].safe))
    })
  }

  test('is tested for every denial that the table has', () => {
    const tested = new Set(denied.map(([, , , code]) => code))
    const known = Object.keys(GOVERNANCE_ERRORS.table)
    assert.deepEqual(
      known.filter((code) => !tested.has(code)),
      ['GOVERNANCE_AGREEMENT_INVALID'],
    )
  })

  test('permits only what each part of the agreement covers', () => {
    const agreement = defineAgreement(text)
    const requests = fc.record({
      agreement: fc.constantFrom('DSA-2026-014', 'DSA-2026-015'),
      purpose: fc.constantFrom(...PURPOSES),
      recipient: fc.constantFrom('RXX01', 'RXX02', 'RXX03'),
      categories: fc.subarray([...CATEGORIES, 'unclassified' as const]),
      atMs: fc.integer({
        min: Date.parse('2025-12-01T00:00Z'),
        max: Date.parse('2026-12-01T00:00Z'),
      }),
    })
    fc.assert(
      fc.property(requests, (asked) => {
        const isCovered =
          asked.agreement === text.id &&
          asked.purpose === text.purpose &&
          text.recipients.includes(asked.recipient) &&
          asked.categories.length > 0 &&
          asked.categories.every(
            (one) => one !== 'unclassified' && text.categories.includes(one),
          ) &&
          asked.atMs >= Date.parse('2026-03-01T00:00Z') &&
          asked.atMs < Date.parse('2026-06-30T23:00Z')
        assert.equal(decide([agreement], asked).permit, isCovered)
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('isLive', () => {
  const signedEarly = text.signed.map((one) => ({ ...one, on: '2025-12-01' }))
  const agreement = defineAgreement({ ...text, signed: signedEarly })

  // Both days count in full, in British time: the last day ends an hour before UTC in summer.
  for (const [at, expected] of [
    ['2025-12-31T23:59:59.999Z', 'GOVERNANCE_AGREEMENT_NOT_YET'],
    ['2026-01-01T00:00:00.000Z', 'live'],
    ['2026-06-30T22:59:59.999Z', 'live'],
    ['2026-06-30T23:00:00.000Z', 'GOVERNANCE_AGREEMENT_EXPIRED'],
  ] as const) {
    test(`says ${expected} at ${at}`, () => {
      const liveness = isLive(agreement, Date.parse(at))
      assert.equal(liveness.live ? 'live' : liveness.why, expected)
    })
  }

  test('counts a signature from the day on which it was given', () => {
    const late = defineAgreement(text)
    assert.deepEqual(isLive(late, Date.parse('2026-02-28T23:59:59Z')), {
      live: false,
      why: 'GOVERNANCE_AGREEMENT_UNSIGNED',
      where: 'DSA-2026-014: RXX',
    })
    assert.deepEqual(isLive(late, Date.parse('2026-03-01T00:00:00Z')), { live: true })
  })
})

describe('describeAgreement', () => {
  const lines = (change: Partial<AgreementText>): readonly string[] => {
    const agreement: Agreement = defineAgreement({ ...text, ...change })
    return describeAgreement(agreement, request.atMs)
  }

  test('prints all that was agreed', () => {
    assert.deepEqual(lines({}), [
      'DSA-2026-014: live',
      '  days: 2026-01-01 to 2026-06-30, both included',
      '  purpose: direct-care',
      '  lawful basis: UK GDPR 6(1)(e) and 9(2)(h), implied-consent',
      '  recipients: RXX01, RXX02',
      '  categories: demographics, encounters, results',
      '  party: RVR Riverside NHS Trust, controller, signed by A. Reed (Caldicott Guardian) on 2025-12-01',
      '  party: RXX Hillside NHS Trust, recipient, signed by B. Hill (Medical Director) on 2026-03-01',
    ])
  })

  test('says why it is not live, and who has not signed', () => {
    const printed = lines({ signed: [text.signed[0]!] })
    assert.equal(
      printed[0],
      'DSA-2026-014: not live (GOVERNANCE_AGREEMENT_UNSIGNED): Not every party has signed the agreement.',
    )
    assert.equal(printed.at(-1), '  party: RXX Hillside NHS Trust, recipient, not signed')
  })
})
