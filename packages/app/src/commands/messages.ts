/** `almoner messages`: find messages in a site's journal, see one whole. */

import type { MessageDetail, MessageRow, MessageState, Store } from '@almoner/store'
import { APP_ERRORS } from '../app.errors.ts'
import { badUsage, type Command, type CommandInput, type Output, wholeNumber } from '../command.ts'
import { operator } from '../operator.ts'
import { STORAGE_FLAG, withSiteStore } from '../site-store.ts'

const STATES: readonly MessageState[] = ['received', 'done', 'held', 'dead']

export const messages: Command = {
  name: 'messages',
  summary: 'Find messages of a site, or show one whole.',
  usage: 'SITE [ID] [--state …] [--type …] [--source …] [--control-id …] [--patient …]',
  details: [
    'Without ID: the newest messages, one line each, nothing that identifies a patient. With ID: the',
    'message, its acknowledgement, deliveries and audit trail. Each look is audited with the name of',
    'the operating-system user.',
    '',
    'Examples:  almoner messages examples/riverside --state held',
    '           almoner messages examples/riverside 0197…  ',
  ],
  flags: {
    state: { type: 'string', value: 'STATE', doc: STATES.join(', ') },
    type: { type: 'string', value: 'TYPE', doc: 'message type: ADT^A01' },
    source: { type: 'string', value: 'NAME', doc: 'name of the source' },
    'control-id': { type: 'string', value: 'ID', doc: 'MSH-10' },
    patient: { type: 'string', value: 'NUMBER', doc: 'NHS number or local number' },
    count: { type: 'string', value: 'N', doc: 'lines, 1 to 1000; 20 by default' },
    storage: STORAGE_FLAG,
    json: { type: 'boolean', doc: 'one JSON object per line' },
  },
  run: async (input, output) => {
    const [path, id] = input.positionals
    if (path === undefined) throw badUsage(messages, 'name a site')
    await withSiteStore(path, input, (store) =>
      id === undefined ? list(store, input, output) : show(store, id, input, output),
    )
    return 0
  },
}

async function list(store: Store, input: CommandInput, output: Output): Promise<void> {
  const wanted = input.text('state')
  const state = STATES.find((one) => one === wanted)
  if (wanted !== undefined && state === undefined) {
    throw badUsage(messages, `--state takes ${STATES.join(', ')}`)
  }
  const countMax = wholeNumber(messages, input, 'count', { fallback: 20, min: 1, max: 1_000 })
  const filter = {
    state,
    messageType: input.text('type'),
    source: input.text('source'),
    controlId: input.text('control-id'),
    patient: input.text('patient'),
  }
  const rows = await store.view(operator(), 'operations').messages(filter, { countMax })
  if (input.isSet('json')) {
    for (const row of rows) output.out(JSON.stringify(row))
    return
  }
  for (const row of rows) output.out(rowLine(row))
  output.out(rows.length === 0 ? 'No message.' : `${rows.length} messages, newest first.`)
}

function rowLine(row: MessageRow): string {
  const ledger =
    row.ledger === undefined
      ? ''
      : `${row.ledger.mapped}/${row.ledger.ignored}/${row.ledger.unmapped}`
  const deliveries = row.deliveries.map((one) => `${one.destination}: ${one.state}`).join(', ')
  return [
    new Date(row.receivedAtMs).toISOString(),
    row.id,
    row.source.padEnd(8),
    row.messageType.padEnd(8),
    row.state.padEnd(8),
    ledger.padEnd(9),
    row.code ?? deliveries,
  ].join('  ')
}

async function show(store: Store, id: string, input: CommandInput, output: Output): Promise<void> {
  const detail = await store.view(operator(), 'operations').message(id)
  if (detail === undefined) throw APP_ERRORS.error('APP_NOT_FOUND', { where: `message ${id}` })
  if (input.isSet('json')) output.out(JSON.stringify(plain(detail)))
  else for (const line of describe(detail)) output.out(line)
}

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8')

const plain = (detail: MessageDetail) => ({
  ...detail,
  body: textOf(detail.body),
  ack: textOf(detail.ack),
  replies: Object.fromEntries([...detail.replies].map(([key, value]) => [key, textOf(value)])),
})

function describe(detail: MessageDetail): readonly string[] {
  const { row } = detail
  const lines = (bytes: Uint8Array): readonly string[] =>
    textOf(bytes)
      .split(/\r\n|\r|\n/)
      .filter((line) => line !== '')
      .map((line) => `  ${line}`)
  return [
    rowLine(row),
    `route ${row.route} ${detail.routeVersion}, control id ${detail.controlId}, ${detail.charset}, from ${detail.peer}`,
    ...(row.code === undefined
      ? []
      : [`stopped by ${row.code}${row.where ? `: ${row.where}` : ''}`]),
    'Message',
    ...lines(detail.body),
    'Acknowledgement',
    ...lines(detail.ack),
    'Resources',
    ...detail.resources.map(
      (one) => `  ${one.change} ${one.type}/${one.id} version ${one.version}`,
    ),
    'Deliveries',
    ...row.deliveries.map(
      (one) =>
        `  ${one.destination}: ${one.state}, ${one.attempts} attempts, ${one.code ?? 'no error'}, ${one.agreement}`,
    ),
    'Audit',
    ...detail.audit.map(
      (one) =>
        `  ${new Date(one.atMs).toISOString()} ${one.action} ${one.outcome} by ${one.actor.name}`,
    ),
  ]
}
