import { mkdtempSync } from 'node:fs'
import { systemPorts, silentLog, systemRandom } from '@almoner/core'
import { parseMessage, decodeBytes } from '@almoner/hl7v2'
import { toFhir, ukCore } from '@almoner/mapping'
import { openSqliteStore } from '../../store/src/index.ts'
import { openSqliteFile } from '../../store/src/sqlite-file.ts'
import { sqliteSession } from '../../store/src/sqlite-session.ts'
import { createGroupCommit } from '../../store/src/group-commit.ts'
import { createResourceCache } from '../../store/src/resource-cache.ts'
import { createVault, openKeyring } from '@almoner/vault'
import { loadMessages } from './bench/model-message.ts'
const folder = mkdtempSync('/tmp/sb-')
const s0 = openSqliteStore({ folder, tenant: 't', ports: systemPorts, log: silentLog }); await s0.close()
const db = openSqliteFile(folder + '/almoner.db', 'write')
const commit = createGroupCommit(db, { session: sqliteSession(db), vault: createVault(openKeyring(folder + '/keyring.json', { random: systemRandom, create: false }), { random: systemRandom }), tenant: 1, cache: createResourceCache(5000) } as never)
const make = loadMessages('S'); const mapper = toFhir(ukCore); const ctx = { organisation: 'RZZ', timeZone: 'Europe/London' }
const N = Number(process.argv[2] ?? 6000), G = 16
const t = { accept: 0, map: 0, commit: 0, turn: 0 }
let seq = 0, draftCount = 0
for (let i = 0; i < N; i += G) {
  const bodies = Array.from({ length: G }, (_, j) => make(i + j).frame.subarray(1, -2))
  let a = performance.now()
  const ids = bodies.map(() => systemPorts.ids.next())
  const acc = await commit(bodies.map((body, j) => ({ name: 'acceptMessage', args: { id: ids[j], source: 'pas', route: 'r', routeVersion: '1', receivedAtMs: Date.now(), messageType: 'ADT^A01', version: '2.4', sender: 'PAS|RZZ', controlId: 'S' + (i + j), charset: 'utf-8', peer: 'p', body, ack: Buffer.alloc(150, 'a'), flags: [] } })) as never)
  let b = performance.now(); t.accept += b - a; a = b
  const mapped = bodies.map((x) => mapper.map(parseMessage(decodeBytes(x).text), ctx))
  b = performance.now(); t.map += b - a; a = b
  const seqs = acc.map((x) => (x as { value: { seq: number } }).value.seq)
  const dids = bodies.map(() => systemPorts.ids.next())
  const r = await commit(mapped.map((m, j) => ({ name: 'commitMessage', args: { seq: seqs[j], id: ids[j], route: 'r', routeVersion: '1', purpose: 'direct-care', atMs: Date.now(), patientKeys: ['k' + ((i + j) % 500), 'l' + ((i + j) % 500)], drafts: m.drafts, newIds: m.drafts.map(() => systemPorts.ids.next()), ledger: { mapped: m.ledger.mapped, ignored: m.ledger.ignored, unmapped: m.ledger.unmapped, unmappedPaths: m.ledger.unmappedPaths }, deliveries: [{ id: dids[j], destination: 'hub', laneKeys: ['k'], payload: 'original', agreement: 'A' }] } })) as never)
  draftCount += mapped.reduce((n, m) => n + m.drafts.length, 0)
  if (r.some((x) => 'error' in x)) { console.log(r.find((x) => 'error' in x)); process.exit(1) }
  b = performance.now(); t.commit += b - a; a = b
  const base = { destination: 'hub', recipient: 'R', agreement: 'A', purpose: 'd', atMs: 1, state: 'delivered', code: undefined, dueAtMs: 1, maybeSent: false, reply: Buffer.alloc(150, 'a') }
  for (let j = 0; j < G; j += 4) {
    await commit([0, 1, 2, 3].map((k) => ({ name: 'turnDelivery', args: { settle: undefined, claim: { seq: seq + j + k + 1, atMs: 1 } } })) as never)
    await commit([0, 1, 2, 3].map((k) => ({ name: 'turnDelivery', args: { settle: { ...base, seq: seq + j + k + 1, id: dids[j + k], messageId: ids[j + k], attempt: 1 }, claim: undefined } })) as never)
  }
  seq += G
  t.turn += performance.now() - a
}
for (const [k, v] of Object.entries(t)) console.log(k, ((v / N) * 1000).toFixed(0), 'us per message')
console.log('drafts per message', draftCount / N)
