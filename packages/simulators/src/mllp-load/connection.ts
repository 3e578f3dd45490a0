/** One MLLP connection of the load generator, reading no more of an answer than MSA. */
import type { Socket } from 'node:net'
import { connect } from 'node:net'
import type { Ports } from '@almoner/core'
import type { LoadMessage } from './load-message.ts'

export type LoadConnection = {
  /** The acknowledgement code of the message; undefined when the connection was lost first. */
  readonly exchange: (message: LoadMessage, timeoutMs: number) => Promise<string | undefined>
  readonly close: () => void
}

const END_BLOCK = '\x1c'

export type LoadTarget = {
  readonly host: string
  readonly port: number
  readonly ports: Ports
  readonly halt: AbortController
  /** Why a connection could not be made, or was lost. */
  readonly onFailure: (cause: Error) => void
}

/** Undefined: nobody listens there, or the run was halted. */
export async function connectLoad(to: LoadTarget): Promise<LoadConnection | undefined> {
  const { signal } = to.halt
  if (signal.aborted) return undefined
  const socket = connect({ host: to.host, port: to.port, noDelay: true })
  const halt = () => socket.destroy()
  signal.addEventListener('abort', halt, { once: true })
  socket.once('close', () => signal.removeEventListener('abort', halt))
  socket.on('error', to.onFailure)
  const isOpen = await new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true))
    socket.once('close', () => resolve(false))
  })
  return isOpen ? exchangeOver(socket, to.ports) : undefined
}

type Waiting = { readonly controlId: string; readonly end: (code: string | undefined) => void }

function exchangeOver(socket: Socket, ports: Ports): LoadConnection {
  let answer = ''
  let waiting: Waiting | undefined
  const end = (code: string | undefined): void => {
    const ended = waiting
    waiting = undefined
    ended?.end(code)
  }
  socket.on('data', (chunk: Buffer) => {
    answer += chunk.toString('latin1')
    for (let at = answer.indexOf(END_BLOCK); at !== -1; at = answer.indexOf(END_BLOCK)) {
      const { code, controlId } = readAcknowledgement(answer.slice(0, at))
      answer = answer.slice(at + 1)
      // An answer to something else (the AA after a CA) settles nothing.
      if (controlId === waiting?.controlId) end(code)
    }
  })
  socket.on('close', () => end(undefined))
  return {
    close: () => socket.destroy(),
    exchange: ({ controlId, frame }, timeoutMs) =>
      new Promise((resolve) => {
        if (socket.destroyed) return resolve(undefined)
        const cancel = ports.clock.after(timeoutMs, () => end(undefined))
        waiting = {
          controlId,
          end: (code) => {
            cancel()
            resolve(code)
          },
        }
        socket.write(frame)
      }),
  }
}

/** MSA-1 and MSA-2; the separator is that of the segment. */
function readAcknowledgement(text: string): { readonly code: string; readonly controlId: string } {
  const start = text.indexOf('\rMSA')
  if (start === -1) return { code: '', controlId: '' }
  const separator = text.slice(start + 4, start + 5)
  const [, code = '', controlId = ''] = text
    .slice(start + 1)
    .split('\r', 1)[0]!
    .split(separator)
  return { code, controlId }
}
