/** `almoner send`: an MLLP client that prints one line per acknowledgement. */
import { createLog, isAlmonerError, systemPorts } from '@almoner/core'
import { decodeBytes, parseMessage, readAck, readHeader } from '@almoner/hl7v2'
import { sendFrames, type TlsClientFiles } from '@almoner/transport'
import { badUsage, type Command, type CommandInput } from '../command.ts'
import { type MessageBytes, readMessages } from '../read-messages.ts'

export const send: Command = {
  name: 'send',
  summary: 'Send HL7 v2 messages over MLLP; one ACK line per message.',
  usage: '--to HOST:PORT [--tls-ca FILE] [--tls-cert FILE --tls-key FILE] FILE… | -',
  details: [
    'Messages go one after another over one connection, each after the acknowledgement of the one',
    'before. Exit 1 when any was not accepted (AA or CA). Another machine is reached by TLS only.',
    '',
    'Example:  almoner send --to 127.0.0.1:2575 a01.hl7',
  ],
  flags: {
    to: { type: 'string', value: 'HOST:PORT', doc: 'where the receiver listens' },
    'tls-ca': { type: 'string', value: 'FILE', doc: 'speak TLS; trust this authority (PEM)' },
    'tls-cert': { type: 'string', value: 'FILE', doc: 'our certificate, for mutual TLS (PEM)' },
    'tls-key': { type: 'string', value: 'FILE', doc: 'its key (PEM)' },
    json: { type: 'boolean', doc: 'one JSON object per message: {file, index, controlId, ack, …}' },
  },
  run: async (input, output) => {
    const target = targetOf(input)
    if (input.positionals.length === 0) throw badUsage(send, 'name files, or - for input')
    const log = createLog({ level: 'error' })
    const sent: MessageBytes[] = []
    const outgoing = function* (): Generator<Uint8Array> {
      for (const message of readMessages(input.positionals)) {
        sent.push(message)
        yield message.bytes
      }
    }
    let refusedCount = 0
    for await (const answer of sendFrames(target, outgoing(), { ports: systemPorts, log })) {
      const { file, index, bytes } = sent.at(-1)!
      const ack = readAck(answer)
      const isTaken = ack?.code === 'AA' || ack?.code === 'CA'
      if (!isTaken) refusedCount += 1
      const controlId = controlIdOf(bytes)
      const line = { file, index, controlId, ack: ack?.code ?? 'unreadable', text: ack?.text ?? '' }
      output.out(
        input.isSet('json')
          ? JSON.stringify(line)
          : `${line.ack}  ${controlId}  ${file}, message ${index}  ${line.text}`.trimEnd(),
      )
    }
    return refusedCount === 0 ? 0 : 1
  },
}

function targetOf(input: CommandInput) {
  const to = /^(?:\[(?<v6>[0-9A-Fa-f:]+)\]|(?<name>[^:]+)):(?<port>\d{1,5})$/.exec(
    input.text('to') ?? '',
  )
  const host = to?.groups?.['v6'] ?? to?.groups?.['name']
  if (host === undefined) throw badUsage(send, '--to takes HOST:PORT')
  const [ca, cert, key] = ['tls-ca', 'tls-cert', 'tls-key'].map(input.text)
  const files: TlsClientFiles = {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  }
  const tls = Object.keys(files).length === 0 ? {} : { tls: files }
  return { host, port: Number(to?.groups?.['port']), ...tls }
}

/** For the line a person reads; the client itself checks the acknowledgement's id. */
function controlIdOf(bytes: Uint8Array): string {
  try {
    return readHeader(parseMessage(decodeBytes(bytes).text)).controlId
  } catch (thrown) {
    if (!isAlmonerError(thrown)) throw thrown
    // Not HL7: it is sent all the same, because how the receiver answers that is what is asked.
    return '(no control id)'
  }
}
