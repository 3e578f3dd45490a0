/**
 * Golden messages: folders of a message, what it maps to, and a note that says why it is there.
 * What is compared is what a person has reviewed; UPDATE=1 writes it anew for the next review.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import type { Draft, Slot } from '@almoner/fhir'
import { parseMessage } from '@almoner/hl7v2'
import { draftsToBundle } from '../bundle.ts'
import { CONTEXT, mapper } from './samples.ts'

const FOLDER = new URL('../../../../proof/golden/mapping/', import.meta.url)
const IS_UPDATE = process.env['UPDATE'] === '1'

export const goldenNames = (): readonly string[] => readdirSync(FOLDER)

/** A file of a case as it was reviewed. */
export const readGolden = (name: string, file: string): string =>
  readFileSync(new URL(`${name}/${file}`, FOLDER), 'utf8')

/** The text of a file as it is now; written too when the goldens are updated. */
export function goldenText(name: string, file: string, value: unknown): string {
  const text = `${JSON.stringify(value, null, 2)}\n`
  if (IS_UPDATE) writeFileSync(new URL(`${name}/${file}`, FOLDER), text)
  return text
}

/** What a slot does, without its value: the Bundle shows that. */
function describeSlot({ path, mode, claim, value, atTime }: Slot): string {
  const owned = Object.entries(claim ?? {}).map(([key, of]) => ` ${key}=${of}`)
  const isDeleted = value === undefined || (Array.isArray(value) && value.length === 0)
  const when = atTime === undefined ? '' : ` at ${atTime}`
  return `${path}: ${mode}${owned.join('')}${when}${isDeleted ? ' (deleted)' : ''}`
}

const describeDraft = ({ name, type, identity, ifUnidentified, follow, slots }: Draft) => ({
  name,
  type,
  identity: identity.map(({ system, value, strength }) => `${strength} ${system}|${value}`),
  ifUnidentified,
  follow,
  slots: slots.map(describeSlot),
})

/** The two documents of a case. Lines in the file are segments of the message. */
export function mapGolden(name: string) {
  const text = readGolden(name, 'in.hl7').replaceAll('\n', '\r')
  const { drafts, flags, ledger } = mapper.map(parseMessage(text), CONTEXT)
  const entries = ledger.entries().map(({ path, fate, rule, target, why }) => ({
    path,
    fate,
    rule,
    ...(target === undefined ? {} : { target }),
    ...(why === undefined ? {} : { why }),
  }))
  const { mapped, ignored, unmapped } = ledger
  return {
    out: { flags, drafts: drafts.map(describeDraft), bundle: draftsToBundle(drafts) },
    ledger: { mapped, ignored, unmapped, entries },
  }
}
