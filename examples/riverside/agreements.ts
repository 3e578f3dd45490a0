/** The agreements under which Riverside's data leaves. Invented, like everything of Riverside. */
import { defineAgreement } from '@almoner/governance'

export const dataHub = defineAgreement({
  id: 'DSA-2026-014',
  parties: [
    { ods: 'RZZ', name: 'Riverside University Hospitals', role: 'controller' },
    { ods: 'RZZ01', name: 'Riverside Care Records Hub', role: 'processor' },
  ],
  purpose: 'direct-care',
  recipients: ['RZZ01'],
  categories: ['demographics', 'encounters', 'results'],
  lawfulBasis: {
    article6: '6(1)(e)',
    article9: '9(2)(h)',
    confidentiality: 'implied-consent',
  },
  validFrom: '2026-01-01',
  validTo: '2029-12-31',
  signed: [
    { party: 'RZZ', name: 'A. Example', role: 'Caldicott Guardian', on: '2025-12-01' },
    { party: 'RZZ01', name: 'B. Example', role: 'Data Protection Officer', on: '2025-12-03' },
  ],
})
