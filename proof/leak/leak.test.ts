/**
 * Never in clear: after a busy day nothing on the disk and nothing in the log tells of a patient.
 * Every name, address, phone and number of the feed is looked for in every byte that was written.
 */
import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { loadSite, runSite } from '@almoner/app'
import { createLog, silentLog, systemPorts } from '@almoner/core'
import {
  fixedDay,
  namesInFeed,
  playFeed,
  RIVERSIDE,
  startReceiver,
  supplyOf,
} from '@almoner/simulators'

const SITE = new URL('../../examples/riverside', import.meta.url).pathname
/** Shorter values occur by chance in random bytes. */
const LENGTH_MIN = 5

test('no patient of the feed can be read in the database, its journals or the log', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'almoner-leak-'))
  const log = createLog({ level: 'debug', to: join(folder, 'almoner.log') })
  const ports = systemPorts
  const receiver = await startReceiver({ ports, log: silentLog })
  const port = (name: string): number => (name === 'data-hub' ? receiver.port : 0)
  const { site } = await loadSite(SITE, { port })
  const running = await runSite(site, {
    folder,
    ports,
    log,
    onFatal: (error) => assert.fail(String(error)),
  })
  const day = fixedDay({ seed: 3, startAtMs: Date.UTC(2026, 0, 5), organisation: RIVERSIDE })
  const messages = day.slice(0, 150)
  const target = (name: string) => ({
    host: '127.0.0.1',
    port: running.engine.sources.get(name)!.port,
  })
  try {
    const played = await playFeed({
      feed: supplyOf(messages),
      targets: { pas: target('pas'), lab: target('lab'), epr: target('epr') },
      ratePerSecond: 100_000,
      signal: new AbortController().signal,
      ports,
      log,
      onSent: () => undefined,
    })
    assert.equal(played.acknowledged, messages.length)
    await running.engine.idle()
    await readAsAPerson(running.store)
    // Before the database is closed and its write-ahead log folded in.
    refuseTraces(folder, messages)
  } finally {
    await running.stop()
    await receiver.stop()
  }
  refuseTraces(folder, messages)
  rmSync(folder, { recursive: true })
})

type Running = Awaited<ReturnType<typeof runSite>>

/** Looking at patients writes audit entries; those must not tell either. */
async function readAsAPerson(store: Running['store']): Promise<void> {
  const view = store.view({ kind: 'person', id: 'p1', name: 'Operator' }, 'operations')
  for (const row of await view.messages({}, { countMax: 50 })) await view.message(row.id)
  await view.search({ type: 'Patient', countMax: 50 })
}

function refuseTraces(folder: string, messages: Parameters<typeof namesInFeed>[0]): void {
  const wanted = Object.values(namesInFeed(messages))
    .flatMap((values) => [...values])
    .filter((value) => value.length >= LENGTH_MIN)
  assert.ok(wanted.length > 200)
  const find = finder(
    wanted.flatMap((value) =>
      (['utf8', 'latin1', 'utf16le'] as const).map((encoding) => Buffer.from(value, encoding)),
    ),
  )
  const files = readdirSync(folder).filter((name) => name !== 'keyring.json')
  assert.ok(files.includes('almoner.db') && files.includes('almoner.log'))
  for (const file of files) {
    const at = find(readFileSync(join(folder, file)))
    assert.equal(at, -1, `a value of the feed stands in ${file} at byte ${at}`)
  }
}

/** Where any of many byte strings occurs first, or -1: one pass, by their first four bytes. */
function finder(needles: readonly Buffer[]): (bytes: Buffer) => number {
  const byStart = Map.groupBy(needles, (needle) => needle.readUInt32BE(0))
  return (bytes) => {
    let start = 0
    for (let end = 0; end < bytes.length; end += 1) {
      start = ((start << 8) | bytes[end]!) >>> 0
      const candidates = byStart.get(start)
      if (candidates === undefined || end < 3) continue
      const at = end - 3
      if (candidates.some((one) => bytes.subarray(at, at + one.length).equals(one))) return at
    }
    return -1
  }
}

test('the search would find a value in any of the encodings', () => {
  const find = finder([Buffer.from('ASHWORTH'), Buffer.from('ASHWORTH', 'utf16le')])
  assert.equal(find(Buffer.from('xxASHWORTHxx')), 2)
  assert.equal(find(Buffer.concat([Buffer.of(1), Buffer.from('ASHWORTH', 'utf16le')])), 1)
  assert.equal(find(Buffer.from('xxASHWORTx')), -1)
})
