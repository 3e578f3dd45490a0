/**
 * Messages explained by a small table of paths, in the shape that the mapping gives. The table is
 * no mapping: it only has enough rows for both sides to be worth looking at.
 */
import type { Resource } from '@almoner/fhir'
import { decodeBytes, forEachLeaf, formatLeaf, parseMessage } from '@almoner/hl7v2'
import type { MessageDetail } from '@almoner/store'
import type { Explained, ExplainedEntry } from '../../desk/explained.ts'

type Row = Pick<ExplainedEntry, 'fate' | 'rule'> & {
  readonly targets?: readonly string[]
  readonly why?: string
}

const to = (rule: string, ...targets: readonly string[]): Row => ({ fate: 'mapped', rule, targets })
const not = (rule: string, why: string): Row => ({ fate: 'ignored', rule, why })

const ROWS: Readonly<Record<string, Row>> = {
  'MSH-1': not('MSH.1', 'the separator itself'),
  'MSH-2': not('MSH.2', 'the encoding characters'),
  'MSH-7': not('MSH.7', 'the time of sending says nothing about the patient'),
  'EVN-1': not('EVN.1', 'MSH-9 says it'),
  'EVN-6': to('EVN.6', 'encounter.period.start'),
  'PID-1': not('PID.1', 'set id: the position carries it'),
  'PID-3.1': to('CX.1', 'patient.identifier[0].value'),
  'PID-3.4': to('CX.4', 'patient.identifier[0].system'),
  'PID-3.5': to('CX.5', 'patient.identifier[0].type'),
  'PID-3[2].1': to('CX.1', 'patient.identifier[1].value'),
  'PID-3[2].4': to('CX.4', 'patient.identifier[1].system'),
  'PID-3[2].5': to('CX.5', 'patient.identifier[1].type'),
  'PID-5.1': to('XPN.1', 'patient.name[0].family'),
  'PID-5.2': to('XPN.2', 'patient.name[0].given[0]'),
  'PID-5.3': to('XPN.3', 'patient.name[0].given[1]'),
  'PID-5.5': to('XPN.5', 'patient.name[0].prefix[0]'),
  'PID-7': to('PID.7', 'patient.birthDate'),
  'PID-8': to('table 0001', 'patient.gender'),
  'PID-11.1': to('XAD.1', 'patient.address[0].line[0]'),
  'PID-11.2': to('XAD.2', 'patient.address[0].line[1]'),
  'PID-11.3': to('XAD.3', 'patient.address[0].city'),
  'PID-11.5': to('XAD.5', 'patient.address[0].postalCode'),
  'PID-11.6': to('XAD.6', 'patient.address[0].country'),
  'PID-13.1': to('XTN.1', 'patient.telecom[0].value'),
  'PID-13.2': to('XTN.2', 'patient.telecom[0].use'),
  'PID-13.3': to('XTN.3', 'patient.telecom[0].system'),
  'PID-13[2].4': to('XTN.4', 'patient.telecom[1].value'),
  'PV1-2': to('table 0004', 'encounter.class.code', 'encounter.class'),
  'PV1-3.1': to('PL.1', 'encounter.location[0].location.display'),
  'PV1-3.2': to('PL.2', 'encounter.location[0].location.display'),
  'PV1-3.3': to('PL.3', 'encounter.location[0].location.display'),
  'PV1-7.1': to('XCN.1', 'encounter.participant[0].individual.identifier.value'),
  'PV1-7.2': to('XCN.2', 'encounter.participant[0].individual.display'),
  'PV1-19.1': to('CX.1', 'encounter.identifier[0].value'),
  'PV1-44': to('PV1.44', 'encounter.period.start'),
  'PV2-3.2': to('CWE.2', 'encounter.reasonCode[0].text'),
  'AL1-3.2': to('CWE.2', 'allergy-1.code.text'),
  'AL1-4': to('table 0128', 'allergy-1.reaction[0].severity'),
  'AL1-5': to('AL1.5', 'allergy-1.reaction[0].description'),
}

const ADMISSION_RESOURCES: readonly { readonly name: string; readonly resource: Resource }[] = [
  {
    name: 'patient',
    resource: {
      resourceType: 'Patient',
      meta: { profile: ['https://fhir.hl7.org.uk/StructureDefinition/UKCore-Patient'] },
      identifier: [
        {
          type: { coding: [{ code: 'NH' }] },
          system: 'https://fhir.nhs.uk/Id/nhs-number',
          value: '9000000009',
        },
        {
          type: { coding: [{ code: 'MR' }] },
          system: 'urn:riverside:patient',
          value: 'R4471902',
        },
      ],
      name: [
        {
          use: 'official',
          family: "ASHWORTH-O'NEILL",
          given: ['Margaret', 'Rose'],
          prefix: ['Mrs'],
        },
      ],
      telecom: [
        { system: 'phone', value: '01632960471', use: 'home' },
        { system: 'email', value: 'm.ashworth@example.com' },
      ],
      gender: 'female',
      birthDate: '1948-03-17',
      address: [
        {
          line: ['14 Mill Lane', 'Flat 2'],
          city: 'Riverbridge',
          postalCode: 'RB4 7QT',
          country: 'GBR',
        },
      ],
    },
  },
  {
    name: 'encounter',
    resource: {
      resourceType: 'Encounter',
      status: 'in-progress',
      class: {
        system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode',
        code: 'IMP',
        display: 'inpatient encounter',
      },
      identifier: [{ system: 'urn:riverside:visit', value: 'V0099124' }],
      subject: { reference: 'urn:draft:patient' },
      participant: [
        {
          individual: {
            identifier: { system: 'https://fhir.hl7.org.uk/Id/gmc-number', value: 'C4418273' },
            display: 'Dr Adaeze Okonkwo',
          },
        },
      ],
      period: { start: '2026-11-22T13:55:00+00:00' },
      reasonCode: [{ text: 'Chest pain & breathlessness' }],
      location: [{ status: 'active', location: { display: 'W07 bay B2 bed 04' } }],
    },
  },
  {
    name: 'allergy-1',
    resource: {
      resourceType: 'AllergyIntolerance',
      patient: { reference: 'urn:draft:patient' },
      code: { text: 'Penicillin' },
      reaction: [
        {
          manifestation: [{ text: 'Anaphylaxis 2009' }],
          description: 'Anaphylaxis 2009',
          severity: 'severe',
        },
      ],
    },
  },
]

/** Both sides of a sample message; throws what the parser throws. */
export async function explainSample(detail: MessageDetail): Promise<Explained> {
  const message = parseMessage(decodeBytes(detail.body).text)
  const isAdmission = detail.row.messageType === 'ADT^A01'
  const entries: ExplainedEntry[] = []
  forEachLeaf(message, (start, end, segment, field, repetition, component, subcomponent) => {
    const path = formatLeaf(message, segment, field, repetition, component, subcomponent)
    const row = isAdmission || path.startsWith('MSH-') ? ROWS[path] : undefined
    if (row === undefined) {
      entries.push({ path, start, end, fate: 'unmapped', rule: '' })
      return
    }
    const { fate, rule, why } = row
    for (const target of row.targets ?? [undefined]) {
      entries.push({
        path,
        start,
        end,
        fate,
        rule,
        ...(target === undefined ? {} : { target }),
        ...(why === undefined ? {} : { why }),
      })
    }
  })
  return {
    message,
    bundle: { resourceType: 'Bundle', type: 'collection' },
    entries,
    drafts: isAdmission ? ADMISSION_RESOURCES : [],
    sameVersion: detail.routeVersion === '7c1e4a90',
  }
}
