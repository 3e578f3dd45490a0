/** A source, a destination and a mapper that the test holds in its hand. */
import type { Accept, Delivery, Destination, Outcome, Source } from '@almoner/core'
import { defineAgreement } from '@almoner/governance'
import { get } from '@almoner/hl7v2'
import type { Mapped, Mapper } from '@almoner/mapping'

export type HandSource = {
  readonly source: Source
  readonly send: (text: string) => Promise<string>
}

const NO_BYTES = new Uint8Array(0)

/** `send` gives the acknowledgement, or `''` when the source answered nothing. */
export function handSource(name: string): HandSource {
  let accept: Accept | undefined
  return {
    source: {
      name,
      kind: 'hand',
      organisation: 'RZZ',
      open: async (given) => {
        accept = given
        return { address: `hand://${name}`, port: 0, close: async () => undefined }
      },
    },
    send: async (text) => {
      const answer = await accept!({ bytes: Buffer.from(text), peer: { address: 'test' } })
      return Buffer.from(answer ?? NO_BYTES).toString()
    },
  }
}

export type HandDestination = {
  readonly destination: Destination
  readonly delivered: Delivery[]
  /** How the next attempts end; afterwards everything is accepted. */
  readonly answers: (Outcome | 'until stopped')[]
}

export function handDestination(name: string, concurrency = 2): HandDestination {
  const delivered: Delivery[] = []
  const answers: HandDestination['answers'] = []
  const deliver = async (delivery: Delivery, signal: AbortSignal): Promise<Outcome> => {
    delivered.push(delivery)
    const answer = answers.shift() ?? { kind: 'accepted', reply: Buffer.from('reply') }
    if (answer !== 'until stopped') return answer
    await new Promise((resolve) => signal.addEventListener('abort', resolve))
    return { kind: 'ambiguous', code: 'STOPPED', scope: 'link' }
  }
  return {
    delivered,
    answers,
    destination: {
      name,
      kind: 'hand',
      recipient: 'RZZ01',
      concurrency,
      address: `hand://${name}`,
      open: async () => ({ deliver, close: async () => undefined }),
    },
  }
}

/** Makes a Patient whose family name is PID-5.1; `onMap` may throw. */
export function handMapper(onMap: (text: string) => void = () => undefined): Mapper {
  return {
    name: 'hand',
    version: '1',
    accepts: () => true,
    map: (message): Mapped => {
      onMap(message.text)
      const value = get(message, 'PID-3.1') ?? ''
      const identifier = { system: 'urn:test:mrn', value }
      const drafts: Mapped['drafts'] = [
        {
          name: 'patient',
          type: 'Patient',
          identity: value === '' ? [] : [{ ...identifier, strength: 'own' }],
          ifUnidentified: 'hold',
          follow: 'current',
          slots: [
            { path: 'identifier', mode: 'union', value: [identifier] },
            { path: 'name', mode: 'replace', value: [{ family: get(message, 'PID-5.1') }] },
          ],
        },
      ]
      return {
        drafts,
        flags: [],
        ledger: { mapped: 2, ignored: 1, unmapped: 0, entries: () => [], unmappedPaths: [] },
      }
    },
  }
}

export const agreement = defineAgreement({
  id: 'DSA-TEST',
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
