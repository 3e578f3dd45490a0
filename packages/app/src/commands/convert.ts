/** `almoner convert`: HL7 v2 messages to FHIR, each by itself, without a store. */
import { type AlmonerError, isAlmonerError } from '@almoner/core'
import { contextOf, takes } from '@almoner/engine'
import type { Bundle } from '@almoner/fhir'
import { decodeBytes, parseMessage, readHeader } from '@almoner/hl7v2'
import { draftsToBundle, type LedgerEntry, type Mapped, toFhir, ukCore } from '@almoner/mapping'
import { badUsage, type Command, type Output } from '../command.ts'
import { loadSite, usualPorts } from '../load-site.ts'
import { type MessageBytes, readMessages } from '../read-messages.ts'

export const convert: Command = {
  name: 'convert',
  summary: 'Convert HL7 v2 messages to FHIR R4 UK Core Bundles.',
  usage: 'FILE… | -  [--ledger] [--json] [--site SITE]',
  details: [
    'Each message becomes one Bundle; a bad message is reported and the next goes on. Exit 1 when any',
    'was bad. With --ledger each populated leaf of the message is accounted for: mapped (to which',
    'element, by which rule), ignored (by which rule, why) or unmapped. With --json one line per',
    'message: {file, index, ok, output, ledger, error}.',
    '',
    'Examples:  almoner convert a01.hl7',
    '           almoner convert --ledger a01.hl7',
    '           cat *.hl7 | almoner convert --json -',
  ],
  flags: {
    ledger: { type: 'boolean', doc: 'print what became of every leaf' },
    json: { type: 'boolean', doc: 'one JSON object per message and line' },
    to: { type: 'string', value: 'FORMAT', doc: 'fhir (the only one at present)' },
    site: {
      type: 'string',
      value: 'SITE',
      doc: 'use the route of this site that takes the message',
    },
    organisation: {
      type: 'string',
      value: 'ODS',
      doc: 'sender of numbers that name nobody, when MSH-4 is empty',
    },
  },
  run: async (input, output) => {
    if (input.positionals.length === 0) throw badUsage(convert, 'name files, or - for input')
    if ((input.text('to') ?? 'fhir') !== 'fhir') throw badUsage(convert, '--to takes fhir')
    const map = await mapperFor(input.text('site'), input.text('organisation') ?? 'UNKNOWN')
    const isJson = input.isSet('json')
    const print = isJson ? printJson : input.isSet('ledger') ? printLedger : printBundle
    let badCount = 0
    for (const source of readMessages(input.positionals)) {
      const result = convertOne(source, map)
      if (!result.ok) badCount += 1
      print(result, output)
    }
    return badCount === 0 ? 0 : 1
  },
}

type Converted = {
  readonly file: string
  readonly index: number
} & (
  | { readonly ok: true; readonly output: Bundle; readonly mapped: Mapped; readonly title: string }
  | { readonly ok: false; readonly error: AlmonerError }
)

type MapText = (text: string) => { readonly mapped: Mapped; readonly title: string }

/** The mapping of a site's own route, or UK Core with defaults. */
async function mapperFor(sitePath: string | undefined, organisation: string): Promise<MapText> {
  const site = sitePath === undefined ? undefined : (await loadSite(sitePath, usualPorts)).site
  const mapper = toFhir(ukCore)
  return (text) => {
    const message = parseMessage(text)
    const header = readHeader(message)
    const title = `${header.messageType}^${header.trigger} ${header.version}`
    const route = site?.routes.find((one) => takes(one, header))
    const context =
      site === undefined ? { organisation, timeZone: 'Europe/London' } : contextOf(site, route)
    return { mapped: (route?.steps[0] ?? mapper).map(message, context), title }
  }
}

function convertOne({ file, index, bytes }: MessageBytes, map: MapText): Converted {
  try {
    const { mapped, title } = map(decodeBytes(bytes).text)
    return { file, index, ok: true, output: draftsToBundle(mapped.drafts), mapped, title }
  } catch (error) {
    if (!isAlmonerError(error)) throw error
    return { file, index, ok: false, error }
  }
}

const errorOf = ({ code, message, where, operator }: AlmonerError) => ({
  code,
  message,
  where,
  operator,
})

function printJson(result: Converted, output: Output): void {
  const { file, index } = result
  if (!result.ok) {
    output.out(JSON.stringify({ file, index, ok: false, error: errorOf(result.error) }))
    return
  }
  const { ledger, flags } = result.mapped
  const { mapped, ignored, unmapped } = ledger
  const entries = ledger.entries().map(({ start: _start, end: _end, ...entry }) => entry)
  output.out(
    JSON.stringify({
      file,
      index,
      ok: true,
      output: result.output,
      ledger: { mapped, ignored, unmapped, entries },
      flags,
    }),
  )
}

function printError(result: Converted & { readonly ok: false }, output: Output): void {
  const { file, index, error } = result
  output.err(`${error.code}: ${error.message} (${file}, message ${index})`)
}

function printBundle(result: Converted, output: Output): void {
  if (result.ok) output.out(JSON.stringify(result.output, null, 2))
  else printError(result, output)
}

function printLedger(result: Converted, output: Output): void {
  if (!result.ok) {
    printError(result, output)
    return
  }
  const { ledger, flags } = result.mapped
  output.out(`${result.file}, message ${result.index}: ${result.title}`)
  for (const entry of ledger.entries()) output.out(ledgerLine(entry))
  for (const flag of flags) output.out(`  note      ${flag.where.padEnd(16)} ${flag.code}`)
  output.out(
    `  ${ledger.mapped} mapped, ${ledger.ignored} ignored by rule, ${ledger.unmapped} unmapped`,
  )
  output.out('')
}

function ledgerLine({ fate, path, target, rule, why }: LedgerEntry): string {
  const meaning = fate === 'mapped' ? `→ ${target ?? ''}` : why === undefined ? '' : `(${why})`
  return `  ${fate.padEnd(9)} ${path.padEnd(16)} ${meaning} [${rule}]`
}
