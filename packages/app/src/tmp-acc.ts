import { mkdtempSync } from 'node:fs'
import { systemPorts, silentLog } from '@almoner/core'
import { openSqliteStore } from '@almoner/store'
import { loadMessages } from './bench/model-message.ts'
const folder = mkdtempSync('/tmp/sb-')
const store = openSqliteStore({ folder, tenant: 't', ports: systemPorts, log: silentLog })
const make = loadMessages('S')
for (const conc of [1, 16, 64]) {
  let i = 0; const N = conc === 1 ? 1500 : 8000; const t = performance.now()
  await Promise.all(Array.from({ length: conc }, async () => { while (i < N) { const n = i++; const body = make(n).frame.subarray(1, -2)
    await store.write('acceptMessage', { id: systemPorts.ids.next(), source: 'pas', route: 'r', routeVersion: '1', receivedAtMs: Date.now(), messageType: 'ADT^A01', version: '2.4', sender: 'PAS|RZZ', controlId: conc + 'S' + n, charset: 'utf-8', peer: 'p', body, ack: Buffer.alloc(150, 'a'), flags: [] }) } }))
  console.log(conc, Math.round(N / ((performance.now() - t) / 1000)))
}
await store.close()
