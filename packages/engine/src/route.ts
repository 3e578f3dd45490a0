/**
 * A route is the path of messages from one source to its destinations. It is plain data with
 * functions: it can be printed, drawn, checked and tested, and its version is the hash of it.
 */

import { createHash } from 'node:crypto'
import type { Destination, Source } from '@almoner/core'
import type { Header, Message } from '@almoner/hl7v2'
import { type MapContext, type Mapper, patientIdentifiers } from '@almoner/mapping'
import { BACKOFF, type Backoff } from './backoff.ts'

/** Identifier values that tie a message to others: messages that share one keep their order. */
export type LaneRule = {
  readonly name: string
  readonly keys: (message: Message, context: MapContext) => readonly string[]
}

/**
 * One lane per patient, by every identifier in PID-3 and MRG-1. Several, because a sender may
 * know a patient by one number today and by two tomorrow; a merge names the numbers of both.
 */
export const byPatient: LaneRule = {
  name: 'patient',
  keys: (message, context) => patientIdentifiers(message, context).map((one) => one.value),
}

/** The resources go to this site's own store. */
export type FhirStoreTarget = { readonly kind: 'fhir-store' }
export const fhirStore = (): FhirStoreTarget => ({ kind: 'fhir-store' })

export type DeliveryPolicy = {
  readonly backoff: Backoff
  /** Attempts on one message that the receiver could not take; then `onGivingUp`. */
  readonly attemptsMax: number
  /** `hold`: the patient's lane waits for a person. `dead`: the lane moves on. */
  readonly onRejected: 'hold' | 'dead'
  readonly onGivingUp: 'hold' | 'dead'
}

export const DELIVERY_POLICY: DeliveryPolicy = {
  backoff: BACKOFF,
  attemptsMax: 10,
  onRejected: 'hold',
  onGivingUp: 'hold',
}

export type ForwardTarget = {
  readonly kind: 'forward'
  readonly destination: Destination
  readonly when: (header: Header, message: Message) => boolean
  readonly policy: DeliveryPolicy
}

export type ForwardOptions = {
  readonly when?: (header: Header, message: Message) => boolean
  readonly policy?: Partial<DeliveryPolicy>
}

/** The message goes on as it came, byte for byte, to another system. */
export const forward = (destination: Destination, options: ForwardOptions = {}): ForwardTarget => ({
  kind: 'forward',
  destination,
  when: options.when ?? (() => true),
  policy: { ...DELIVERY_POLICY, ...options.policy },
})

export type Target = FhirStoreTarget | ForwardTarget

export type RouteDefinition = {
  readonly name: string
  /** Why the data flows: what an agreement must cover. */
  readonly purpose: string
  /** Id of the agreement under which it leaves; needed when anything is forwarded. */
  readonly agreement?: string
  readonly from: Source
  /** Message types taken: `ADT`, or `ADT^A01`. */
  readonly accepts: readonly string[]
  /** Senders taken, as `MSH-3|MSH-4`; any sender when left out. */
  readonly senders?: readonly string[]
  readonly lane: LaneRule
  readonly steps: readonly [Mapper]
  readonly to: readonly Target[]
}

export type Route = RouteDefinition & {
  /** First 12 hex digits of the hash of everything that decides what the route does. */
  readonly version: string
}

export function defineRoute(definition: RouteDefinition): Route {
  return { ...definition, version: versionOf(definition) }
}

function versionOf(route: RouteDefinition): string {
  const parts = {
    name: route.name,
    purpose: route.purpose,
    agreement: route.agreement ?? null,
    from: { name: route.from.name, organisation: route.from.organisation },
    accepts: route.accepts,
    senders: route.senders ?? null,
    lane: [route.lane.name, String(route.lane.keys)],
    steps: route.steps.map((step) => [step.name, step.version]),
    to: route.to.map((target) =>
      target.kind === 'fhir-store'
        ? ['fhir-store']
        : [
            target.destination.name,
            target.destination.recipient,
            String(target.when),
            target.policy,
          ],
    ),
  }
  return hashOf(parts)
}

/** First 12 hex digits of the hash of plain data. */
export const hashOf = (parts: unknown): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 12)

export const takes = (route: RouteDefinition, header: Header): boolean =>
  route.accepts.includes(header.messageType) ||
  route.accepts.includes(`${header.messageType}^${header.trigger}`)

/** MSH-3 and MSH-4, as routes and the journal name a sender. */
export const senderOf = (header: Header): string =>
  `${header.sendingApplication}|${header.sendingFacility}`

export const knows = (route: RouteDefinition, header: Header): boolean =>
  route.senders === undefined || route.senders.includes(senderOf(header))

export const forwardsOf = (route: RouteDefinition): readonly ForwardTarget[] =>
  route.to.filter((target) => target.kind === 'forward')
