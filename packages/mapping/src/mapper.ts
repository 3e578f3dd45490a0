/**
 * HL7 v2 → FHIR: the rules of a profile, compiled once, run over a message. What comes out are
 * drafts (what the message says about which resource) and the ledger of every leaf.
 */
import { createHash } from 'node:crypto'
import type { Draft } from '@almoner/fhir'
import type { Message } from '@almoner/hl7v2'
import { MAP_ERRORS } from './errors.ts'
import { ADT_GRAMMAR, compileAdt, type ReadMessage } from './messages/adt.ts'
import {
  compileEvent,
  createSenderReader,
  type MessageKind,
  type ReadEvent,
  readKind,
} from './messages/header.ts'
import { compileOru, ORU_GRAMMAR } from './messages/oru.ts'
import { compileOthers, type PassOthers } from './messages/other-segments.ts'
import type { UkProfile } from './messages/profile.ts'
import { RESULT_TRIGGER, TRIGGERS, type Trigger } from './messages/triggers.ts'
import { createDraft, finishDraft } from './rule/draft-builder.ts'
import { type GroupSpec, groupSegments, namesOf } from './rule/group.ts'
import { createLeafScanner, type Leaves } from './rule/leaves.ts'
import { createLedger, type Ledger } from './rule/ledger.ts'
import { createReading, type Flag, isNullLeaf, type Reading } from './rule/reading.ts'
import { createRuleBook, type RuleBook, ruleSite } from './rule/rule-book.ts'
import { compileSegment, type SegmentReader } from './rule/segment.ts'
import type { MapContext, Sender } from './rule/sender.ts'
import { evnRules, mshRules } from './segments/header.rules.ts'

export type Mapped = {
  readonly drafts: readonly Draft[]
  readonly ledger: Ledger
  /** What a person may want to look at: `NHS_NUMBER_INVALID` at `PID-3[2].1`. */
  readonly flags: readonly Flag[]
}

export type Mapper = {
  readonly name: string
  /** Changes when any rule changes. */
  readonly version: string
  readonly accepts: (header: MessageKind) => boolean
  /**
   * @throws MAP_UNSUPPORTED_MESSAGE, MAP_NO_PATIENT, MAP_NO_MERGE, MAP_NO_REPORT,
   *   MAP_UNKNOWN_TIME_ZONE
   */
  readonly map: (message: Message, context: MapContext) => Mapped
}

/** One kind of message: its grammar and compiled rules. */
type Family = {
  readonly grammar: GroupSpec
  readonly segments: ReadonlySet<string>
  readonly read: ReadMessage
  /** Results only fill gaps of what they do not decide. */
  readonly fills: boolean
}

const TRIGGERS_BY_EVENT: ReadonlyMap<string, Trigger> = new Map(
  TRIGGERS.map((trigger) => [trigger.event, trigger]),
)

/** Undefined when there are no rules for the event. An ORU without an event is R01. */
function triggerOf({ messageType, trigger }: MessageKind): Trigger | undefined {
  if (messageType === 'ADT') return TRIGGERS_BY_EVENT.get(trigger)
  if (messageType !== 'ORU') return undefined
  return trigger === 'R01' || trigger === '' ? RESULT_TRIGGER : undefined
}

export function toFhir(profile: UkProfile): Mapper {
  const book = createRuleBook()
  const rules = compileProfile(profile, book)
  const scan = createLeafScanner()
  const senderOf = createSenderReader()
  return {
    name: profile.name,
    version: versionOf(profile, book),
    // An ADT that names no event in MSH-9 may name it in EVN-1.
    accepts: (header) =>
      triggerOf(header) !== undefined || (header.messageType === 'ADT' && header.trigger === ''),
    map: (message, context) => {
      const leaves = scan(message)
      return mapMessage(message, leaves, senderOf(message, leaves, context), rules, book)
    },
  }
}

type Rules = {
  readonly event: ReadEvent
  readonly adt: Family
  readonly oru: Family
  readonly msh: SegmentReader
  readonly evn: SegmentReader
  readonly passOthers: PassOthers
  /** Rows for `""` that no slot carries out. */
  readonly nulls: { readonly fills: number; readonly whole: number }
}

export function compileProfile(profile: UkProfile, book: RuleBook): Rules {
  return {
    event: compileEvent(book),
    adt: {
      grammar: ADT_GRAMMAR,
      segments: new Set(namesOf(ADT_GRAMMAR)),
      read: compileAdt(profile, book),
      fills: false,
    },
    oru: {
      grammar: ORU_GRAMMAR,
      segments: new Set(namesOf(ORU_GRAMMAR)),
      read: compileOru(profile, book),
      fills: true,
    },
    msh: compileSegment(mshRules, book),
    evn: compileSegment(evnRules, book),
    passOthers: compileOthers(book),
    nulls: nullRules(book),
  }
}

function nullRules(book: RuleBook): Rules['nulls'] {
  const site = ruleSite(book, 'Any', 'Element', 'HL7 v2.5.1 chapter 2.5.3.3')
  return {
    fills: site.add({
      v2: 'null in a result message',
      fate: 'ignored',
      why: 'A result message deletes nothing that the patient administration says.',
    }),
    whole: site.add({
      v2: 'null inside a snapshot',
      fate: 'ignored',
      why: 'The snapshot is written without it, which deletes it.',
    }),
  }
}

/** Twelve hex digits of all rows, tables and events: equal rules, equal version. */
function versionOf(profile: UkProfile, book: RuleBook): string {
  const rules = JSON.stringify([book.rows(), [...book.tables()], TRIGGERS])
  const hash = createHash('sha256').update(rules).digest('hex')
  return `${profile.revision}-${hash.slice(0, 12)}`
}

function mapMessage(
  message: Message,
  leaves: Leaves,
  sender: Sender,
  rules: Rules,
  book: RuleBook,
): Mapped {
  const trigger = triggerOf(readKind(message, leaves))
  if (trigger === undefined) throw MAP_ERRORS.error('MAP_UNSUPPORTED_MESSAGE', { where: 'MSH-9' })
  const family = trigger === RESULT_TRIGGER ? rules.oru : rules.adt
  const reading = createReading(message, leaves, sender, { fills: family.fills, trigger })
  reading.event = rules.event(reading, trigger)
  family.read(reading, groupSegments(message, family.grammar))
  readHeader(reading, rules)
  rules.passOthers(reading, family.segments)
  ignoreNulls(reading, book, family.fills ? rules.nulls.fills : rules.nulls.whole)
  const drafts = reading.drafts.map(finishDraft)
  return {
    drafts,
    ledger: createLedger(reading, drafts, { book, segments: family.segments }),
    flags: reading.flags,
  }
}

const NOWHERE = createDraft({ name: 'message', type: 'MessageHeader', ifUnidentified: 'skip' })

function readHeader(reading: Reading, rules: Rules): void {
  for (const { name, index } of reading.message.segments) {
    if (name === 'MSH') rules.msh(reading, index, NOWHERE)
    else if (name === 'EVN') rules.evn(reading, index, NOWHERE)
  }
}

/** A null that a rule read but no slot carries out has no place in the output. */
function ignoreNulls(reading: Reading, book: RuleBook, rule: number): void {
  const { marks, holders } = reading
  for (let leaf = 0; leaf < marks.length; leaf++) {
    if (marks[leaf]! <= 0 || holders[leaf] !== undefined || !isNullLeaf(reading, leaf)) continue
    if (book.row(marks[leaf]!).fate === 'mapped') marks[leaf] = rule
  }
}
