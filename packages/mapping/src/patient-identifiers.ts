/**
 * The numbers of all patients that a message is about, without mapping the message: they decide
 * which messages must wait for one another. Read by the very rules that map them.
 */
import type { IdentityKey } from '@almoner/fhir'
import type { Message } from '@almoner/hl7v2'
import { createSenderReader } from './messages/header.ts'
import { RESULT_TRIGGER } from './messages/triggers.ts'
import { createDraft } from './rule/draft-builder.ts'
import { createLeafScanner } from './rule/leaves.ts'
import { createReading } from './rule/reading.ts'
import { createRuleBook } from './rule/rule-book.ts'
import { compileSegment, defineSegment, type SegmentReader } from './rule/segment.ts'
import type { MapContext } from './rule/sender.ts'
import { priorNumbersRule } from './segments/mrg.rules.ts'
import { patientIdentifiersRule } from './segments/pid-identifiers.rules.ts'

const scan = createLeafScanner()
const senderOf = createSenderReader()
const readers: ReadonlyMap<string, SegmentReader> = compileReaders()

function compileReaders(): ReadonlyMap<string, SegmentReader> {
  const book = createRuleBook()
  const alone = { target: 'Patient', source: 'patient identifiers' }
  const pid = defineSegment({ ...alone, segment: 'PID', rules: [patientIdentifiersRule] })
  const mrg = defineSegment({ ...alone, segment: 'MRG', rules: [priorNumbersRule] })
  return new Map([
    ['PID', compileSegment(pid, book)],
    ['MRG', compileSegment(mrg, book)],
  ])
}

/**
 * Numbers of PID-3, PID-2, PID-4, MRG-1, MRG-2 and MRG-4 of every PID and MRG, each once.
 * @throws MAP_UNKNOWN_TIME_ZONE
 */
export function patientIdentifiers(message: Message, context: MapContext): readonly IdentityKey[] {
  const view = identityView(message)
  const leaves = scan(view)
  const reading = createReading(view, leaves, senderOf(view, leaves, context), {
    fills: false,
    trigger: RESULT_TRIGGER,
  })
  const draft = createDraft({ name: 'patient', type: 'Patient', ifUnidentified: 'hold' })
  for (const { name, index } of view.segments) readers.get(name)?.(reading, index, draft)
  return draft.identity.filter(
    ({ system, value }, at) =>
      draft.identity.findIndex((key) => key.system === system && key.value === value) === at,
  )
}

/** The same text with only the segments that matter here; MSH names the sender. */
const identityView = (message: Message): Message => ({
  ...message,
  segments: message.segments
    .filter(({ name, index }) => index === 0 || readers.has(name))
    .map((segment, index) => ({ ...segment, index })),
})
