/**
 * The audited door. Each read commits its audit entry before anything is given out; when the
 * entry cannot be written, the call fails and nothing is disclosed.
 */
import type { Actor, AuditAction, MessageFilter, NewAudit, View } from './contract.ts'
import type { ReadContext } from './reads/journal.ts'
import { listMessages, readMessage } from './reads/messages.ts'
import { readResource, readVersion, searchResources } from './reads/resources.ts'

type Parts = {
  readonly context: ReadContext
  readonly append: (entries: readonly NewAudit[]) => Promise<void>
  readonly nowMs: () => number
}

export function createView(parts: Parts, actor: Actor, purpose: string): View {
  const { context } = parts
  const audit = (
    action: AuditAction,
    subjects: readonly string[],
    isFound: boolean,
    note?: string,
  ): Promise<void> =>
    parts.append([
      {
        atMs: parts.nowMs(),
        actor,
        action,
        outcome: isFound ? 'success' : 'failed',
        purpose,
        subjects,
        note,
      },
    ])

  return {
    messages: async (filter, page) => {
      const rows = await listMessages(context, filter, page)
      await audit('message.list', [], true, describeFilter(filter, rows.length))
      return rows
    },
    message: async (id) => {
      const detail = await readMessage(context, id)
      await audit('message.read', [id], detail !== undefined)
      return detail
    },
    resource: async (type, id) => {
      const found = await readResource(context, type, id)
      const version = found === undefined ? '' : `/_history/${found.version}`
      await audit('resource.read', [`${type}/${id}${version}`], found !== undefined)
      return found
    },
    resourceVersion: async (type, id, version) => {
      const found = await readVersion(context, type, id, version)
      await audit('resource.read', [`${type}/${id}/_history/${version}`], found !== undefined)
      return found
    },
    search: async (query) => {
      const found = await searchResources(context, query)
      const subjects = found.map((one) => `${one.type}/${one.id}/_history/${one.version}`)
      const by = (['identifier', 'id', 'patient'] as const).filter((key) => query[key])
      await audit('resource.search', subjects, true, `${query.type} by ${by.join(', ') || 'type'}`)
      return found
    },
  }
}

/** What was asked, without the values that would identify a patient. */
function describeFilter(filter: MessageFilter, count: number): string {
  const { state, source, messageType, delivery, patient, controlId } = filter
  const parts = [state, source, messageType, delivery && `delivery ${delivery}`]
  if (patient !== undefined) parts.push('one patient')
  if (controlId !== undefined) parts.push('one control id')
  return `${count} rows; ${parts.filter((part) => part !== undefined).join(', ') || 'all'}`
}
