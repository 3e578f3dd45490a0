/**
 * The crash proof: a load over many connections while the engine is killed with `kill -9` again
 * and again. What must hold afterwards stands in `findings`; each line is one promise.
 *
 * Run: npm run proof:crash -- --kills 20 --messages 5000 --connections 16 --seed 1
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { seededRandom, silentLog, systemPorts } from '@almoner/core'
import { type Received, runLoad, startReceiver } from '@almoner/simulators'
import { findings } from './findings.ts'
import { type SentMessage, sentMessage } from './sent-message.ts'
import { type Server, sleep, startServer, stopServer } from './server.ts'

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '10' },
    messages: { type: 'string', default: '5000' },
    connections: { type: 'string', default: '16' },
    seed: { type: 'string', default: '1' },
  },
})
const killCount = Number(values.kills)
const messageCount = Number(values.messages)
const connectionCount = Number(values.connections)
const random = seededRandom(Number(values.seed))
const PATIENTS_PER_CONNECTION = 8
const DRAIN_TRIES = 1_200

const folder = mkdtempSync(join(tmpdir(), 'almoner-crash-'))
const receiver = await startReceiver({ ports: systemPorts, log: silentLog, keepMax: 1_000_000 })
const server = { folder, inPort: await freePort(), sinkPort: receiver.port }
const acked = new Set<string>()
const sent = new Map<string, SentMessage>()
let current: Server = await startServer(server)
console.log(
  `${messageCount} messages over ${connectionCount} connections, ${killCount} kills, seed ${values.seed}`,
)

const load = Promise.all(Array.from({ length: connectionCount }, (_, at) => sendOn(at)))
await killAgainAndAgain()
await load
await drained()
await stopServer(current, 'SIGTERM')
await receiver.stop()

const received: readonly Received[] = receiver.received
const results = await findings({ folder: join(folder, 'data'), sent, acked, received })
for (const { promise, fault } of results) {
  console.log(`${fault === undefined ? 'ok    ' : 'FAILED'} ${promise}${fault ? `: ${fault}` : ''}`)
}
rmSync(folder, { recursive: true, force: true })
const failed = results.filter((one) => one.fault !== undefined).length
console.log(`${results.length - failed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1

/** One connection sends the updates of its own patients, one after another, until ACKed. */
async function sendOn(connection: number): Promise<void> {
  const messages = Math.ceil((messageCount - connection) / connectionCount)
  await runLoad({
    host: '127.0.0.1',
    port: server.inPort,
    connections: 1,
    outstanding: 1,
    messages,
    ports: systemPorts,
    reconnectMs: 20,
    makeMessage: (i) => {
      const patient = `M${String(connection).padStart(2, '0')}${i % PATIENTS_PER_CONNECTION}`
      const message = sentMessage(patient, Math.floor(i / PATIENTS_PER_CONNECTION))
      sent.set(message.controlId, message)
      return message
    },
    onAck: (controlId) => void acked.add(controlId),
  })
}

/** A kill after a random share of the load, spread over all of it. */
async function killAgainAndAgain(): Promise<void> {
  for (let kill = 0; kill < killCount; kill += 1) {
    const after = ((kill + random.unit()) / killCount) * messageCount
    while (acked.size < Math.min(after, messageCount - 1)) await sleep(1)
    await sleep(Math.floor(random.unit() * 20))
    await stopServer(current, 'SIGKILL')
    current = await startServer(server)
  }
}

async function drained(): Promise<void> {
  const ids = new Set<string>()
  let read = 0
  for (let tries = 0; tries < DRAIN_TRIES; tries += 1) {
    for (; read < receiver.received.length; read += 1) ids.add(receiver.received[read]!.controlId)
    if (acked.isSubsetOf(ids)) {
      // The last settlements are still being written when the last message arrives.
      await sleep(1_000)
      return
    }
    await sleep(50)
  }
  console.log('it did not drain in time; the findings say what is missing')
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      probe.close(() => resolve(port))
    })
  })
}
