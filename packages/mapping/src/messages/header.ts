/**
 * What rules need to know of a message before they run: its kind, its sender, its time.
 * Source: HL7 v2.5.1 chapter 2.15.9 (MSH) and 3.4.1 (EVN); ITK HL7 v2 message specifications
 * 1.0.15 (MSH-21 `iTKv1.0`).
 */
import { decode, type Message } from '@almoner/hl7v2'
import { type Leaves, slotOf } from '../rule/leaves.ts'
import {
  fieldFrom,
  hasField,
  isNullLeaf,
  type Reading,
  trimmedText,
  type VisitEvent,
} from '../rule/reading.ts'
import { type RuleBook, ruleSite } from '../rule/rule-book.ts'
import type { MapContext, Sender } from '../rule/sender.ts'
import { dateTime } from '../types/date-time.ts'
import { createZone, type Zone } from '../types/zone.ts'
import type { Trigger } from './triggers.ts'

/** Of the header of a message, what decides whether there are rules for it. */
export type MessageKind = { readonly messageType: string; readonly trigger: string }

/** Before v2.2 only EVN-1 names the event. */
export function readKind(message: Message, leaves: Leaves): MessageKind {
  const evn = message.segments.findIndex(({ name }) => name === 'EVN')
  const trigger = pieceText(message, leaves, 0, 9, 2)
  return {
    messageType: pieceText(message, leaves, 0, 9, 1),
    trigger: trigger === '' && evn !== -1 ? pieceText(message, leaves, evn, 1, 1) : trigger,
  }
}

/** Reads senders; remembers time zones, which are costly to make. */
export function createSenderReader(): (
  message: Message,
  leaves: Leaves,
  context: MapContext,
) => Sender {
  const zones = new Map<string, Zone>()
  const zoneOf = (name: string): Zone => {
    const zone = zones.get(name) ?? createZone(name)
    zones.set(name, zone)
    return zone
  }
  return (message, leaves, context) => ({
    organisation: pieceText(message, leaves, 0, 4, 1) || context.organisation,
    isItk: pieceText(message, leaves, 0, 21, 1).toLowerCase().startsWith('itk'),
    zone: zoneOf(context.timeZone),
    authorities: context.authorities ?? {},
    codeSystems: context.codeSystems ?? {},
  })
}

/** Text of a component of a field, in its first repetition; '' when it is empty or null. */
function pieceText(
  message: Message,
  leaves: Leaves,
  segment: number,
  n: number,
  component: number,
): string {
  const to = leaves.fieldTo[slotOf(segment, n)]!
  for (let leaf = leaves.fieldFrom[slotOf(segment, n)]!; leaf < to; leaf++) {
    if (leaves.components[leaf] !== component || leaves.repetitions[leaf] !== 1) continue
    const start = leaves.starts[leaf]!
    const text = decode(message, { start, end: leaves.ends[leaf]! }).trim()
    return text === '""' ? '' : text
  }
  return ''
}

export type ReadEvent = (reading: Reading, trigger: Trigger) => VisitEvent

/** Rows for the time of an event: they are used where the event moves the patient. */
export function compileEvent(book: RuleBook): ReadEvent {
  const site = ruleSite(book, 'EVN', 'Encounter', 'HL7 v2.5.1 chapter 3.4.1')
  const row = (v2: string): number =>
    site.add({
      v2,
      fhir: 'location.period.start',
      lens: dateTime.name,
      oneWay: 'Sent back as the time of the event where the place is the newest.',
    })
  const rules = { occurred: row('EVN-6'), recorded: row('EVN-2'), sent: row('MSH-7') }
  return (reading, trigger) => {
    const evn = reading.message.segments.findIndex(({ name }) => name === 'EVN')
    return (
      readTime(reading, trigger, evn, 6, rules.occurred) ??
      readTime(reading, trigger, evn, 2, rules.recorded) ??
      readTime(reading, trigger, 0, 7, rules.sent) ?? {
        trigger,
        time: undefined,
        leaf: -1,
        rule: 0,
      }
    )
  }
}

function readTime(
  reading: Reading,
  trigger: Trigger,
  segment: number,
  n: number,
  rule: number,
): VisitEvent | undefined {
  if (segment === -1 || !hasField(reading, segment, n)) return undefined
  const leaf = fieldFrom(reading, segment, n)
  if (isNullLeaf(reading, leaf)) return undefined
  const time = dateTime.get(trimmedText(reading, leaf), reading, leaf)
  return typeof time === 'string' ? { trigger, time, leaf, rule } : undefined
}
