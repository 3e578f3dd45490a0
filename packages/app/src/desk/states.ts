/** Words and tag colours of states. The word carries the meaning; the colour only helps. */
import type { DeliveryState, MessageState } from '@almoner/store'
import type { Fate } from './explained.ts'

export type Tag = { readonly text: string; readonly colour: string }

export const MESSAGE_TAGS: Readonly<Record<MessageState, Tag>> = {
  received: { text: 'Received', colour: 'blue' },
  done: { text: 'Done', colour: 'green' },
  held: { text: 'Held', colour: 'orange' },
  dead: { text: 'Dead', colour: 'red' },
}

export const DELIVERY_TAGS: Readonly<Record<DeliveryState, Tag>> = {
  waiting: { text: 'Waiting', colour: 'blue' },
  sending: { text: 'Sending', colour: 'blue' },
  delivered: { text: 'Delivered', colour: 'green' },
  held: { text: 'Held', colour: 'orange' },
  dead: { text: 'Dead', colour: 'red' },
}

export const FATE_TAGS: Readonly<Record<Fate, Tag>> = {
  unmapped: { text: 'Unmapped', colour: 'orange' },
  ignored: { text: 'Ignored', colour: 'grey' },
  mapped: { text: 'Mapped', colour: 'green' },
}

export const OUTCOME_TAGS: Readonly<Record<'success' | 'refused' | 'failed', Tag>> = {
  success: { text: 'Success', colour: 'green' },
  refused: { text: 'Refused', colour: 'orange' },
  failed: { text: 'Failed', colour: 'red' },
}

export const MESSAGE_STATES = ['received', 'done', 'held', 'dead'] as const
export const DELIVERY_STATES = ['waiting', 'sending', 'delivered', 'held', 'dead'] as const

export const isMessageState = (text: string): text is MessageState =>
  MESSAGE_STATES.some((state) => state === text)

export const isDeliveryState = (text: string): text is DeliveryState =>
  DELIVERY_STATES.some((state) => state === text)
