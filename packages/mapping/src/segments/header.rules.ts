/**
 * MSH and EVN: what a message says about itself. It goes to the journal and into the systems of
 * numbers without an authority; the event decides the status of the visit.
 * Source: HL7 v2.5.1 chapter 2.15.9 and 3.4.1; v2-to-FHIR IG, MSH[Encounter].
 */
import { defineSegment, ignored, notMapped } from '../rule/segment.ts'

const JOURNAL = 'Kept with the message in the journal; it says nothing about the patient.'

export const mshRules = defineSegment({
  segment: 'MSH',
  target: 'Message',
  source: 'HL7 v2.5.1 chapter 2.15.9',
  rules: [
    ignored([1, 2], 'The delimiters are how the message is written, not what it says.'),
    ignored(4, 'The sender is part of the system of every number that names no authority.'),
    ignored([3, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 22, 23, 24, 25], JOURNAL),
    ignored(9, 'The type of the message chooses the rules.'),
    ignored(21, 'The profile chooses the dialect.'),
  ],
})

export const evnRules = defineSegment({
  segment: 'EVN',
  target: 'Message',
  source: 'HL7 v2.5.1 chapter 3.4.1',
  rules: [
    ignored(1, 'It repeats the trigger of MSH-9.'),
    ignored([2, 6], 'When it happened: it times the places of the visit where the event moves it.'),
    notMapped(3, 'A planned event makes no resource of its own yet.'),
    notMapped([4, 5, 7], 'Who recorded it and why: no Provenance is made yet.'),
  ],
})
