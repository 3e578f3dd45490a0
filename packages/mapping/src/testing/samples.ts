/** Messages and shorthands for the tests of this room. All patients are invented. */
import { applyDraft, type Draft, type Resource, resolveReferences, valueAt } from '@almoner/fhir'
import { parseMessage } from '@almoner/hl7v2'
import { type Mapped, type Mapper, toFhir } from '../mapper.ts'
import type { LedgerEntry } from '../rule/ledger.ts'
import type { MapContext } from '../rule/sender.ts'
import { ukCore } from '../uk/uk-core.ts'

export const CONTEXT: MapContext = { organisation: 'RXX', timeZone: 'Europe/London' }

/** Compiled once: a mapper keeps nothing of a message. */
export const mapper: Mapper = toFhir(ukCore)

/** Segments as lines. */
export const lines = (...segments: readonly string[]): string =>
  segments.map((line) => `${line}\r`).join('')

export const mapText = (text: string, context: MapContext = CONTEXT): Mapped =>
  mapper.map(parseMessage(text), context)

/** An ADT message around a PID; further segments follow. */
export const adt = (event: string, pid: string, ...more: readonly string[]): string =>
  lines(
    `MSH|^~\\&|PAS|RXX|EPR|RXX|20240710141800||ADT^${event}|M1|P|2.4`,
    `EVN|${event}|20240710141500||||20240710140000`,
    pid,
    ...more,
  )

export const PID = 'PID|1||4821976^^^RXX^MR||SMITH^ANN'

export const oru = (...segments: readonly string[]): string =>
  lines('MSH|^~\\&|LIMS|RXX|EPR|RXX|20240710141800||ORU^R01|M2|P|2.3.1', ...segments)

export function draftNamed(mapped: Mapped, name: string): Draft {
  const draft = mapped.drafts.find((one) => one.name === name)
  if (draft === undefined) throw new Error(`no draft ${name}`)
  return draft
}

/** The resource that one draft makes alone. */
export const resourceNamed = (mapped: Mapped, name: string): Resource =>
  applyDraft(undefined, draftNamed(mapped, name))

/** The element at a path such as `identifier[0].value`. */
export const elementAt = (resource: unknown, path: string): unknown =>
  valueAt(resource, path.replaceAll(/\[(\d+)\]/g, '.$1'))

export function entryAt(mapped: Mapped, path: string): LedgerEntry {
  const entry = mapped.ledger.entries().find((one) => one.path === path)
  if (entry === undefined) throw new Error(`no leaf ${path}`)
  return entry
}

/** The value that the ledger says a leaf became. */
export function mappedValue(mapped: Mapped, path: string): unknown {
  const { target } = entryAt(mapped, path)
  if (target === undefined) return undefined
  const dot = target.indexOf('.')
  return elementAt(resourceNamed(mapped, target.slice(0, dot)), target.slice(dot + 1))
}

/** Fields by number, for segments whose fields stand far apart. */
export function segment(name: string, fields: Readonly<Record<number, string>>): string {
  const last = Math.max(...Object.keys(fields).map(Number))
  return [name, ...Array.from({ length: last }, (_, at) => fields[at + 1] ?? '')].join('|')
}

/** What a store would hold after several messages: each resource under its first identifier. */
export function applyAll(texts: readonly string[]): ReadonlyMap<string, Resource> {
  const stored = new Map<string, Resource>()
  for (const text of texts) {
    const { drafts } = mapText(text)
    const ids = new Map(drafts.map((draft) => [draft.name, idOf(draft)]))
    for (const draft of drafts) {
      const resolved = resolveReferences(draft.slots, (name) => ids.get(name))
      const id = idOf(draft)
      stored.set(id, applyDraft(stored.get(id), { ...draft, slots: resolved }))
    }
  }
  return stored
}

const idOf = ({ name, type, identity: [key] }: Draft): string =>
  `${type}/${key === undefined ? name : key.value}`
