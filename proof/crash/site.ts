/** The site that proof/crash kills: one source, the own store, one destination. */

import { byPatient, defineRoute, defineSite, fhirStore, forward, type Site } from '@almoner/engine'
import { defineAgreement } from '@almoner/governance'
import { toFhir, ukCore } from '@almoner/mapping'
import { mllpDestination, mllpSource } from '@almoner/transport'

type Where = { readonly port: (name: string, usual: number) => number }

const agreement = defineAgreement({
  id: 'DSA-CRASH',
  parties: [
    { ods: 'RZZ', name: 'Sender', role: 'controller' },
    { ods: 'RZZ01', name: 'Receiver', role: 'processor' },
  ],
  purpose: 'direct-care',
  recipients: ['RZZ01'],
  categories: ['demographics', 'encounters'],
  lawfulBasis: { article6: '6(1)(e)', article9: '9(2)(h)', confidentiality: 'implied-consent' },
  validFrom: '2020-01-01',
  validTo: '2099-12-31',
  signed: [
    { party: 'RZZ', name: 'A', role: 'Caldicott Guardian', on: '2020-01-01' },
    { party: 'RZZ01', name: 'B', role: 'Data Protection Officer', on: '2020-01-01' },
  ],
})

export default (where: Where): Site =>
  defineSite({
    name: 'crash',
    title: 'Crash proof',
    organisation: 'RZZ',
    timeZone: 'Europe/London',
    storage: 'sqlite:./data/crash',
    http: { host: '127.0.0.1', port: where.port('http', 0) },
    agreements: [agreement],
    routes: [
      defineRoute({
        name: 'adt',
        purpose: 'direct-care',
        agreement: agreement.id,
        from: mllpSource('in', { port: where.port('in', 0), organisation: 'RZZ' }),
        accepts: ['ADT'],
        lane: byPatient,
        steps: [toFhir(ukCore)],
        to: [
          fhirStore(),
          forward(
            mllpDestination('sink', {
              host: '127.0.0.1',
              port: where.port('sink', 2600),
              recipient: 'RZZ01',
              connections: 4,
            }),
          ),
        ],
      }),
    ],
  })
