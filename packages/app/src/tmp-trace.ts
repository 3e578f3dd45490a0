import { mkdtempSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { systemPorts, silentLog } from '@almoner/core'
import { startReceiver, runLoad } from '@almoner/simulators'
import { loadSite } from './load-site.ts'
import { runSite } from './running-site.ts'
import { loadMessages } from './bench/model-message.ts'
import { Worker, isMainThread, workerData } from 'node:worker_threads'
const h = monitorEventLoopDelay({ resolution: 1 }); 
const conc = Number(process.argv[2] ?? 1), secs = 4
const folder = mkdtempSync('/tmp/sb-')
const receiver = await startReceiver({ ports: systemPorts, log: silentLog, keepMax: 1000 })
const { site } = await loadSite('examples/riverside', { port: (n, u) => (n === 'data-hub' ? receiver.port : 0) })
const running = await runSite(site, { folder, ports: systemPorts, log: silentLog, onFatal: console.error })
const w = running.store.write; const t: number[] = []
;(running.store as { write: unknown }).write = async (n: string, a: never) => { const s = performance.now(); const r = await w(n as never, a); if (n === 'acceptMessage') t.push(performance.now() - s); return r }
h.enable()
const r = await runLoad({ host: '127.0.0.1', port: running.engine.sources.get('pas')!.port, connections: conc, outstanding: 1, seconds: secs, makeMessage: loadMessages('Z'), ports: systemPorts })
console.log(r.perSecond, r.latencyMs, 'accept write ms median', t.toSorted((a, b) => a - b)[t.length >> 1], 'p99', t.toSorted((a, b) => a - b)[Math.floor(t.length * .99)])
console.log('loop delay ms mean', h.mean / 1e6, 'p99', h.percentile(99) / 1e6, 'max', h.max / 1e6)
const s = performance.now(); await running.engine.idle(); console.log('drain ms', performance.now() - s, (await running.store.counts()).messages)
await running.stop(); await receiver.stop()
