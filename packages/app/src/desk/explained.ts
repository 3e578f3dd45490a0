/** A message mapped again for a person to look at: both sides and what links them. */
import type { Bundle, Resource } from '@almoner/fhir'
import type { Message } from '@almoner/hl7v2'
import type { MessageDetail } from '@almoner/store'

export type Fate = 'mapped' | 'ignored' | 'unmapped'

/** The fate of one populated leaf. `start` and `end` are offsets in `message.text`. */
export type ExplainedEntry = {
  readonly path: string
  readonly start: number
  readonly end: number
  readonly fate: Fate
  readonly rule: string
  /** Draft name, then the element: `patient.identifier[0].value`. */
  readonly target?: string
  readonly why?: string
}

export type Explained = {
  readonly message: Message
  readonly bundle: Bundle
  readonly entries: readonly ExplainedEntry[]
  readonly drafts: readonly { readonly name: string; readonly resource: Resource }[]
  readonly problem?: { readonly code: string; readonly sentence: string }
  /** False when the rules of the version that took the message are no longer at hand. */
  readonly sameVersion: boolean
}

export type Explain = (detail: MessageDetail) => Promise<Explained>
