/**
 * Builds acknowledgements. An ACK repeats of the message only the MSH fields it must repeat; its
 * id, its time and every sentence come from the caller, so that equal input gives equal text.
 * Source: HL7 v2.5.1 chapters 2.9.2, 2.15.5 (ERR), 2.15.8 (MSA), 2.15.9 (MSH); v2.4 chapter 2.16.5.
 */
import { type AckError, errorFields } from './ack-error.ts'
import { decode } from './decode.ts'
import { isStandard, STANDARD_DELIMITERS } from './delimiters.ts'
import { escapeText } from './escape-text.ts'
import { find } from './find.ts'
import type { Delimiters, Message, Region } from './message.ts'

export type AckCode = 'AA' | 'AE' | 'AR' | 'CA' | 'CE' | 'CR'

export type Ack = {
  readonly code: AckCode
  /** MSH-10 of the acknowledgement itself. */
  readonly controlId: string
  readonly atMs: number
  /** MSA-3. It goes to the sender in clear: a safe sentence, never a value from the message. */
  readonly text?: string | undefined
  readonly error?: AckError | undefined
}

/** What a message that names no version is answered in: the version of the NHS ITK messages. */
const DEFAULT_VERSION = '2.4'
const DEFAULT_PROCESSING_ID = 'P'

/**
 * The acknowledgement of a message: sender and receiver swapped, MSA-2 the control id exactly as
 * it was sent. The delimiters are those of the message when it declares all five.
 * @param original undefined when what came could not be read at all: a minimal legal ACK
 */
export function createAck(original: Message | undefined, ack: Ack): string {
  const delimiters = ackDelimiters(original)
  const copy = (path: string): string => (original ? copyField(original, delimiters, path) : '')
  const known = (path: string): string => copy(path).replace(/^""$/, '')
  const write = (value: string): string => escapeText(delimiters, value)
  const version = known('MSH-12') || DEFAULT_VERSION
  const trigger = known('MSH-9.2')
  const type = trigger === '' ? ['ACK'] : ['ACK', trigger, 'ACK']
  const header = [
    'MSH',
    encodingCharacters(original, delimiters),
    copy('MSH-5'),
    copy('MSH-6'),
    copy('MSH-3'),
    copy('MSH-4'),
    formatTime(ack.atMs),
    '',
    type.join(delimiters.component),
    write(ack.controlId),
    known('MSH-11') || DEFAULT_PROCESSING_ID,
    version,
  ]
  const { msa3, err } = errorFields(delimiters, majorMinor(version), ack.error)
  const msa = ['MSA', ack.code, copy('MSH-10'), ack.text === undefined ? msa3 : write(ack.text)]
  const segments = err === undefined ? [header, msa] : [header, msa, ['ERR', ...err]]
  const lines = segments.map((fields) => `${trimEnd(fields).join(delimiters.field)}\r`)
  const text = lines.join('')
  // Only an ACK with such letters needs a character set; plain ASCII is what none means.
  if (!/[^\0-\x7f]/.test(text)) return text
  const charset = known('MSH-18')
  const declared = [...header, '', '', '', '', '', charset].join(delimiters.field)
  return charset === '' ? text : [`${declared}\r`, ...lines.slice(1)].join('')
}

function ackDelimiters(original: Message | undefined): Delimiters {
  if (original === undefined) return STANDARD_DELIMITERS
  const isComplete = Object.values(original.delimiters).every((delimiter) => delimiter !== '')
  return isComplete ? original.delimiters : STANDARD_DELIMITERS
}

/** MSH-2 as the sender wrote it, with the truncation character of v2.7 if it has one. */
function encodingCharacters(original: Message | undefined, delimiters: Delimiters): string {
  const { component, repetition, escape: mark, subcomponent } = delimiters
  const plain = component + repetition + mark + subcomponent
  const header = original?.segments[0]
  const isAsSent =
    original !== undefined &&
    header !== undefined &&
    isStandard(original.text, header.start, header.end)
  const sent = isAsSent ? find(original, 'MSH-2') : undefined
  return sent === undefined ? plain : original!.text.slice(sent.start, sent.end)
}

/**
 * A field of MSH as it was sent. It is written anew only when the ACK uses other delimiters.
 * Without a component in the path it is the whole field, repetitions and all.
 */
function copyField(original: Message, delimiters: Delimiters, path: string): string {
  const region = find(original, path)
  if (region === undefined) return ''
  const whole = path.includes('.') ? region : toFieldEnd(original, region)
  if (original.delimiters !== delimiters) return escapeText(delimiters, decode(original, whole))
  // Frame characters would cut the ACK on the wire; everything else stays as it is.
  return original.text
    .slice(whole.start, whole.end)
    .replaceAll('\v', `${delimiters.escape}X0B${delimiters.escape}`)
    .replaceAll('\x1c', `${delimiters.escape}X1C${delimiters.escape}`)
}

function toFieldEnd(original: Message, region: Region): Region {
  const { end } = original.segments[0]!
  const next = original.text.indexOf(original.delimiters.field, region.start)
  return { start: region.start, end: next === -1 || next > end ? end : next }
}

/** HL7 TS in UTC with its offset, `20260728101500+0000`. */
const formatTime = (atMs: number): string =>
  `${new Date(atMs).toISOString().slice(0, 19).replace(/[-T:]/g, '')}+0000`

/** 2.5 of `2.5.1^GBR`; 0 when it is no number, which is answered in the oldest shape. */
function majorMinor(version: string): number {
  const found = /^2\.(\d{1,2})(?!\d)/.exec(version)
  return found === null ? 0 : Number(found[1])
}

function trimEnd(fields: readonly string[]): readonly string[] {
  const last = fields.findLastIndex((value) => value !== '')
  return fields.slice(0, last + 1)
}
