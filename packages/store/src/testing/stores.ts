/**
 * Every way to open a store. The tests of what a store promises are written over a way to open
 * one and run on all of these, so that each database keeps the same promises.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { after, describe } from 'node:test'
import { type Ports, seededPorts, silentLog, type VirtualClock, virtualClock } from '@almoner/core'
import type { Store } from '../contract.ts'
import { DATABASE_FILE, openSqliteStore } from '../sqlite-store.ts'

export type Row = Readonly<Record<string, unknown>>

export type OpenedStore = {
  /** The store as it is open now; `reopen` puts another in its place. */
  readonly store: Store
  readonly ports: Ports & { readonly clock: VirtualClock }
  /** What `onFatal` was called with. */
  readonly fatal: readonly unknown[]
  /** Closes the store and opens it again over the same data. */
  readonly reopen: () => Promise<void>
  /** Runs SQL past the store, as someone with the database's password could. */
  readonly sql: (text: string, ...values: readonly SQLInputValue[]) => readonly Row[]
  /** Every byte that lies on the disk, as a dump or a stolen disk would show it. */
  readonly bytes: () => Buffer
  /** Where it lies, for what only files have. */
  readonly folder: string
}

export type OpenOptions = { readonly pagesMax?: number }
export type OpenStore = (options?: OpenOptions) => Promise<OpenedStore>

export const START_MS = Date.UTC(2026, 0, 1)
export const TENANT = 'RXX'

type Disposable = OpenedStore & { readonly dispose: () => Promise<void> }
type StoreMaker = {
  readonly name: string
  readonly open: (options: OpenOptions) => Promise<Disposable>
}

const STORES: readonly StoreMaker[] = [{ name: 'SQLite', open: openSqlite }]

/**
 * Runs tests on every kind of store. `shared` gives one store for all tests of the suite, `open`
 * a fresh one; both are closed and deleted at its end.
 */
export function onEveryStore(
  title: string,
  define: (stores: { readonly open: OpenStore; readonly shared: OpenStore }) => void,
): void {
  for (const maker of STORES) {
    describe(`${title} (${maker.name})`, () => {
      const opened: Promise<Disposable>[] = []
      const open: OpenStore = (options = {}) => {
        const one = maker.open(options)
        opened.push(one)
        return one
      }
      let first: Promise<OpenedStore> | undefined
      const shared: OpenStore = (options) => {
        first ??= open(options)
        return first
      }
      after(async () => {
        for (const one of opened) await (await one).dispose()
      })
      define({ open, shared })
    })
  }
}

async function openSqlite(options: OpenOptions): Promise<Disposable> {
  const folder = mkdtempSync(join(tmpdir(), 'almoner-store-'))
  const ports = { ...seededPorts(7, virtualClock(START_MS)), clock: virtualClock(START_MS) }
  const fatal: unknown[] = []
  const open = (): Store =>
    openSqliteStore({
      folder,
      tenant: TENANT,
      ports,
      log: silentLog,
      onFatal: (error) => void fatal.push(error),
      ...options,
    })
  let store = open()
  return {
    get store() {
      return store
    },
    ports,
    fatal,
    folder,
    reopen: async () => {
      await store.close()
      store = open()
    },
    sql: (text, ...values) => {
      const database = new DatabaseSync(join(folder, DATABASE_FILE), { timeout: 5_000 })
      try {
        return database.prepare(text).all(...values)
      } finally {
        database.close()
      }
    },
    bytes: () =>
      Buffer.concat(
        readdirSync(folder)
          .filter((name) => name.startsWith(DATABASE_FILE))
          .map((name) => readFileSync(join(folder, name))),
      ),
    dispose: async () => {
      await store.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
