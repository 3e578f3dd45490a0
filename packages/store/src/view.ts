/**
 * The audited door. Each read commits its audit entry before anything is given out; when the
 * entry cannot be written, the call fails and nothing is disclosed. A look that finds nothing or
 * fails is still a look. What was asked for stands there as blind keys, never as it was asked:
 * people type NHS numbers where ids belong.
 */
import { isAlmonerError } from '@almoner/core'
import type { ResourceType } from '@almoner/fhir'
import type {
  Actor,
  AuditAction,
  MessageFilter,
  MessageRow,
  NewAudit,
  ResourceQuery,
  StoredResource,
  View,
} from './contract.ts'
import { patientKey } from './patient-key.ts'
import type { ReadContext } from './reads/journal.ts'
import { listMessages, readMessage } from './reads/messages.ts'
import { readResource, readVersion, searchResources } from './reads/resources.ts'

type Parts = {
  readonly context: ReadContext
  readonly append: (entries: readonly NewAudit[]) => Promise<void>
  readonly nowMs: () => number
}

type Look<Found> = {
  readonly action: AuditAction
  readonly read: () => Promise<Found>
  /** What was found, or what was asked for when nothing was found or the reading failed. */
  readonly subjects: (found: Found | undefined) => readonly string[]
  readonly note?: (found: Found) => string
}

export function createView(parts: Parts, actor: Actor, purpose: string): View {
  const { context, append, nowMs } = parts
  const key = (asked: string): string => patientKey(context.vault, asked)

  const look = async <Found>({ action, read, subjects, note }: Look<Found>): Promise<Found> => {
    const audit = (entry: Pick<NewAudit, 'outcome' | 'subjects' | 'note'>): Promise<void> =>
      append([{ atMs: nowMs(), actor, action, purpose, ...entry }])
    let found: Found
    try {
      found = await read()
    } catch (thrown) {
      const why = isAlmonerError(thrown) ? thrown.code : 'it could not be read'
      await audit({ outcome: 'failed', subjects: subjects(undefined), note: why })
      throw thrown
    }
    const outcome = found === undefined ? 'failed' : 'success'
    await audit({ outcome, subjects: subjects(found), note: note?.(found) })
    return found
  }

  const lookAtOne = (
    type: ResourceType,
    id: string,
    read: () => Promise<StoredResource | undefined>,
  ): Promise<StoredResource | undefined> =>
    look({
      action: 'resource.read',
      read,
      subjects: (found) => [found === undefined ? `${type}/${key(id)}` : versionOf(found)],
    })

  return {
    messages: (filter, page) =>
      look({
        action: 'message.list',
        read: () => listMessages(context, filter, page),
        subjects: () => [filter.patient, filter.controlId].filter(isGiven).map(key),
        note: (rows) => describeFilter(filter, rows),
      }),
    message: (id) =>
      look({
        action: 'message.read',
        read: () => readMessage(context, id),
        subjects: (found) => [found === undefined ? key(id) : id],
      }),
    resource: (type, id) => lookAtOne(type, id, () => readResource(context, type, id)),
    resourceVersion: (type, id, version) =>
      lookAtOne(type, id, () => readVersion(context, type, id, version)),
    search: (query) =>
      look({
        action: 'resource.search',
        read: () => searchResources(context, query),
        subjects: (found = []) => [...valuesOf(query).map(key), ...found.map(versionOf)],
        note: () => describeQuery(query),
      }),
  }
}

const isGiven = (value: string | undefined): value is string => value !== undefined

const versionOf = ({ type, id, version }: StoredResource): string =>
  `${type}/${id}/_history/${version}`

const valuesOf = ({ identifier = [], id = [], patient = [] }: ResourceQuery): readonly string[] => [
  ...identifier.flat().map((one) => one.value),
  ...patient,
  ...id,
]

function describeQuery(query: ResourceQuery): string {
  const by = (['identifier', 'id', 'patient'] as const).filter((name) => query[name] !== undefined)
  return `${query.type} by ${by.join(', ') || 'type'}`
}

/** What was asked, without the values that would identify a patient. */
function describeFilter(filter: MessageFilter, rows: readonly MessageRow[]): string {
  const { state, source, messageType, delivery, patient, controlId } = filter
  // Free text of the asker is repeated only when it is what rows hold.
  const confirmed = (name: string, text: string | undefined): string | undefined =>
    text === undefined || rows.length > 0 ? text : `an unknown ${name}`
  const parts = [
    state,
    confirmed('source', source),
    confirmed('message type', messageType),
    delivery && `delivery ${delivery}`,
    patient && 'one patient',
    controlId && 'one control id',
  ]
  return `${rows.length} rows; ${parts.filter(isGiven).join(', ') || 'all'}`
}
