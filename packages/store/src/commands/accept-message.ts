/** Journals a message, unless the same sender sent the same bytes under the same id before. */
import type { AcceptResult, NewMessage } from '../contract.ts'
import { openEnvelope, sealEnvelope } from '../envelope.ts'
import { statement } from '../statement.ts'
import type { Unit } from '../unit.ts'

const findRepeat = statement<
  { tenant: number; controlKey: string },
  { body_key: string; id: string; envelope: Uint8Array }
>((db, arg) =>
  db
    .selectFrom('repeat_guard')
    .innerJoin('journal', 'journal.seq', 'repeat_guard.seq')
    .select(['repeat_guard.body_key', 'journal.id', 'journal.envelope'])
    .where('repeat_guard.tenant', '=', arg('tenant'))
    .where('repeat_guard.control_key', '=', arg('controlKey')),
)

const insertMessage = statement<
  {
    tenant: number
    id: string
    source: string
    state: string
    code: string | null
    place: string | null
    finishedAtMs: number | null
    route: string
    routeVersion: string
    messageType: string
    version: string
    sender: string
    controlKey: string
    charset: string
    flags: string
    sizeBytes: number
    receivedAtMs: number
    envelope: Uint8Array
  },
  { seq: number }
>((db, arg) =>
  db
    .insertInto('journal')
    .values({
      tenant: arg('tenant'),
      id: arg('id'),
      source: arg('source'),
      route: arg('route'),
      route_version: arg('routeVersion'),
      state: arg('state'),
      code: arg('code'),
      place: arg('place'),
      finished_at_ms: arg('finishedAtMs'),
      message_type: arg('messageType'),
      version: arg('version'),
      sender: arg('sender'),
      control_key: arg('controlKey'),
      charset: arg('charset'),
      flags: arg('flags'),
      size_bytes: arg('sizeBytes'),
      received_at_ms: arg('receivedAtMs'),
      attempts: 0,
      envelope: arg('envelope'),
    })
    .returning('seq'),
)

const insertGuard = statement<{
  tenant: number
  controlKey: string
  bodyKey: string
  seq: number
  atMs: number
}>((db, arg) =>
  db.insertInto('repeat_guard').values({
    tenant: arg('tenant'),
    control_key: arg('controlKey'),
    body_key: arg('bodyKey'),
    seq: arg('seq'),
    at_ms: arg('atMs'),
  }),
)

export const SAME_ID_OTHER_BYTES = 'SAME_ID_OTHER_BYTES'

/** Key of a sender's control id; empty when the message has none, so it cannot be a repeat. */
export function controlKeyOf(unit: Unit, message: NewMessage): string {
  const { source, sender, controlId } = message
  if (controlId === '') return ''
  return unit.vault.blind('control', `${source}\n${sender}\n${controlId}`)
}

export async function acceptMessage(unit: Unit, message: NewMessage): Promise<AcceptResult> {
  const { session, vault, tenant } = unit
  const { id, receivedAtMs: atMs } = message
  const controlKey = controlKeyOf(unit, message)
  const bodyKey =
    controlKey === '' ? '' : vault.blind('body', Buffer.from(message.body).toString('latin1'))
  const earlier = controlKey === '' ? [] : await session.all(findRepeat, { tenant, controlKey })

  const repeat = earlier.find((one) => one.body_key === bodyKey)
  if (repeat !== undefined) {
    const { ack } = openEnvelope(vault, repeat.id, repeat.envelope)
    unit.count('repeats', 1)
    unit.audit(auditOf(message, 'message.repeat', repeat.id))
    return { kind: 'repeat', id: repeat.id, ack }
  }

  const flags = earlier.length > 0 ? [...message.flags, SAME_ID_OTHER_BYTES] : message.flags
  const { ack, body, controlId, peer, refusal } = message
  const state = refusal === undefined ? 'received' : 'dead'
  const row = await session.first(insertMessage, {
    tenant,
    id,
    state,
    code: refusal?.code ?? null,
    place: refusal?.where ?? null,
    finishedAtMs: refusal === undefined ? null : atMs,
    source: message.source,
    route: message.route,
    routeVersion: message.routeVersion,
    messageType: message.messageType,
    version: message.version,
    sender: message.sender,
    controlKey,
    charset: message.charset,
    flags: JSON.stringify(flags),
    sizeBytes: body.length,
    receivedAtMs: atMs,
    envelope: sealEnvelope(vault, id, { head: { controlId, peer }, ack, body }),
  })
  // `returning` on an insert that did not throw gives its row.
  const { seq } = row!
  if (controlKey !== '') {
    await session.run(insertGuard, { tenant, controlKey, bodyKey, seq, atMs })
  }
  unit.count(`message.${state}`, 1)
  unit.audit(auditOf(message, 'message.accept', id))
  return { kind: 'accepted', seq, flags }
}

const auditOf = (message: NewMessage, action: 'message.accept' | 'message.repeat', id: string) => ({
  atMs: message.receivedAtMs,
  actor: { kind: 'system' as const, id: message.route, name: `source ${message.source}` },
  action,
  outcome: message.refusal === undefined ? ('success' as const) : ('refused' as const),
  purpose: 'transport',
  subjects: [id],
  note: message.refusal?.code,
})
