/** What the bench sends: admissions of about 1 KB of many patients, as a PAS sends them. */
import { encodeText, frame, get, parseMessage, setValue } from '@almoner/hl7v2'
import { createFeed, type LoadMessage, RIVERSIDE } from '@almoner/simulators'

const SEED = 7
const PATIENTS = 500

const openFeed = () =>
  createFeed({ seed: SEED, startAtMs: Date.UTC(2026, 0, 5), organisation: RIVERSIDE })

const firstWhere = (wanted: (text: string) => boolean): string => {
  const feed = openFeed()
  for (;;) {
    const { text } = feed.next()
    if (wanted(text)) return text
  }
}

const isAdmission = (text: string): boolean => text.includes('|ADT^A01') && text.includes('|2.4|')

/** ADT^A01 in ITK 2.4. */
export const modelMessage = firstWhere(isAdmission)

/** Makes a row as long as those of laboratories that name method and responsible person. */
const OBX_TAIL =
  '|F|||202601051057|RZZ01^Main laboratory^L|5502^Osei^Grace^^^Dr^^^RZZ|PHOTOM^Photometry^L'

/** A result with so many numeric OBX, grown from one of the feed's own; 113 make 20 KB. */
export const oruMessage = (obxCount: number): string => {
  const text = firstWhere((one) => one.includes('ORU^R01') && one.includes('OBX|1|NM'))
  const lines = text.split('\r').filter((line) => line !== '')
  const head = lines.slice(
    0,
    lines.findIndex((line) => line.startsWith('OBX|')),
  )
  const model = lines.find((line) => line.startsWith('OBX|1|NM'))!
  const rows = Array.from({ length: obxCount }, (_, index) =>
    model
      .replace('OBX|1|', `OBX|${index + 1}|`)
      .replace(/^(OBX\|\d+\|NM\|)[^^|]*/, `$1T${index}`)
      .replace(/\|[A-Z]\|\|\|\d+$/, OBX_TAIL),
  )
  return `${[...head, ...rows].join('\r')}\r`
}

const CONTROL_ID = 'CONTROLIDHERE'
const STREET = 'STREETHERE'

/**
 * Message `i` of a run: the patients take turns, and each time around they have moved house, so
 * that every message changes a patient and many lanes are busy at once.
 */
export function loadMessages(prefix: string): (i: number) => LoadMessage {
  const models = admissions().map(splitAtMarks)
  return (i) => {
    const [head, middle, tail] = models[i % models.length]!
    const controlId = `${prefix}${i}`
    const street = Buffer.from(`${1 + Math.floor(i / models.length)} Bench Street`)
    const message = Buffer.concat([head, Buffer.from(controlId), middle, street, tail])
    return { controlId, frame: frame(message) }
  }
}

function admissions(): readonly string[] {
  const feed = openFeed()
  const byPatient = new Map<string, string>()
  while (byPatient.size < PATIENTS) {
    const { text } = feed.next()
    if (isAdmission(text)) byPatient.set(get(parseMessage(text), 'PID-3.1') ?? '', text)
  }
  return [...byPatient.values()]
}

function splitAtMarks(text: string): readonly [Buffer, Buffer, Buffer] {
  const marked = setValue(setValue(parseMessage(text), 'MSH-10', CONTROL_ID), 'PID-11.1', STREET)
  const bytes = Buffer.from(encodeText(marked.text, 'utf-8'))
  const [id, street] = [bytes.indexOf(CONTROL_ID), bytes.indexOf(STREET)]
  return [
    bytes.subarray(0, id),
    bytes.subarray(id + CONTROL_ID.length, street),
    bytes.subarray(street + STREET.length),
  ]
}
