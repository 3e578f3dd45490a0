/**
 * NTE ⇄ the conclusion of a report and the notes of a result. Comment lines that follow one
 * another are one text. Source: v2-to-FHIR IG, NTE[Observation]; HL7 v2.5.1 chapter 2.15.10; FHIR
 * R4 DiagnosticReport has no note, so that its comments stand in the conclusion, where they are
 * seen.
 */
import type { Segment } from '@almoner/hl7v2'
import { type DraftBuilder, setSlot } from '../rule/draft-builder.ts'
import { fieldFrom, fieldTo, hasField, type Reading, repetitionEnd, take } from '../rule/reading.ts'
import type { RuleBook } from '../rule/rule-book.ts'
import { ruleSite } from '../rule/rule-book.ts'
import { compileSegment, defineSegment, ignored, notMapped } from '../rule/segment.ts'
import { lineText } from './obx-value.rules.ts'

const otherFields = (target: string) =>
  defineSegment({
    segment: 'NTE',
    target,
    source: 'v2-to-FHIR IG, NTE[Observation]',
    rules: [
      ignored(1, 'The position of the segment says which it is.'),
      notMapped([2, 4], 'Source and type of a comment: a note has no element for them.'),
      notMapped([5, 6, 7, 8, 9], 'Who entered the comment, and when, is not carried over yet.'),
    ],
  })

export type ReadNotes = (reading: Reading, notes: readonly Segment[], draft: DraftBuilder) => void

const SOURCE = 'v2-to-FHIR IG, NTE[Observation]'

export function compileResultNotes(book: RuleBook): ReadNotes {
  const others = compileSegment(otherFields('Observation'), book)
  const rule = ruleSite(book, 'NTE', 'Observation', SOURCE).add({
    v2: 'NTE-3',
    fhir: 'note.text',
    lens: 'formatted text',
    oneWay: 'Lines of one note are sent back as one NTE each.',
  })
  return (reading, notes, draft) => {
    const text = notesText(reading, notes)
    for (const { index } of notes) others(reading, index, draft)
    if (text === undefined) return
    const note = { text }
    setSlot(draft, 'note', [note])
    markLines(reading, notes, rule, note, 'text')
  }
}

export function compileReportNotes(book: RuleBook): ReadNotes {
  const others = compileSegment(otherFields('DiagnosticReport'), book)
  const rule = ruleSite(book, 'NTE', 'DiagnosticReport', SOURCE).add({
    v2: 'NTE-3',
    fhir: 'conclusion',
    lens: 'formatted text',
    oneWay: 'Lines of one conclusion are sent back as one NTE each.',
  })
  return (reading, notes, draft) => {
    const text = notesText(reading, notes)
    for (const { index } of notes) others(reading, index, draft)
    if (text !== undefined) {
      markLines(reading, notes, rule, setSlot(draft, 'conclusion', text), '')
    }
  }
}

/** Undefined when no note has a text. */
function notesText(reading: Reading, notes: readonly Segment[]): string | undefined {
  const lines: string[] = []
  for (const { index } of notes) {
    const to = fieldTo(reading, index, 3)
    if (to === 0) lines.push('')
    for (let from = fieldFrom(reading, index, 3); from < to; ) {
      const end = repetitionEnd(reading, from, to)
      lines.push(lineText(reading, from, end, true))
      from = end
    }
  }
  return notes.some(({ index }) => hasField(reading, index, 3)) ? lines.join('\n') : undefined
}

function markLines(
  reading: Reading,
  notes: readonly Segment[],
  rule: number,
  holder: object | undefined,
  key: string,
): void {
  for (const { index } of notes) {
    const to = fieldTo(reading, index, 3)
    if (to === 0) continue
    for (let leaf = fieldFrom(reading, index, 3); leaf < to; leaf++) {
      take(reading, leaf, rule, holder, key)
    }
  }
}
