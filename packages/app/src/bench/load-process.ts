/** The load generator as a process of its own; its options come as JSON, its figures go as JSON. */
import { systemPorts } from '@almoner/core'
import { runLoad } from '@almoner/simulators'
import { loadMessages } from './model-message.ts'

export type LoadRequest = {
  readonly port: number
  readonly connections: number
  readonly seconds: number
  /** Starts every control id, so that no run repeats another's. */
  readonly prefix: string
}

// The parent passes exactly this (bench.ts).
const request = JSON.parse(process.argv[2] ?? '') as LoadRequest
const { port, connections, seconds, prefix } = request
const result = await runLoad({
  host: '127.0.0.1',
  port,
  connections,
  outstanding: 1,
  seconds,
  makeMessage: loadMessages(prefix),
  ports: systemPorts,
})
process.stdout.write(JSON.stringify(result))
