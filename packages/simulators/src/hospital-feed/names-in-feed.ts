/**
 * Everything in messages that tells who a patient is: what a search of a database, a log or a page
 * must not find where it does not belong. Staff, wards and practices are no patients.
 */
import type { Message, Region } from '@almoner/hl7v2'
import { component, decode, field, parseMessage, repetitions, segmentsNamed } from '@almoner/hl7v2'
import { UNIDENTIFIED } from './cast/people.ts'

/** Lists without repeats, in the words of the messages. */
export type NamesInFeed = {
  /** Family and given names of patients and their next of kin, each on its own. */
  readonly names: readonly string[]
  /** Street, village and town. */
  readonly addressLines: readonly string[]
  readonly postcodes: readonly string[]
  readonly phones: readonly string[]
  readonly emails: readonly string[]
  readonly nhsNumbers: readonly string[]
  /** Hospital numbers, temporary ones too. */
  readonly mrns: readonly string[]
}

type Found = Record<keyof NamesInFeed, Set<string>>

export function namesInFeed(messages: readonly { readonly text: string }[]): NamesInFeed {
  const found: Found = {
    names: new Set(),
    addressLines: new Set(),
    postcodes: new Set(),
    phones: new Set(),
    emails: new Set(),
    nhsNumbers: new Set(),
    mrns: new Set(),
  }
  for (const { text } of messages) {
    const message = parseMessage(text)
    for (const row of ROWS) collect(message, row, found)
  }
  return {
    names: [...found.names],
    addressLines: [...found.addressLines],
    postcodes: [...found.postcodes],
    phones: [...found.phones],
    emails: [...found.emails],
    nhsNumbers: [...found.nhsNumbers],
    mrns: [...found.mrns],
  }
}

type Row = { readonly segment: string; readonly field: number; readonly take: Take }

/** Takes what one repetition of a field tells; `at` reads its components. */
type Take = (at: (component: number) => string, found: Found) => void

const takeName: Take = (at, { names }) => {
  if (at(1) === UNIDENTIFIED) return
  for (const name of [at(1), at(2), at(3)]) add(names, name)
}

const takeIdentifier: Take = (at, { nhsNumbers, mrns }) => {
  add(at(4).startsWith('NHS') ? nhsNumbers : mrns, at(1))
}

const takeAddress: Take = (at, { addressLines, postcodes }) => {
  for (const line of [at(1), at(2), at(3)]) add(addressLines, line)
  add(postcodes, at(5))
}

const takeTelecom: Take = (at, { phones, emails }) => {
  add(phones, at(1))
  add(emails, at(4))
  add(phones, at(12))
}

const ROWS: readonly Row[] = [
  { segment: 'PID', field: 3, take: takeIdentifier },
  { segment: 'PID', field: 5, take: takeName },
  { segment: 'PID', field: 11, take: takeAddress },
  { segment: 'PID', field: 13, take: takeTelecom },
  { segment: 'PID', field: 14, take: takeTelecom },
  { segment: 'NK1', field: 2, take: takeName },
  { segment: 'NK1', field: 4, take: takeAddress },
  { segment: 'NK1', field: 5, take: takeTelecom },
  { segment: 'MRG', field: 1, take: takeIdentifier },
  { segment: 'MRG', field: 7, take: takeName },
]

function collect(message: Message, row: Row, found: Found): void {
  for (const segment of segmentsNamed(message, row.segment)) {
    const region = field(message, segment, row.field)
    if (region === undefined) continue
    for (const repetition of repetitions(message, region)) {
      row.take((nth) => read(message, component(message, repetition, nth)), found)
    }
  }
}

const read = (message: Message, region: Region | undefined): string =>
  region === undefined ? '' : decode(message, region)

/** The HL7 null is no value. */
function add(set: Set<string>, text: string): void {
  if (text !== '' && text !== '""') set.add(text)
}
