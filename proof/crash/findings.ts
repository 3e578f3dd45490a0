/** What must hold after the crashes: each promise is checked against three independent records. */
import { silentLog, systemPorts } from '@almoner/core'
import { decodeBytes, get, parseMessage } from '@almoner/hl7v2'
import type { Received } from '@almoner/simulators'
import { type MessageDetail, openSqliteStore, type Store } from '@almoner/store'
import type { SentMessage } from './sent-message.ts'

export type Evidence = {
  readonly folder: string
  /** The sender's record. */
  readonly sent: ReadonlyMap<string, SentMessage>
  readonly acked: ReadonlySet<string>
  /** The receiver's record. */
  readonly received: readonly Received[]
}

export type Finding = { readonly promise: string; readonly fault: string | undefined }

const CHECKER = { kind: 'system', id: 'crash-proof', name: 'crash proof' } as const

export async function findings(evidence: Evidence): Promise<readonly Finding[]> {
  const { folder, acked, sent, received } = evidence
  const store = openSqliteStore({ folder, tenant: 'crash', ports: systemPorts, log: silentLog })
  try {
    const journal = await wholeJournal(store)
    const byControlId = Map.groupBy(journal, (one) => one.controlId)
    const arrivals = Map.groupBy(received, (one) => one.controlId)
    const { messages, deliveries } = await store.counts()
    const audit = await store.verifyAudit()
    const first = <T>(items: Iterable<T>): T | undefined => items[Symbol.iterator]().next().value
    const missing = (ids: Iterable<string>, isThere: (id: string) => boolean): string | undefined =>
      first([...ids].filter((id) => !isThere(id)))
    return [
      finding(
        `every one of ${acked.size} ACKed messages is processed`,
        missing(acked, (id) => byControlId.get(id)?.[0]?.row.state === 'done'),
      ),
      finding(
        'no message is in the journal twice',
        first([...byControlId].filter(([, rows]) => rows.length > 1))?.[0],
      ),
      finding(
        'every ACKed message is delivered',
        missing(acked, (id) => arrivals.has(id)),
      ),
      finding('every delivery has the bytes that were sent', firstChanged(received, sent)),
      finding('first deliveries are in order per patient', firstOvertaken(received, sent)),
      finding(
        `only flagged deliveries are repeated (${received.length - arrivals.size} were)`,
        firstUnflagged(arrivals, byControlId),
      ),
      finding(
        'each message changed its patient exactly once',
        await firstMiscounted(store, journal),
      ),
      finding(
        'nothing is left unfinished',
        messages.received +
          messages.held +
          messages.dead +
          deliveries.waiting +
          deliveries.sending +
          deliveries.held +
          deliveries.dead ===
          0
          ? undefined
          : JSON.stringify({ messages, deliveries }),
      ),
      finding(
        'counters equal a recount of journal and outbox',
        firstMiscount(
          messages,
          journal.map(({ row }) => row.state),
        ) ??
          firstMiscount(
            deliveries,
            journal.flatMap(({ row }) => row.deliveries.map((one) => one.state)),
          ),
      ),
      finding(
        `the audit chain of ${audit.entries} entries verifies`,
        audit.broken === undefined ? undefined : `entry ${audit.broken.seq}: ${audit.broken.why}`,
      ),
    ]
  } finally {
    await store.close()
  }
}

function firstMiscount(
  counters: Readonly<Record<string, number>>,
  states: readonly string[],
): string | undefined {
  const wrong = Object.entries(counters).find(
    ([state, count]) => count !== states.filter((one) => one === state).length,
  )
  return wrong === undefined ? undefined : `${wrong[1]} counted as ${wrong[0]}`
}

const finding = (promise: string, fault: string | undefined): Finding => ({ promise, fault })

async function wholeJournal(store: Store): Promise<readonly MessageDetail[]> {
  const view = store.view(CHECKER, 'audit')
  const journal: MessageDetail[] = []
  let beforeSeq: number | undefined
  for (;;) {
    const rows = await view.messages({}, { countMax: 500, beforeSeq })
    const details = await Promise.all(rows.map((row) => view.message(row.id)))
    journal.push(...details.filter((detail) => detail !== undefined))
    if (rows.length < 500) return journal
    beforeSeq = rows.at(-1)!.seq
  }
}

function firstChanged(
  received: readonly Received[],
  sent: ReadonlyMap<string, SentMessage>,
): string | undefined {
  return received.find(({ controlId, bytes }) => {
    // The frame's start byte and its two end bytes are not the message's.
    const original = sent.get(controlId)?.frame.subarray(1, -2)
    return original === undefined || Buffer.compare(original, bytes) !== 0
  })?.controlId
}

function firstOvertaken(
  received: readonly Received[],
  sent: ReadonlyMap<string, SentMessage>,
): string | undefined {
  const nextPlace = new Map<string, number>()
  const seen = new Set<string>()
  for (const { controlId } of received) {
    if (seen.has(controlId)) continue
    seen.add(controlId)
    const message = sent.get(controlId)
    if (message === undefined) return controlId
    const expected = nextPlace.get(message.patient) ?? 0
    if (message.place !== expected) return `${controlId} came where update ${expected} was due`
    nextPlace.set(message.patient, expected + 1)
  }
  return undefined
}

function firstUnflagged(
  arrivals: ReadonlyMap<string, readonly Received[]>,
  journal: ReadonlyMap<string, readonly MessageDetail[]>,
): string | undefined {
  const repeated = [...arrivals].filter(([, times]) => times.length > 1)
  return repeated.find(
    ([id]) => journal.get(id)?.[0]?.row.deliveries.some((one) => one.maybeRepeat) !== true,
  )?.[0]
}

/** Each update changes the address, so a patient has as many versions as it had updates. */
async function firstMiscounted(
  store: Store,
  journal: readonly MessageDetail[],
): Promise<string | undefined> {
  const perPatient = Map.groupBy(journal, (detail) => {
    const message = parseMessage(decodeBytes(detail.body).text)
    return get(message, 'PID-3.1') ?? ''
  })
  const view = store.view(CHECKER, 'audit')
  for (const [value, updates] of perPatient) {
    const found = await view.search({ type: 'Patient', identifier: [[{ value }]], countMax: 2 })
    const version = found[0]?.version
    if (found.length !== 1 || version !== updates.length) {
      return `${found.length} patients, version ${version} after ${updates.length} updates`
    }
  }
  return undefined
}
