/**
 * Riverside, an invented acute trust: a PAS that speaks ITK 2.4, a laboratory that speaks 2.3.1
 * and a newer record system that speaks 2.5.1, into one FHIR store and on to the regional hub.
 * `npm start` runs it with simulated neighbours; `almoner up examples/riverside` runs it alone.
 */
import { byPatient, defineRoute, defineSite, fhirStore, forward, type Site } from '@almoner/engine'
import { toFhir, ukCore } from '@almoner/mapping'
import { mllpDestination, mllpSource } from '@almoner/transport'
import { dataHub } from './agreements.ts'

/** Ports are asked for by name, so that whoever runs the site can move one. */
type Where = { readonly port: (name: string, usual: number) => number }

const ORGANISATION = 'RZZ'

export default function riverside(where: Where): Site {
  const listen = (name: string, usual: number) =>
    mllpSource(name, { port: where.port(name, usual), organisation: ORGANISATION })

  const hub = forward(
    mllpDestination('data-hub', {
      host: '127.0.0.1',
      port: where.port('data-hub', 2600),
      recipient: 'RZZ01',
      connections: 16,
    }),
  )

  const toRecord = {
    purpose: 'direct-care',
    agreement: dataHub.id,
    lane: byPatient,
    steps: [toFhir(ukCore)],
    to: [fhirStore(), hub],
  } as const

  return defineSite({
    name: 'riverside',
    title: 'Riverside University Hospitals',
    organisation: ORGANISATION,
    timeZone: 'Europe/London',
    // The record system names the trust by its OID, the others by its ODS code.
    authorities: { [ORGANISATION]: 'urn:oid:2.999.60' },
    storage: 'sqlite:./data/riverside',
    http: { host: '127.0.0.1', port: where.port('http', 8080) },
    agreements: [dataHub],
    routes: [
      defineRoute({
        ...toRecord,
        name: 'pas-adt',
        from: listen('pas', 2575),
        accepts: ['ADT'],
        senders: ['PAS|RZZ'],
      }),
      defineRoute({
        ...toRecord,
        name: 'lab-oru',
        from: listen('lab', 2576),
        accepts: ['ORU'],
        senders: ['LIMS|RZZ'],
      }),
      defineRoute({ ...toRecord, name: 'epr', from: listen('epr', 2577), accepts: ['ADT', 'ORU'] }),
    ],
  })
}
