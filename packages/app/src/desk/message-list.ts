/** The list of messages: filters, counters, pages by keyset, and the fragment that keeps it live. */
import { reveal } from '@almoner/core'
import type { MessageFilter, MessageRow } from '@almoner/store'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { fromStore } from '../http/failure.ts'
import type { Desk } from './desk-deps.ts'
import { createPatientSearches, type PatientSearches, typedIdentifier } from './patient-searches.ts'
import { formField, requireFormToken, sessionOf, viewOf } from './session.ts'
import { DELIVERY_STATES, isDeliveryState, isMessageState, MESSAGE_STATES } from './states.ts'

const PAGE_ROWS = 50
const FILTER_NAMES = ['state', 'source', 'type', 'control', 'delivery'] as const
const FILTER_CHARS_MAX = 100

/** The filters as typed; none of them identifies a patient, so they may be in the address. */
type Typed = Readonly<Record<(typeof FILTER_NAMES)[number], string>>

export function addMessageList(app: FastifyInstance, desk: Desk): void {
  const searches = createPatientSearches(desk.ports)

  app.get('/messages', async (request, reply) => {
    const list = await readList(desk, searches, request)
    return desk.render(request, reply, 'messages.njk', {
      ...list,
      page: 'messages',
      sources: desk.site.sources.map(({ name }) => name),
      messageStates: MESSAGE_STATES,
      deliveryStates: DELIVERY_STATES,
    })
  })

  // The first page again, as a fragment. It is one more look at the list, and audited as one.
  app.get('/messages/rows', async (request, reply) => {
    const list = await readList(desk, searches, request)
    return desk.render(request, reply, 'parts/message-rows.njk', list)
  })

  app.post('/messages/search', async (request, reply) => {
    requireFormToken(request)
    const identifier = typedIdentifier(formField(request, 'patient').slice(0, FILTER_CHARS_MAX))
    const query = new URLSearchParams()
    for (const name of FILTER_NAMES) {
      const value = formField(request, name).slice(0, FILTER_CHARS_MAX)
      if (value !== '') query.set(name, value)
    }
    if (identifier !== '') {
      query.set('search', searches.keep(identifier, sessionOf(request).access.id))
    }
    return redirectToList(reply, query)
  })
}

const redirectToList = (reply: FastifyReply, query: URLSearchParams): FastifyReply =>
  reply.redirect(query.size === 0 ? '/desk/messages' : `/desk/messages?${query}`, 303)

async function readList(desk: Desk, searches: PatientSearches, request: FastifyRequest) {
  const query = new URLSearchParams(request.raw.url?.split('?')[1] ?? '')
  const typed = readTyped(query)
  const searchId = query.get('search') ?? ''
  const patient =
    searchId === '' ? undefined : searches.find(searchId, sessionOf(request).access.id)
  const isExpired = searchId !== '' && patient === undefined
  const beforeSeq = readSeq(query.get('before'))
  const filter: MessageFilter = {
    ...toFilter(typed),
    ...(patient === undefined ? {} : { patient: reveal(patient) }),
  }
  // A search that is no longer kept shows nothing, rather than everybody's messages.
  const rows = isExpired
    ? []
    : await fromStore(() =>
        viewOf(desk, request).messages(filter, {
          countMax: PAGE_ROWS + 1,
          ...(beforeSeq === undefined ? {} : { beforeSeq }),
        }),
      )
  const counts = await fromStore(() => desk.store.counts())
  const shown = rows.slice(0, PAGE_ROWS)
  const own = new URLSearchParams(
    FILTER_NAMES.flatMap((name) => (typed[name] === '' ? [] : [[name, typed[name]]])),
  )
  if (patient !== undefined) own.set('search', searchId)
  return {
    rows: shown.map(listRow),
    typed,
    search: patient === undefined ? '' : searchId,
    patient: patient === undefined ? '' : reveal(patient),
    isExpired,
    isFiltered: own.size > 0,
    isFirstPage: beforeSeq === undefined,
    query: own.toString(),
    olderQuery: rows.length > PAGE_ROWS ? olderQuery(own, shown) : undefined,
    counts,
    nowMs: desk.ports.clock.nowMs(),
  }
}

function olderQuery(own: URLSearchParams, shown: readonly MessageRow[]): string {
  const query = new URLSearchParams(own)
  query.set('before', String(shown.at(-1)!.seq))
  return query.toString()
}

/** A delivery list of a line: the states that matter, with how many are in each. */
function listRow(row: MessageRow) {
  const byState = Map.groupBy(row.deliveries, ({ state }) => state)
  const deliveries = [...byState].map(([state, some]) => ({
    state,
    count: some.length,
    names: some.map(({ destination }) => destination).join(', '),
  }))
  const code = row.code ?? row.deliveries.find((one) => one.code !== undefined)?.code
  return { ...row, deliverySummary: deliveries, shownCode: code }
}

function readTyped(query: URLSearchParams): Typed {
  const value = (name: string): string => (query.get(name) ?? '').trim().slice(0, FILTER_CHARS_MAX)
  const { state, source, type, control, delivery } = Object.fromEntries(
    FILTER_NAMES.map((name) => [name, value(name)]),
  ) as Typed // made from the very list of its keys
  return {
    state: isMessageState(state) ? state : '',
    source,
    type,
    control,
    delivery: isDeliveryState(delivery) ? delivery : '',
  }
}

function toFilter(typed: Typed): MessageFilter {
  return {
    ...(isMessageState(typed.state) ? { state: typed.state } : {}),
    ...(typed.source === '' ? {} : { source: typed.source }),
    ...(typed.type === '' ? {} : { messageType: typed.type.toUpperCase() }),
    ...(typed.control === '' ? {} : { controlId: typed.control }),
    ...(isDeliveryState(typed.delivery) ? { delivery: typed.delivery } : {}),
  }
}

const readSeq = (text: string | null): number | undefined =>
  text !== null && /^\d{1,15}$/.test(text) ? Number(text) : undefined
