/**
 * The message structure of each ADT trigger and the optional segments it has room for. Source:
 * HL7 v2.4 chapter 3 and table 0354; HSCIC ITK HL7 v2 Message Specifications v1.0.15 (A12 in
 * ADT_A09).
 */
import type { AdtTrigger } from '../course/journey.ts'

export type AdtStructure = {
  readonly name: string
  readonly hasNextOfKin: boolean
  readonly hasVisitDetail: boolean
}

const ARRIVAL = { name: 'ADT_A01', hasNextOfKin: true, hasVisitDetail: true } as const
const PERSON = { name: 'ADT_A05', hasNextOfKin: true, hasVisitDetail: true } as const
const CANCEL = { name: 'ADT_A09', hasNextOfKin: false, hasVisitDetail: true } as const

export const ADT_STRUCTURES: Readonly<Record<AdtTrigger, AdtStructure>> = {
  A01: ARRIVAL,
  A02: { name: 'ADT_A02', hasNextOfKin: false, hasVisitDetail: true },
  A03: { name: 'ADT_A03', hasNextOfKin: false, hasVisitDetail: true },
  A04: ARRIVAL,
  A05: PERSON,
  A08: ARRIVAL,
  A11: CANCEL,
  A12: CANCEL,
  A13: ARRIVAL,
  A28: PERSON,
  A31: PERSON,
  A40: { name: 'ADT_A39', hasNextOfKin: false, hasVisitDetail: false },
}
