/** Journals a message, unless the same sender sent the same bytes under the same id before. */
import type { AcceptResult, NewMessage } from '../contract.ts'
import { controlIdKey } from '../control-id-key.ts'
import { openEnvelope, sealEnvelope } from '../envelope.ts'
import { statement } from '../statement.ts'
import type { Unit } from '../unit.ts'

type SameControlId = { tenant: number; controlKey: string; source: string; sender: string }

/** Any message of the sender under this control id, whatever its bytes. */
const findSameId = statement<SameControlId, { seq: number }>((db, arg) =>
  db
    .selectFrom('journal')
    .innerJoin('tenant', 'tenant.id', 'journal.tenant')
    .select('journal.seq')
    .where('journal.tenant', '=', arg('tenant'))
    .where('journal.control_key', '=', arg('controlKey'))
    .where('journal.source', '=', arg('source'))
    .where('journal.sender', '=', arg('sender'))
    .whereRef('journal.received_at_ms', '>=', 'tenant.repeats_from_ms')
    .limit(1),
)

const findRepeat = statement<
  SameControlId & { bodyKey: string },
  { id: string; envelope: Uint8Array }
>((db, arg) =>
  db
    .selectFrom('journal')
    .innerJoin('journal_envelope', 'journal_envelope.seq', 'journal.seq')
    .innerJoin('tenant', 'tenant.id', 'journal.tenant')
    .select(['journal.id', 'journal_envelope.envelope'])
    .where('journal.tenant', '=', arg('tenant'))
    .where('journal.control_key', '=', arg('controlKey'))
    .where('journal.source', '=', arg('source'))
    .where('journal.sender', '=', arg('sender'))
    .where('journal.body_key', '=', arg('bodyKey'))
    .whereRef('journal.received_at_ms', '>=', 'tenant.repeats_from_ms')
    .orderBy('journal.seq', 'desc')
    .limit(1),
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
    bodyKey: string
    charset: string
    flags: string
    sizeBytes: number
    receivedAtMs: number
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
      body_key: arg('bodyKey'),
      charset: arg('charset'),
      flags: arg('flags'),
      size_bytes: arg('sizeBytes'),
      received_at_ms: arg('receivedAtMs'),
      attempts: 0,
    })
    .returning('seq'),
)

const insertEnvelope = statement<{ tenant: number; seq: number; envelope: Uint8Array }>((db, arg) =>
  db
    .insertInto('journal_envelope')
    .values({ tenant: arg('tenant'), seq: arg('seq'), envelope: arg('envelope') }),
)

export const SAME_ID_OTHER_BYTES = 'SAME_ID_OTHER_BYTES'

export async function acceptMessage(unit: Unit, message: NewMessage): Promise<AcceptResult> {
  const { session, vault, tenant } = unit
  const { id, source, sender, controlId, body } = message
  const hasId = controlId !== ''
  const controlKey = hasId ? controlIdKey(vault, controlId) : ''
  const bodyKey = hasId ? vault.blind('body', body) : ''
  const sameId = { tenant, controlKey, source, sender }
  // Without a control id nobody can tell a repeat from a second message that reads the same.
  const isReused = hasId && (await session.first(findSameId, sameId)) !== undefined
  const repeat = isReused ? await session.first(findRepeat, { ...sameId, bodyKey }) : undefined
  if (repeat !== undefined) {
    const { ack } = openEnvelope(vault, repeat.id, repeat.envelope)
    unit.count('repeats', 1)
    unit.audit(auditOf(message, 'message.repeat', repeat.id))
    return { kind: 'repeat', id: repeat.id, ack: ack.slice() }
  }

  const flags = isReused ? [...message.flags, SAME_ID_OTHER_BYTES] : message.flags
  const seq = await journalMessage(unit, message, { controlKey, bodyKey, flags })
  const { ack, peer } = message
  const envelope = sealEnvelope(vault, id, { head: { controlId, peer }, ack, body })
  await session.run(insertEnvelope, { tenant, seq, envelope })
  unit.audit(auditOf(message, 'message.accept', id))
  return { kind: 'accepted', seq, flags }
}

async function journalMessage(
  unit: Unit,
  message: NewMessage,
  keys: {
    readonly controlKey: string
    readonly bodyKey: string
    readonly flags: readonly string[]
  },
): Promise<number> {
  const { refusal, receivedAtMs } = message
  const state = refusal === undefined ? 'received' : 'dead'
  const row = await unit.session.first(insertMessage, {
    tenant: unit.tenant,
    id: message.id,
    state,
    code: refusal?.code ?? null,
    place: refusal?.where ?? null,
    finishedAtMs: refusal === undefined ? null : receivedAtMs,
    source: message.source,
    route: message.route,
    routeVersion: message.routeVersion,
    messageType: message.messageType,
    version: message.version,
    sender: message.sender,
    controlKey: keys.controlKey,
    bodyKey: keys.bodyKey,
    charset: message.charset,
    flags: JSON.stringify(keys.flags),
    sizeBytes: message.body.length,
    receivedAtMs,
  })
  unit.count(`message.${state}`, 1)
  // `returning` on an insert that did not throw gives its row.
  return row!.seq
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
