/** `almoner inspect`: one message or many, explained leaf by leaf. */
import { isAlmonerError } from '@almoner/core'
import { decodeBytes, explain, parseMessage, problems } from '@almoner/hl7v2'
import { badUsage, type Command, type Output } from '../command.ts'
import { type MessageBytes, readMessages } from '../read-messages.ts'

export const inspect: Command = {
  name: 'inspect',
  summary: 'Explain HL7 v2 messages: names, values and problems.',
  usage: 'FILE… | -  [--json]',
  details: [
    'Values are printed as they are: mind who reads your terminal. Problems never stop it; only what',
    'is not HL7 v2 at all gives exit 1.',
    '',
    'Example:  almoner inspect a01.hl7',
  ],
  flags: { json: { type: 'boolean', doc: 'one JSON object per message and line' } },
  run: async (input, output) => {
    if (input.positionals.length === 0) throw badUsage(inspect, 'name files, or - for input')
    let badCount = 0
    for (const source of readMessages(input.positionals)) {
      if (!inspectOne(source, input.isSet('json'), output)) badCount += 1
    }
    return badCount === 0 ? 0 : 1
  },
}

function inspectOne(
  { file, index, bytes }: MessageBytes,
  isJson: boolean,
  output: Output,
): boolean {
  const decoded = decodeBytes(bytes)
  try {
    const message = parseMessage(decoded.text)
    const leaves = explain(message)
    const found = [
      ...decoded.problems.map(({ code, where }) => ({ code, position: where, sentence: '' })),
      ...problems(message),
    ]
    if (isJson) {
      const { charset } = decoded
      output.out(JSON.stringify({ file, index, ok: true, charset, leaves, problems: found }))
      return true
    }
    output.out(`${file}, message ${index}: ${message.segments.length} segments, ${decoded.charset}`)
    let segment = ''
    for (const leaf of leaves) {
      const name = leaf.path.split('-')[0]!
      if (name !== segment) output.out(`\n${name}  ${leaf.segmentTitle}`)
      segment = name
      const label = [leaf.name, leaf.componentName].filter((part) => part).join(', ')
      output.out(`  ${leaf.path.padEnd(14)} ${label.padEnd(44)} ${JSON.stringify(leaf.text)}`)
    }
    output.out(`\n${found.length} problems`)
    for (const problem of found) {
      const { position, code, sentence } = problem
      output.out(`  ${position.padEnd(14)} ${code}  ${sentence}`.trimEnd())
    }
    output.out('')
    return true
  } catch (thrown) {
    if (!isAlmonerError(thrown)) throw thrown
    const error = { code: thrown.code, message: thrown.message, where: thrown.where }
    if (isJson) output.out(JSON.stringify({ file, index, ok: false, error }))
    else output.err(`${thrown.code}: ${thrown.message} (${file}, message ${index})`)
    return false
  }
}
