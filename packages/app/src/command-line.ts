/** Finds the command, runs it and turns failures into one line and an exit code. */
import { isAlmonerError } from '@almoner/core'
import { type Command, helpOf, type Output, readInput } from './command.ts'

/** Loaded when it is asked for, so that a small command does not pay for a large one. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  demo: async () => (await import('./commands/demo.ts')).demo,
  up: async () => (await import('./commands/up.ts')).up,
  check: async () => (await import('./commands/check.ts')).check,
  convert: async () => (await import('./commands/convert.ts')).convert,
  inspect: async () => (await import('./commands/inspect.ts')).inspect,
  send: async () => (await import('./commands/send.ts')).send,
  messages: async () => (await import('./commands/messages.ts')).messages,
  'undo-merge': async () => (await import('./commands/undo-merge.ts')).undoMerge,
  token: async () => (await import('./commands/token.ts')).token,
  bench: async () => (await import('./commands/bench.ts')).bench,
}

const NODE_MAJOR_MIN = 26

export async function runCommandLine(args: readonly string[], output: Output): Promise<0 | 1 | 2> {
  const major = Number(process.versions.node.split('.')[0])
  if (major < NODE_MAJOR_MIN) {
    output.err(`almoner needs Node ${NODE_MAJOR_MIN} or newer; run bin/almoner, which brings it.`)
    return 2
  }
  const [name = 'help', ...rest] = args
  if (['help', '--help', '-h'].includes(name)) {
    output.out(await overview())
    return 0
  }
  const load = COMMANDS[name]
  if (load === undefined) {
    output.err(`APP_BAD_USAGE: There is no command ${JSON.stringify(name)}.`)
    output.err(`Commands: ${Object.keys(COMMANDS).join(', ')}. See almoner help.`)
    return 2
  }
  const command = await load()
  if (rest.includes('--help') || rest.includes('-h')) {
    output.out(helpOf(command))
    return 0
  }
  try {
    return await command.run(readInput(command, rest), output)
  } catch (thrown) {
    if (!isAlmonerError(thrown)) throw thrown
    output.err(`${thrown.code}: ${thrown.message}`)
    output.err(`What to do: ${thrown.operator}`)
    return thrown.code === 'APP_BAD_USAGE' ? 2 : 1
  }
}

async function overview(): Promise<string> {
  const commands = await Promise.all(Object.values(COMMANDS).map((load) => load()))
  const lines = commands.map((one) => `  ${one.name.padEnd(11)} ${one.summary}`)
  return [
    'Almoner, the open integration engine for UK healthcare.',
    '',
    'Usage: almoner COMMAND [options]; every command explains itself with --help.',
    '',
    ...lines,
    '',
  ].join('\n')
}
