/**
 * What each ADT event means for the visit. Data: the grammar of the messages is in adt.ts.
 * Source: v2-to-FHIR IG, Event[EncounterStatus]; HL7 v2.5.1 chapter 3.3; ITK HL7 v2 message
 * specifications 1.0.15.
 */

/** When an Encounter draft is made from PV1. */
export type VisitRule =
  /** The event is about a visit: without a visit number the message waits for a person. */
  | 'visit'
  /** The event is about a person: a PV1 without a visit number is only a habit of the sender. */
  | 'person'

/** What the event does to the list of places of the visit. */
export type PlaceRule =
  /** The patient is there now; where the patient was before, ends. */
  | 'arrives'
  /** The patient is to come there. */
  | 'planned'
  /** A transfer or discharge never happened: the patient is where it was before. */
  | 'returns'
  /** Only for a visit without any place. */
  | 'default'

export type Trigger = {
  readonly event: string
  /** Set by the event, or taken from the dates of the visit where the store has none. */
  readonly status: 'planned' | 'arrived' | 'in-progress' | 'finished' | 'cancelled' | 'by-dates'
  readonly visit: VisitRule
  readonly place: PlaceRule
  /** True when the time of the event is when the patient came to the place. */
  readonly isMove: boolean
  /** The discharge is taken back: what was said about it goes. */
  readonly undoesDischarge: boolean
  readonly why: string
}

const trigger = (
  event: string,
  status: Trigger['status'],
  visit: VisitRule,
  place: PlaceRule,
  why: string,
  options: { readonly isMove?: boolean; readonly undoesDischarge?: boolean } = {},
): Trigger => ({
  event,
  status,
  visit,
  place,
  isMove: options.isMove ?? false,
  undoesDischarge: options.undoesDischarge ?? false,
  why,
})

export const TRIGGERS: readonly Trigger[] = [
  trigger('A01', 'in-progress', 'visit', 'arrives', 'Admission.', { isMove: true }),
  trigger('A02', 'in-progress', 'visit', 'arrives', 'Transfer.', { isMove: true }),
  trigger('A03', 'finished', 'visit', 'arrives', 'Discharge: PV1-3 is the last place.'),
  trigger(
    'A04',
    'arrived',
    'visit',
    'arrives',
    'In the UK a patient is registered on arrival in the clinic or emergency department, so the visit is not planned any more, as the IG has it, and no clinician has seen the patient yet.',
    { isMove: true },
  ),
  trigger('A05', 'planned', 'visit', 'planned', 'Pre-admission.'),
  trigger('A08', 'by-dates', 'visit', 'arrives', 'An update does not say where the visit stands.'),
  trigger('A11', 'cancelled', 'visit', 'default', 'The admission never happened.'),
  trigger('A12', 'in-progress', 'visit', 'returns', 'The transfer never happened.'),
  trigger('A13', 'in-progress', 'visit', 'returns', 'The discharge never happened.', {
    undoesDischarge: true,
  }),
  trigger(
    'A28',
    'by-dates',
    'person',
    'default',
    'A person is added; the visit is not the matter.',
  ),
  trigger(
    'A31',
    'by-dates',
    'person',
    'default',
    'A person is updated; the visit is not the matter.',
  ),
  trigger('A40', 'by-dates', 'person', 'default', 'Two records of one person become one.'),
]

/** Results name a visit, but say nothing about where it stands. */
export const RESULT_TRIGGER: Trigger = trigger(
  'R01',
  'by-dates',
  'person',
  'default',
  'A result only names the visit.',
)
