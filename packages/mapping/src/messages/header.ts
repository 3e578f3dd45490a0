/**
 * What rules need to know of a message before they run: its kind, its sender, its time.
 * Source: HL7 v2.5.1 chapter 2.15.9 (MSH) and 3.4.1 (EVN); ITK HL7 v2 message specifications
 * 1.0.15 (MSH-21 `iTKv1.0`).
 */
import { decode, type Message } from '@almoner/hl7v2'
import { type Leaves, slotOf } from '../rule/leaves.ts'
import { createReading, firstText, leafAt, type Reading, trimmedText } from '../rule/reading.ts'
import { type RuleBook, ruleSite } from '../rule/rule-book.ts'
import type { MapContext, Sender } from '../rule/sender.ts'
import { dateTime } from '../types/date-time.ts'
import { createZone, type Zone } from '../types/zone.ts'

export type Header = {
  readonly kind: { readonly messageType: string; readonly trigger: string }
  readonly sender: Sender
  readonly eventTime: { readonly time: string | undefined; readonly leaf: number; readonly rule: number }
}

export type HeaderReader = (message: Message, leaves: Leaves, context: MapContext) => Header
