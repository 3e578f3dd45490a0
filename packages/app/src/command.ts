/** The shape of a command and how its options are read and explained. */
import { type ParseArgsConfig, parseArgs } from 'node:util'
import { APP_ERRORS } from './app.errors.ts'

export type Output = {
  /** Results, for people or programs. */
  readonly out: (text: string) => void
  /** Progress and errors. */
  readonly err: (text: string) => void
}

export type Flag = {
  readonly type: 'string' | 'boolean'
  readonly multiple?: boolean
  /** Name of the value in the help: `FILE`. */
  readonly value?: string
  readonly doc: string
}

export type CommandInput = {
  readonly positionals: readonly string[]
  readonly text: (name: string) => string | undefined
  readonly texts: (name: string) => readonly string[]
  readonly isSet: (name: string) => boolean
}

export type Command = {
  readonly name: string
  /** One line for the list of commands. */
  readonly summary: string
  /** What follows the name: `FILE… | -`. */
  readonly usage: string
  /** More sentences and examples for `--help`. */
  readonly details: readonly string[]
  readonly flags: Readonly<Record<string, Flag>>
  /** Exit code: 0 done, 1 refused or failed, 2 called wrongly. */
  readonly run: (input: CommandInput, output: Output) => Promise<0 | 1 | 2>
}

/** @throws APP_BAD_USAGE naming what was wrong with the call. */
export function readInput(command: Command, args: readonly string[]): CommandInput {
  const options: NonNullable<ParseArgsConfig['options']> = Object.fromEntries(
    Object.entries(command.flags).map(([name, flag]) => [
      name,
      { type: flag.type, multiple: flag.multiple ?? false },
    ]),
  )
  try {
    const parsed = parseArgs({ args: [...args], options, allowPositionals: true, strict: true })
    const values = parsed.values as Readonly<Record<string, string | boolean | string[]>>
    const texts = (name: string): readonly string[] =>
      [values[name] ?? []].flat().filter((value) => typeof value === 'string')
    return {
      positionals: parsed.positionals,
      text: (name) => texts(name)[0],
      texts,
      isSet: (name) => values[name] === true,
    }
  } catch (thrown) {
    const where = thrown instanceof Error ? thrown.message.split('. ')[0] : undefined
    throw badUsage(command, where ?? 'the options')
  }
}

export const badUsage = (command: Command, where: string): Error =>
  APP_ERRORS.error('APP_BAD_USAGE', { where: `almoner ${command.name}: ${where}` })

export function helpOf(command: Command): string {
  const flags = Object.entries(command.flags).map(([name, flag]) => {
    const left = `  --${name}${flag.type === 'string' ? ` ${flag.value ?? 'VALUE'}` : ''}`
    return `${left.padEnd(24)} ${flag.doc}`
  })
  return [
    `${command.summary}`,
    '',
    `Usage: almoner ${command.name} ${command.usage}`.trimEnd(),
    ...(flags.length > 0 ? ['', 'Options:', ...flags] : []),
    ...(command.details.length > 0 ? ['', ...command.details] : []),
    '',
  ].join('\n')
}

/** A whole number option within bounds. */
export function wholeNumber(
  command: Command,
  input: CommandInput,
  name: string,
  bounds: { readonly fallback: number; readonly min: number; readonly max: number },
): number {
  const text = input.text(name)
  if (text === undefined) return bounds.fallback
  const value = Number(text)
  if (Number.isInteger(value) && value >= bounds.min && value <= bounds.max) return value
  throw badUsage(command, `--${name} takes a whole number from ${bounds.min} to ${bounds.max}`)
}
