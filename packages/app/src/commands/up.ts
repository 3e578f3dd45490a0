/** `almoner up`: runs a site until it is told to stop. */

import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { createLog, systemPorts } from '@almoner/core'
import { badUsage, type Command } from '../command.ts'
import { loadSite, type SiteEnvironment, storageFolder } from '../load-site.ts'
import { watchForEnd } from '../process-life.ts'
import { type RunningSite, runSite } from '../running-site.ts'

export const up: Command = {
  name: 'up',
  summary: 'Run a site until Ctrl-C.',
  usage: 'SITE [options]',
  details: [
    'SITE is a site file or a folder that holds site.ts. The ready file receives',
    '{"http":…,"mllp":{…},"metrics":…,"pid":…} once everything listens, and is removed at the end.',
    '',
    'Example:  almoner up examples/riverside --ready-file /run/riverside.json',
  ],
  flags: {
    'ready-file': { type: 'string', value: 'FILE', doc: 'write addresses here once ready' },
    port: {
      type: 'string',
      multiple: true,
      value: 'NAME=PORT',
      doc: 'another port for a named listener; 0 takes a free one',
    },
    storage: { type: 'string', value: 'FOLDER', doc: 'data folder, instead of the site’s own' },
    'log-level': { type: 'string', value: 'LEVEL', doc: 'debug, info (default), warn or error' },
  },
  run: async (input, output) => {
    const [path] = input.positionals
    if (path === undefined || input.positionals.length > 1) throw badUsage(up, 'name one site')
    const log = createLog({ level: levelOf(input.text('log-level')) })
    const { site } = await loadSite(path, portsGiven(input.texts('port')))
    const ending = watchForEnd()
    const running = await runSite(site, {
      folder: input.text('storage') ?? storageFolder(site),
      ports: systemPorts,
      log,
      onFatal: ending.fail,
    })
    const readyFile = input.text('ready-file')
    if (readyFile !== undefined) writeReady(readyFile, running)
    output.out(`${site.title} is ready: ${running.url}`)
    const end = await ending.ended
    if (readyFile !== undefined) rmSync(readyFile, { force: true })
    await running.stop()
    if (end !== undefined) throw end.failure
    return 0
  },
}

type Level = 'debug' | 'info' | 'warn' | 'error'
const LEVELS: readonly Level[] = ['debug', 'info', 'warn', 'error']

function levelOf(text: string | undefined): Level {
  const level = LEVELS.find((one) => one === (text ?? 'info'))
  if (level === undefined) throw badUsage(up, `--log-level takes ${LEVELS.join(', ')}`)
  return level
}

function portsGiven(settings: readonly string[]): SiteEnvironment {
  const given = new Map(
    settings.map((setting) => {
      const [name = '', port = ''] = setting.split('=')
      if (name === '' || !/^\d{1,5}$/.test(port)) throw badUsage(up, '--port takes NAME=PORT')
      return [name, Number(port)]
    }),
  )
  return { port: (name, usual) => given.get(name) ?? usual }
}

/** Written beside and renamed, so that a reader never sees half of it. */
function writeReady(file: string, running: RunningSite): void {
  const mllp = Object.fromEntries(
    [...running.engine.sources].map(([name, source]) => [name, source.port]),
  )
  const ready = { http: running.url, mllp, metrics: `${running.url}/metrics`, pid: process.pid }
  writeFileSync(`${file}.new`, `${JSON.stringify(ready)}\n`)
  renameSync(`${file}.new`, file)
}
