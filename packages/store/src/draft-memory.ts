/**
 * What the writer knows by heart of the directory: which draft of an organisation, practitioner or
 * place changed nothing the last time. Every message repeats these, and they hardly ever change,
 * so most of a message's drafts need neither a search nor a comparison.
 *
 * It is forgotten whenever a record of the type changes, whoever changes it, so a draft that it
 * knows would still find the same record and still change nothing.
 */
import { DRAFT_SCHEME, type Draft, type ResourceType } from '@almoner/fhir'

export type Remembered = { readonly id: string; readonly version: number }

export type DraftMemory = {
  readonly get: (key: string) => Remembered | undefined
  readonly set: (key: string, record: Remembered) => void
  /** A record of this type was made or changed. */
  readonly changed: (type: ResourceType) => void
  /** A transaction failed, or another process wrote. */
  readonly clear: () => void
}

const DIRECTORY: ReadonlySet<ResourceType> = new Set(['Organization', 'Practitioner', 'Location'])

const ENTRIES_MAX = 20_000

export function createDraftMemory(): DraftMemory {
  const entries = new Map<string, Remembered>()
  return {
    get: (key) => entries.get(key),
    set: (key, record) => {
      if (entries.size >= ENTRIES_MAX) entries.clear()
      entries.set(key, record)
    },
    // A place refers to its organisation: what changes one may change what the others mean.
    changed: (type) => {
      if (DIRECTORY.has(type)) entries.clear()
    },
    clear: () => entries.clear(),
  }
}

const REFERENCE = new RegExp(`"${DRAFT_SCHEME}([^"]+)"`, 'g')

/**
 * All that a draft says, with real references; its name in the message does not matter. Undefined
 * for a draft that is not of the directory, or that refers to one whose record is not known yet.
 */
export function memoryKey(
  draft: Draft,
  references: ReadonlyMap<string, string>,
): string | undefined {
  if (!DIRECTORY.has(draft.type) || draft.identity.length === 0) return undefined
  const text = JSON.stringify([draft.type, draft.identity, draft.slots])
  if (!text.includes(DRAFT_SCHEME)) return text
  let isKnown = true
  const resolved = text.replaceAll(REFERENCE, (_match, name: string) => {
    const reference = references.get(name)
    isKnown &&= reference !== undefined
    return `"${reference}"`
  })
  return isKnown ? resolved : undefined
}
